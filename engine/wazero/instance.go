package wazero

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine"
)

var errInstanceClosed = errors.New("wazero: the instance is closed")

// instance implements engine.Instance.
type instance struct {
	module *module
	guest  api.Module // nil until instantiated, and after Close
	memory *memory    // nil if the module has none
	call   call       // under way
	gauge  gauge      // of meter
	meter  engine.Meter
	data   any

	funcs   []*function         // that were asked for
	globals []api.MutableGlobal // those of module.program
	frozen  *frozen             // that the instance was made of, or nil
	failed  bool                // a call did: in doubt
}

// Func implements engine.Instance. The start function's host calls see an
// instance without functions, as it is not made yet.
func (in *instance) Func(name string) engine.Func {
	if in.guest == nil {
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
	f := in.guest.ExportedFunction(name) // makes a stack of 10 KiB
	if f == nil {
		return nil
	}
	in.funcs = append(in.funcs, &function{in: in, guest: f, name: name, export: ex, narrow: narrowSlots(ex.Params), stack: stackOf(f)})
	return in.funcs[len(in.funcs)-1]
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
	var err error
	if in.guest != nil {
		err = in.guest.Close(context.Background())
		in.guest = nil
	}
	if in.memory != nil {
		err = errors.Join(err, in.memory.Release())
	}
	return err
}

// function implements engine.Func.
type function struct {
	in     *instance
	guest  api.Function
	name   string
	export engine.Export
	narrow []int // parameters of 32 bits
	stack  reflect.Value
}

// Call implements engine.Func.
func (f *function) Call(ctx context.Context, stack []uint64) error {
	if err := f.check(stack); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return engine.Interrupted(ctx)
	}
	// The interpreter would compute with what is in the upper halves.
	for _, i := range f.narrow {
		stack[i] = uint64(uint32(stack[i]))
	}
	f.in.call.Context = ctx
	err := f.guest.CallWithStack(&f.in.call, stack)
	f.in.call.Context = context.Background() // the caller's may hold much
	// A guest that returns too late was too late.
	if err != nil || ctx.Err() != nil {
		f.in.failed = true
		return failure(ctx, err, f.in.module.program.Functions)
	}
	return nil
}

// check refuses what wazero would take for a bug or, in the case of references,
// for addresses.
func (f *function) check(stack []uint64) error {
	if f.in.guest == nil {
		return errInstanceClosed
	}
	if need := max(len(f.export.Params), len(f.export.Results)); len(stack) < need {
		return fmt.Errorf("wazero: %s: the stack has %d slots, %d are needed", f.name, len(stack), need)
	}
	for _, types := range [][]engine.ValueType{f.export.Params, f.export.Results} {
		for _, t := range types {
			switch t {
			case engine.I32, engine.I64, engine.F32, engine.F64:
			default:
				return fmt.Errorf("wazero: %s: a %s cannot be passed, only i32, i64, f32 and f64", f.name, t)
			}
		}
	}
	return nil
}
