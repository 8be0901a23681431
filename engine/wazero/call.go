package wazero

import "context"

// call is the context that wazero is given for a call into a guest. It takes
// the instance and the caller's context to the host functions, which wazero
// otherwise tells neither.
//
// Of the caller's values wazero sees none. An embedder that uses wazero too may
// keep options for it there, and they are not for our guests.
type call struct {
	context.Context // the caller's
	in              *instance
}

type callKey struct{}

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
