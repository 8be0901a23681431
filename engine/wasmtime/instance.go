//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "guest.h"
import "C"

import (
	"context"
	"errors"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

var (
	errInstanceClosed = errors.New("wasmtime: the instance is closed")
	errRunning        = errors.New("wasmtime: the instance cannot be closed by what it calls")
)

// instance implements engine.Instance.
type instance struct {
	module *module
	guest  *C.lambent_guest // nil until instantiated, and after Close
	memory *image.Memory    // nil if the module has none
	meter  engine.Meter
	data   any

	ctx      context.Context // of the call under way
	calls    int             // under way
	starting bool            // the start function is called
	stopped  error           // why the guest is being unwound
	slots    []uint64        // of the host functions under way
	left     int64           // of the fuel, after Close

	funcs  []*function // that were asked for
	frozen *frozen     // that the instance was made of, or nil
	grown  bool        // since it was restored
	failed bool        // a call did: in doubt
}

// gauge is an instance as its meter sees it. It implements engine.Gauge.
type gauge instance

func (g *gauge) Left() int64 {
	if g.guest == nil {
		return g.left
	}
	return int64(g.guest.fuel)
}

func (g *gauge) SetLeft(left int64) {
	g.left = left
	if g.guest != nil {
		g.guest.fuel = C.int64_t(left)
	}
}

// Func implements engine.Instance. The start function's host calls see an
// instance without functions, as it is not made yet.
func (in *instance) Func(name string) engine.Func {
	if in.guest == nil || in.starting {
		return nil
	}
	for _, f := range in.funcs {
		if f.name == name {
			return f
		}
	}
	ex, ok := in.module.binary.Export(name)
	if !ok || ex.Kind != engine.KindFunc {
		return nil
	}
	f, err := in.find(name, ex)
	if err != nil {
		return nil
	}
	in.funcs = append(in.funcs, f)
	return f
}

// find looks up a function.
func (in *instance) find(name string, ex engine.Export) (*function, error) {
	f := &function{in: in, name: name, export: ex}
	if !C.lambent_guest_func(in.guest, text(name), C.size_t(len(name)), &f.native) {
		return nil, fmt.Errorf("wasmtime: the module does not export %s", name)
	}
	return f, nil
}

// Memory implements engine.Instance.
func (in *instance) Memory() engine.Memory {
	if in.memory == nil {
		return nil
	}
	return in.memory.Bytes()
}

// Meter implements engine.Instance.
func (in *instance) Meter() *engine.Meter { return &in.meter }

// Data implements engine.Instance.
func (in *instance) Data() any { return in.data }

// Close implements engine.Instance.
func (in *instance) Close() error {
	if in.calls > 0 {
		return errRunning
	}
	if in.guest != nil {
		in.left = int64(in.guest.fuel)
		C.lambent_guest_delete(in.guest)
		in.guest = nil
	}
	if in.memory != nil {
		return in.memory.Release()
	}
	return nil
}

// function implements engine.Func.
type function struct {
	in     *instance
	name   string
	export engine.Export
	native C.wasmtime_func_t
}

// Call implements engine.Func.
func (f *function) Call(ctx context.Context, stack []uint64) error {
	if err := f.check(stack); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return engine.Interrupted(ctx)
	}
	return f.in.enter(ctx, f, stack)
}

// check refuses what wasmtime would not notice.
func (f *function) check(stack []uint64) error {
	if f.in.guest == nil {
		return errInstanceClosed
	}
	if f.in.failed {
		return errFailed
	}
	if need := max(len(f.export.Params), len(f.export.Results)); len(stack) < need {
		return fmt.Errorf("wasmtime: %s: the stack has %d slots, %d are needed", f.name, len(stack), need)
	}
	for _, types := range [][]engine.ValueType{f.export.Params, f.export.Results} {
		for _, t := range types {
			if _, ok := kindOf(t); !ok {
				return fmt.Errorf("wasmtime: %s: a %s cannot be passed, only i32, i64, f32 and f64", f.name, t)
			}
		}
	}
	return nil
}
