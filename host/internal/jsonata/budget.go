package jsonata

import "fmt"

// What an evaluation may still use. Going beyond ends the evaluation from
// wherever it is: the functions here panic with an exceeded, which Eval turns
// into its error. Nothing else in the package panics.

type exceeded struct{ err *Error }

func limitError(format string, args ...any) *Error {
	err := newError("U1001")
	err.Message = fmt.Sprintf(format, args...)
	return err
}

func (ev *evaluation) stop(what string, limit int) {
	panic(exceeded{limitError("the evaluation exceeds its limit of %d %s", limit, what)})
}

// checkEvery is the number of steps after which the context is looked at.
const checkEvery = 1024

// spend uses up steps.
func (ev *evaluation) spend(n int) {
	ev.steps += n
	if ev.steps < ev.checkAt && n >= 0 {
		return
	}
	if ev.steps > ev.limits.Steps || n < 0 {
		ev.stop("steps", ev.limits.Steps)
	}
	ev.checkAt = min(ev.steps+checkEvery, ev.limits.Steps+1)
	if cause := ev.ctx.Err(); cause != nil {
		err := limitError("the evaluation was ended: %v", cause)
		err.wrapped = cause
		panic(exceeded{err})
	}
}

// enter counts an evaluation nested in the current one.
func (ev *evaluation) enter() {
	if ev.depth++; ev.depth > ev.limits.Depth {
		ev.stop("nested evaluations", ev.limits.Depth)
	}
}

// enterCall counts a call of a function in another. Those of built-in functions
// nest without evaluations in between.
func (ev *evaluation) enterCall() {
	if ev.calls++; ev.calls > ev.limits.Depth {
		ev.stop("nested calls", ev.limits.Depth)
	}
}

// checkDepth bounds how deep a value may be nested that is walked through.
func (ev *evaluation) checkDepth(depth int) {
	if depth > ev.limits.Depth {
		ev.stop("nested values", ev.limits.Depth)
	}
}

// makeItems accounts for items that are about to be made.
func (ev *evaluation) makeItems(n int) {
	if n < 0 || n > ev.limits.Items-ev.items {
		ev.stop("items", ev.limits.Items)
	}
	ev.items += n
	ev.spend(n)
}

// makeBytes accounts for a string that is about to be made.
func (ev *evaluation) makeBytes(n int) {
	if n < 0 || n > ev.limits.Bytes-ev.bytes {
		ev.stop("bytes", ev.limits.Bytes)
	}
	ev.bytes += n
	ev.spend(n / 16)
}
