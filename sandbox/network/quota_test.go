package network

import (
	"errors"
	"net"
	"testing"
)

// held is a connection on which something comes when the test says so.
type held struct {
	net.Conn
	reading chan struct{}
	comes   chan int // bytes
}

func (h *held) Read(p []byte) (int, error) {
	h.reading <- struct{}{}
	n := min(len(p), <-h.comes)
	for i := range n {
		p[i] = 'x'
	}
	return n, nil
}

// TestReadsSideBySide: a connection that waits used to keep the others from what
// is left, as if it had been received already.
func TestReadsSideBySide(t *testing.T) {
	q := NewQuota(Limits{Received: 10})
	type outcome struct {
		read string
		err  error
	}
	begin := func() (*held, <-chan outcome) {
		h := &held{reading: make(chan struct{}), comes: make(chan int, 1)}
		over := make(chan outcome, 1)
		go func() {
			p := make([]byte, 100)
			n, err := (&conn{Conn: h, quota: q}).Read(p)
			for _, b := range p[n:] {
				if b != 0 {
					t.Errorf("what is too much was handed out: %q", p)
				}
			}
			over <- outcome{string(p[:n]), err}
		}()
		select {
		case <-h.reading:
		case got := <-over:
			t.Fatalf("it did not read: %v", got.err)
		}
		return h, over
	}
	slow, slowOver := begin()
	late, lateOver := begin()
	quick, quickOver := begin()
	quick.comes <- 7
	if got := <-quickOver; got.read != "xxxxxxx" || got.err != nil {
		t.Errorf("beside two that wait: %q, %v", got.read, got.err)
	}
	slow.comes <- 7
	if got := <-slowOver; got.read != "xxx" || got.err != nil {
		t.Errorf("with 3 bytes left: %q, %v", got.read, got.err)
	}
	late.comes <- 1
	if got := <-lateOver; got.read != "" || !errors.Is(got.err, ErrQuota) {
		t.Errorf("with none left: %q, %v", got.read, got.err)
	}
	if _, _, received := q.Used(); received != 10 {
		t.Errorf("%d bytes were received, want 10", received)
	}
}
