package load

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	e := NewExchange("POST", "/", "{}", `"ok"`)
	const right = "HTTP/1.1 200 OK\r\nA: b\r\ncontent-length: 4\r\n\r\n\"ok\""
	for i := range len(right) {
		if whole, err := e.check([]byte(right[:i])); whole || err != nil {
			t.Errorf("%q: %t, %v", right[:i], whole, err)
		}
	}
	if whole, err := e.check([]byte(right)); !whole || err != nil {
		t.Errorf("%q: %t, %v", right, whole, err)
	}
	for _, wrong := range []string{
		strings.Replace(right, "200", "500", 1),
		strings.Replace(right, "ok", "no", 1),
		strings.Replace(right, "content-length: 4", "Content-Length: 3", 1),
		strings.Replace(right, "content-length: 4", "Content-Length: x", 1),
		strings.Replace(right, "content-length: 4", "Transfer-Encoding: chunked", 1),
		right + "more",
	} {
		if _, err := e.check([]byte(wrong)); err == nil {
			t.Errorf("%q is taken for right", wrong)
		}
	}
}

// TestDrive counts what a server gets.
func TestDrive(t *testing.T) {
	var requests, conns atomic.Int64
	address := serve(t, func(c net.Conn) {
		conns.Add(1)
		for r := bufio.NewReader(c); ; {
			q, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			body, err := io.ReadAll(q.Body)
			if err != nil || q.Method != "POST" || q.URL.Path != "/p" || string(body) != "[1]" {
				t.Errorf("%v %v %q, %v", q.Method, q.URL, body, err)
			}
			requests.Add(1)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[2]")
		}
	})
	e := NewExchange("POST", "/p", "[1]", "[2]")
	warm := int64(-1)
	latencies, wall, err := Drive(t.Context(), address, &e, 3, 5, 100, func() error {
		warm = requests.Load()
		return nil
	})
	if err != nil || len(latencies) != 100 || wall <= 0 || warm != 15 || requests.Load() != 115 || conns.Load() != 3 {
		t.Errorf("%d latencies, %v, %v; %d and %d requests on %d connections", len(latencies), wall, err, warm, requests.Load(), conns.Load())
	}
	for i, l := range latencies {
		if l <= 0 {
			t.Errorf("request %d took %v", i, l)
		}
	}
	e.want = "else"
	if _, _, err := Drive(t.Context(), address, &e, 2, 1, 1, func() error { return nil }); err == nil || !strings.Contains(err.Error(), "else") {
		t.Errorf("a wrong answer: %v", err)
	}
	e.want = "[2]"
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := errors.New("ended")
	_, _, err = Drive(ctx, address, &e, 2, 1, 1, func() error { cancel(ended); return nil })
	if !errors.Is(err, ended) {
		t.Errorf("a context that ended: %v", err)
	}
}

func TestDoGivesUp(t *testing.T) {
	for name, answer := range map[string]string{
		"cut short": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[",
		"too large": "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + strings.Repeat("x", 99999),
	} {
		c, err := Dial(t.Context(), serve(t, func(c net.Conn) { io.WriteString(c, answer) }), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		e := NewExchange("GET", "/", "", "[2]")
		if err := c.Do(&e); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// serve has each connection served by a function, and closes it after.
func serve(t *testing.T, each func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				each(c)
			}()
		}
	}()
	return l.Addr().String()
}
