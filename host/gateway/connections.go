package gateway

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// connections are those that are open. Its lock is the innermost: nothing is
// called under it.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]struct{}
}

// state keeps the set up to date; fasthttp calls it.
func (s *connections) state(c net.Conn, state fasthttp.ConnState) {
	switch state {
	case fasthttp.StateNew:
		s.mu.Lock()
		if s.open == nil {
			s.open = map[net.Conn]struct{}{}
		}
		s.open[c] = struct{}{}
		s.mu.Unlock()
	case fasthttp.StateClosed, fasthttp.StateHijacked:
		s.mu.Lock()
		delete(s.open, c)
		s.mu.Unlock()
	}
}

func (s *connections) len() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.open))
}

// closeAll makes every read and write under way fail.
func (s *connections) closeAll() {
	s.mu.Lock()
	open := make([]net.Conn, 0, len(s.open))
	for c := range s.open {
		open = append(open, c)
	}
	s.mu.Unlock()
	for _, c := range open {
		c.Close()
	}
}

// limited is a listener that answers connections beyond a number itself.
type limited struct {
	net.Listener
	connections *connections
	most        int64
	tls         *tls.Config // nil: connections are not encrypted
}

func (l *limited) Accept() (net.Conn, error) {
	warned := false
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			if !passes(err) {
				return nil, err
			}
			if !warned {
				slog.Warn("lambent: no connection can be accepted at the moment", "error", err)
				warned = true
			}
			time.Sleep(acceptPause)
			continue
		}
		if l.connections.len() < l.most {
			if l.tls != nil {
				c = tls.Server(c, l.tls) // the first read does the handshake
			}
			return &connection{Conn: c}, nil
		}
		if l.tls != nil { // an answer would take a handshake
			c.Close()
			continue
		}
		l.refuse(c)
	}
}

// acceptPause is how long nothing is accepted after an error that passes.
const acceptPause = 20 * time.Millisecond

// passes says whether accepting will work again: the process has as many
// descriptors open as it may, or the system has no room, until other connections
// end; or the client is gone. fasthttp stops serving at any error.
func passes(err error) bool {
	return slices.ContainsFunc([]error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED},
		func(e error) bool { return errors.Is(err, e) })
}

// refuse answers in AWS's shape. The answer fits the empty buffer of a new
// connection, so that the write does not wait.
func (l *limited) refuse(c net.Conn) {
	defer c.Close()
	r := api.Fail(sandbox.NewRequestID(), fault.New(fault.ServiceUnavailable, "The host serves %d connections, the most it may.", l.most))
	c.SetWriteDeadline(time.Now().Add(time.Second))
	fmt.Fprintf(c, "HTTP/1.1 %d Service Unavailable\r\nConnection: close\r\nContent-Length: %d\r\n", r.Status, len(r.Body))
	for _, f := range r.Header {
		fmt.Fprintf(c, "%s: %s\r\n", f.Name, f.Value)
	}
	fmt.Fprintf(c, "\r\n%s", r.Body)
}
