package lambent

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// invocation is one event and where the rest is known from.
type invocation struct {
	event    []byte
	deadline time.Time // zero: none
	value    lookup
}

// outcome is how an invocation ended. The zero value is success.
type outcome struct {
	failure *failure

	// crash is what to print of a panic, nil if there was none. After one the
	// program must end: whatever the handler held is in an unknown state.
	crash []byte
}

// exitPanic is the status with which a Go program ends after a panic.
const exitPanic = 2

// run lets h handle inv. The response goes to write; it means nothing if run
// reports a failure. A panic of the handler does not come out of run.
func run(inv invocation, h invoker, write writeFunc) (out outcome) {
	defer func() {
		if v := recover(); v != nil {
			out = crashed(v)
		}
	}()
	parent := context.Background()
	if !inv.deadline.IsZero() {
		var cancel context.CancelFunc
		parent, cancel = context.WithDeadline(parent, inv.deadline)
		defer cancel()
	}
	ctx := &invocationContext{Context: parent, value: inv.value}
	defer ctx.end()
	if err := h(ctx, inv.event, write); err != nil {
		return outcome{failure: describe(err)}
	}
	return outcome{}
}

// crashed makes the outcome of a panic with v. Call it in the deferred function.
func crashed(v any) outcome {
	f := describePanic(v)
	return outcome{failure: f, crash: fmt.Appendf(nil, "panic: %s\n\n%s", f.Message, debug.Stack())}
}
