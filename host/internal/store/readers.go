package store

import (
	"context"
	"errors"
	"runtime"

	"github.com/ncruces/go-sqlite3"
)

// readers lends connections that only read. They are opened when first needed and
// dropped after an error.
type readers struct {
	open func() (*conn, error)
	idle chan *conn // one element for each connection there may be; nil is one not open
}

func newReaders(open func() (*conn, error)) *readers {
	n := min(max(runtime.GOMAXPROCS(0), 2), 8)
	r := &readers{open: open, idle: make(chan *conn, n)}
	for range n {
		r.idle <- nil
	}
	return r
}

// do runs f with a connection. Each statement of f sees all that was committed
// before it.
func (r *readers) do(ctx context.Context, f func(*conn) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	var c *conn
	select {
	case c = <-r.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.idle <- c }()

	err = contained("a read", func() (err error) {
		if c == nil {
			if c, err = r.open(); err != nil {
				return err
			}
			if _, err = c.exec("PRAGMA query_only = ON"); err != nil {
				return err
			}
		}
		defer c.db.SetInterrupt(c.db.SetInterrupt(ctx))
		return f(c)
	})
	if err == nil {
		return nil
	}
	if _, refused := err.(refusal); refused {
		return answered(err)
	}
	if ended := ctx.Err(); ended != nil && errors.Is(err, sqlite3.INTERRUPT) {
		return ended
	}
	if c != nil {
		_ = c.close() // err says what is wrong
		c = nil
	}
	return err
}

// close waits until all connections are back, and closes them.
func (r *readers) close() error {
	var errs []error
	for range cap(r.idle) {
		if c := <-r.idle; c != nil {
			errs = append(errs, c.close())
		}
	}
	return errors.Join(errs...)
}
