package binding

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/lambent-dev/lambent/engine"
)

// Panic is the panic of a host function, as the error that wraps
// engine.ErrHostPanic goes on with it.
type Panic struct {
	function string // module.name
	value    any
	where    string // file:line
}

func (p *Panic) Error() string {
	return fmt.Sprintf("%s: %v (at %s)", p.function, p.value, p.where)
}

// Unwrap gives errors.Is what the function panicked with, if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// Panicked returns what became of a host function that panicked with r: r itself
// if it is a Stop, else a *Panic. It is called by whoever recovers.
func Panicked(f *engine.HostFunc, r any) error {
	if err, ok := r.(error); ok {
		if _, ok := engine.Stopped(err); ok {
			return err
		}
	}
	return &Panic{function: f.Module + "." + f.Name, value: r, where: site()}
}

// site returns file and line of the panic that is being recovered.
func site() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicking := false
	for {
		frame, more := frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			panicking = true // gopanic, and what the runtime panics through
		case panicking:
			return fmt.Sprintf("%s:%d", frame.File, frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
