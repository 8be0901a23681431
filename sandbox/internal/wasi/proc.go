package wasi

import (
	"context"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
)

// ExitError is the error of a guest that called proc_exit, whatever the code.
type ExitError struct{ Code uint32 }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// procExit is the function that ends the guest: it stops it with an
// *ExitError. It has no result, so it is linked apart.
//
//	rval the exit code, of any value
func procExit(state func(data any) *State) engine.HostFunc {
	return engine.HostFunc{
		Module: Module, Name: "proc_exit", Params: []engine.ValueType{i32},
		Call: func(ctx context.Context, in engine.Instance, stack []uint64) {
			state(in.Data()).Begin(ctx, in.Meter())
			engine.Stop(&ExitError{Code: uint32(stack[0])})
		},
	}
}

// procRaise is ENOTSUP: there are no signals.
//
//	sig ignored
func (s *State) procRaise(context.Context, engine.Memory, []uint64) Errno { return ENOTSUP }
