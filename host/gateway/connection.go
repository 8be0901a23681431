package gateway

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

// connection is one that is served. It keeps what one request after the other
// uses, and belongs to the goroutine that serves it; only Close may be called
// from others.
type connection struct {
	net.Conn
	// ended: the client has ended its side. fasthttp takes that for the end of a
	// chunked body, which it is not.
	ended bool

	reads, writes deadline

	fields  fields
	host    string // that checkClient let through last
	request api.Request
	signed  sigv4.Request
}

// served returns the connection of a request.
func served(ctx *fasthttp.RequestCtx) *connection { return ctx.Conn().(*connection) }

func (c *connection) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err == io.EOF {
			c.ended = true
		}
		if n == 0 && c.reads.early(err) && c.reads.set(c.Conn.SetReadDeadline) == nil {
			continue
		}
		return n, err
	}
}

func (c *connection) Write(p []byte) (n int, err error) {
	for {
		var more int
		more, err = c.Conn.Write(p[n:])
		n += more
		if c.writes.early(err) && c.writes.set(c.Conn.SetWriteDeadline) == nil {
			continue
		}
		return n, err
	}
}

func (c *connection) SetReadDeadline(t time.Time) error {
	return c.reads.move(t, c.Conn.SetReadDeadline)
}

func (c *connection) SetWriteDeadline(t time.Time) error {
	return c.writes.move(t, c.Conn.SetWriteDeadline)
}

func (c *connection) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// deadline is when reads of a connection, or writes, have to end. fasthttp moves
// each of them with every request, nearly always further away. The timer behind
// it is moved at once only when the deadline comes closer; otherwise when it
// fires too early.
type deadline struct {
	due   time.Time // zero: never
	timer time.Time // zero: not set
}

func (d *deadline) move(due time.Time, set func(time.Time) error) error {
	d.due = due
	if !d.timer.IsZero() && !due.IsZero() && !due.Before(d.timer) {
		return nil
	}
	return d.set(set)
}

func (d *deadline) set(set func(time.Time) error) error {
	d.timer = d.due
	return set(d.due)
}

// early reports whether err is that of a timer that fired before the deadline.
func (d *deadline) early(err error) bool {
	return err != nil && !d.due.Equal(d.timer) && errors.Is(err, os.ErrDeadlineExceeded) && time.Now().Before(d.due)
}
