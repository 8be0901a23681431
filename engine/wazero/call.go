package wazero

import (
	"context"
	"time"
)

// call is the context that wazero is given for one call into a guest. It takes
// the instance and the caller's context to the host functions, which wazero
// otherwise tells neither. Each call has one of its own: the goroutine with
// which wazero watches Done may look at it after the call has returned.
//
// Of the caller's values wazero sees none. An embedder that uses wazero too may
// keep options for it there, and they are not for our guests.
type call struct {
	ctx context.Context
	in  *instance
}

type callKey struct{}

func (c *call) Deadline() (time.Time, bool) { return c.ctx.Deadline() }
func (c *call) Done() <-chan struct{}       { return c.ctx.Done() }

// Err returns one of the two errors for which wazero stops a guest, whatever
// the caller's context returns.
func (c *call) Err() error {
	if c.ctx.Err() != nil {
		return context.Canceled
	}
	return nil
}

func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return nil
}

// callOf returns the call that a host function is part of. While a module is
// instantiated, options of wazero are wrapped around it.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.(*call); ok {
		return c
	}
	return ctx.Value(callKey{}).(*call)
}
