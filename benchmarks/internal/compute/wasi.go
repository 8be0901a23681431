package compute

import (
	"fmt"
	"os"

	"github.com/lambent-dev/lambent/engine"
)

// World is what one instance sees of WASI. It is the same for every instance,
// whatever runs it: a clock that goes on by looking at it, and random bytes that
// are not. So all contenders do the same work.
type World struct {
	nanoseconds uint64
	random      uint32
}

// WASIFunc is a function of WASI preview 1. Its result is an errno, if it has
// one.
type WASIFunc struct {
	Name   string
	Params []engine.ValueType
	exits  bool // there is no result
	call   func(w *World, memory engine.Memory, stack []uint64) errno
}

// Results are the types of its results.
func (f *WASIFunc) Results() []engine.ValueType {
	if f.exits {
		return nil
	}
	return []engine.ValueType{engine.I32}
}

// Answer is a call of it, with parameters and then results on the stack.
func (f *WASIFunc) Answer(w *World, memory engine.Memory, stack []uint64) {
	if errno := f.call(w, memory, stack); !f.exits {
		stack[0] = uint64(errno)
	}
}

type errno uint32

// Errors of WASI preview 1.
const (
	success       errno = 0
	badDescriptor errno = 8
	fault         errno = 21
)

// WASIModule is the module that they are imported from.
const WASIModule = "wasi_snapshot_preview1"

// WASI returns what Go programs import that use no files.
func WASI() []WASIFunc {
	const i32, i64 = engine.I32, engine.I64
	four := []engine.ValueType{i32, i32, i32, i32}
	one, two, three := four[:1], four[:2], four[:3]
	nothing := func(*World, engine.Memory, []uint64) errno { return success }
	nothingOpen := func(*World, engine.Memory, []uint64) errno { return badDescriptor }
	return []WASIFunc{
		{Name: "args_get", Params: two, call: nothing},
		{Name: "args_sizes_get", Params: two, call: none},
		{Name: "environ_get", Params: two, call: nothing},
		{Name: "environ_sizes_get", Params: two, call: none},
		{Name: "sched_yield", call: nothing},
		{Name: "clock_time_get", Params: []engine.ValueType{i32, i64, i32}, call: clock},
		{Name: "random_get", Params: two, call: random},
		{Name: "poll_oneoff", Params: four, call: poll},
		{Name: "fd_write", Params: four, call: write},
		{Name: "fd_close", Params: one, call: nothingOpen},
		{Name: "fd_fdstat_get", Params: two, call: nothingOpen},
		{Name: "fd_fdstat_set_flags", Params: two, call: nothingOpen},
		{Name: "fd_prestat_get", Params: two, call: nothingOpen},
		{Name: "fd_prestat_dir_name", Params: three, call: nothingOpen},
		{Name: "proc_exit", Params: one, exits: true, call: exit},
	}
}

// none answers that there are no arguments, or no environment.
func none(_ *World, memory engine.Memory, stack []uint64) errno {
	return put(memory.PutUint32(uint32(stack[0]), 0) && memory.PutUint32(uint32(stack[1]), 0))
}

func put(ok bool) errno {
	if !ok {
		return fault
	}
	return success
}

func clock(w *World, memory engine.Memory, stack []uint64) errno {
	w.nanoseconds += 1000
	return put(memory.PutUint64(uint32(stack[2]), w.nanoseconds))
}

func random(w *World, memory engine.Memory, stack []uint64) errno {
	b, ok := memory.Slice(uint32(stack[0]), uint32(stack[1]))
	for i := range b {
		b[i] = byte(lcg(&w.random))
	}
	return put(ok)
}

// poll answers that the first event is there: Go's runtime sleeps by waiting
// for one clock.
func poll(w *World, memory engine.Memory, stack []uint64) errno {
	w.nanoseconds += 1_000_000
	return put(memory.PutUint32(uint32(stack[3]), 1))
}

// write shows what the program writes: the reason why it ends, if it does.
func write(_ *World, memory engine.Memory, stack []uint64) errno {
	var written uint32
	for i := range uint32(stack[2]) {
		at := uint32(stack[1]) + 8*i
		pointer, _ := memory.Uint32(at)
		size, ok := memory.Uint32(at + 4)
		b, inside := memory.Slice(pointer, size)
		if !ok || !inside {
			return fault
		}
		os.Stderr.Write(b)
		written += size
	}
	return put(memory.PutUint32(uint32(stack[3]), written))
}

func exit(_ *World, _ engine.Memory, stack []uint64) errno {
	panic(fmt.Errorf("the program exits with %d", uint32(stack[0])))
}
