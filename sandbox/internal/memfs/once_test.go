package memfs

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"
)

// slow is a file system whose files cannot be opened before go is closed.
type slow struct {
	fs.FS
	opening chan struct{} // one value for each Open
	goOn    chan struct{}
	panics  any
}

func (s *slow) Open(name string) (fs.File, error) {
	if name == "f" {
		s.opening <- struct{}{}
		<-s.goOn
		if s.panics != nil {
			panic(s.panics)
		}
	}
	return s.FS.Open(name)
}

func newSlow(t *testing.T) (*slow, *Handle) {
	t.Helper()
	s := &slow{FS: fstest.MapFS{"f": {Data: []byte("text")}}, opening: make(chan struct{}, 9), goOn: make(chan struct{})}
	b, err := NewBase(s, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, open(t, New(b, Quota{}, new(clock).now).Root(), "var/task/f", 0, Read)
}

// A reader whose context ends does not wait for a file that is being read; who
// comes later finds it read, once.
func TestSlowFile(t *testing.T) {
	s, h := newSlow(t)
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			s.opening <- <-s.opening
			cancel()
		}()
		n, errno := h.ReadAt(ctx, make([]byte, 9), 0)
		want(t, "a reader that gave up", errno, EINTR)
		if n != 0 {
			t.Errorf("read %d bytes", n)
		}
	}
	close(s.goOn)
	if got := read(t, h); got != "text" {
		t.Errorf("read %q", got)
	}
	if n := len(s.opening); n != 1 {
		t.Errorf("opened %d times", n)
	}
	// What is there needs no time.
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if n, errno := h.ReadAt(done, make([]byte, 9), 0); n != 4 || errno != Success {
		t.Errorf("read %d bytes, %v", n, errno)
	}
}

// A file system that panics does so where its file is read, not in a goroutine
// that nobody recovers.
func TestFileSystemPanics(t *testing.T) {
	s, h := newSlow(t)
	s.panics = "broken"
	close(s.goOn)
	for range 2 {
		func() {
			defer func() {
				if r := recover(); r != s.panics {
					t.Errorf("recovered %v", r)
				}
			}()
			h.ReadAt(t.Context(), make([]byte, 9), 0)
		}()
	}
}
