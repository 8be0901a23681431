package load

import (
	"context"
	"fmt"
	"net"
	"time"
)

// Conn is a connection that is kept alive. One goroutine uses it at a time.
type Conn struct {
	net.Conn
	answer [16 << 10]byte
}

// Dial connects. Everything on the connection fails once ctx or patience ends.
func Dial(ctx context.Context, address string, patience time.Duration) (*Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(patience)
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		deadline = end
	}
	if err := c.SetDeadline(deadline); err != nil {
		c.Close()
		return nil, err
	}
	return &Conn{Conn: c}, nil
}

// Do sends the request and waits for the right answer.
func (c *Conn) Do(e *Exchange) error {
	if _, err := c.Write(e.request); err != nil {
		return err
	}
	for have := 0; ; {
		n, err := c.Read(c.answer[have:])
		have += n
		if whole, wrong := e.check(c.answer[:have]); whole || wrong != nil {
			return wrong
		}
		if err != nil {
			return fmt.Errorf("after %d bytes of an answer: %w", have, err)
		}
		if have == len(c.answer) {
			return fmt.Errorf("the answer has more than %d bytes", have)
		}
	}
}
