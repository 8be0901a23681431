package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"

	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// caller starts the embedder's functions for a guest.
type caller struct {
	functions Calls
	limit     int // bytes of an answer
	most      int // functions that run at once

	running atomic.Int64
}

// call is one under way; status and body are set when done is closed.
type call struct {
	done   chan struct{}
	status int
	body   []byte
}

// start calls the function of that name on a goroutine of its own: the guest
// may go on, and a call that never returns keeps nobody's invocation open.
//
// EAGAIN: most functions still run. The guest's descriptors say less: one that
// is closed ends the call for the guest, while a function that is slow to look
// at its ctx goes on, and would otherwise be started without end.
func (c *caller) start(ctx context.Context, name string, in []byte) (*call, wasi.Errno) {
	function := c.functions[name]
	if function == nil {
		return nil, wasi.ENOSYS
	}
	if c.running.Load() >= int64(c.most) {
		return nil, wasi.EAGAIN
	}
	c.running.Add(1)
	running := &call{done: make(chan struct{})}
	in = bytes.Clone(in) // the guest's memory changes under it
	go func() {
		defer close(running.done)
		defer c.running.Add(-1) // before the guest can know
		c.run(ctx, running, name, function, in)
	}()
	return running, wasi.ESUCCESS
}

// run sets the answer itself: after runtime.Goexit nobody takes a result.
func (c *caller) run(ctx context.Context, running *call, name string, function Call, in []byte) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// A panic, or runtime.Goexit. What it said is the embedder's, not the
		// guest's, to know.
		slog.Error("lambent: a function that a guest called panicked", "function", name, "panic", recover(), "stack", string(debug.Stack()))
		running.fail("Lambent.CallPanicked", fmt.Sprintf("function %q panicked", name))
	}()
	out, err := function(ctx, in)
	switch {
	case err != nil:
		running.fail("Lambent.CallFailed", err.Error())
		if n := len(running.body); n > c.limit {
			running.fail("Lambent.CallTooLarge", fmt.Sprintf("function %q failed with an error of %d bytes; at most %d are allowed", name, n, c.limit))
		}
	case len(out) > c.limit:
		running.fail("Lambent.CallTooLarge", fmt.Sprintf("function %q answered %d bytes; at most %d are allowed", name, len(out), c.limit))
	default:
		running.status, running.body = 200, out
	}
	returned = true // not before: Error of a nil pointer panics, too
}

func (c *call) fail(errorType, message string) {
	c.status, c.body = 500, abi.ErrorBody(errorType, message)
}
