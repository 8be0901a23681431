package main

import (
	"fmt"
	"os"

	"github.com/lambent-dev/lambent/engine"
)

// world is what one instance sees of WASI. It is the same for every instance,
// whatever runs it: a clock that goes on by looking at it, and random bytes that
// are not. So all contenders do the same work.
type world struct {
	nanoseconds uint64
	random      uint32
}

// wasiFunc is a function of WASI preview 1. Its result is an errno, if it has
// one.
type wasiFunc struct {
	name   string
	params []engine.ValueType
	exits  bool // there is no result
	call   func(w *world, memory engine.Memory, stack []uint64) errno
}

type errno uint32

// Errors of WASI preview 1.
const (
	success       errno = 0
	badDescriptor errno = 8
	fault         errno = 21
)

const wasiModule = "wasi_snapshot_preview1"

// wasi returns what Go programs import that use no files.
func wasi() []wasiFunc {
	const i32, i64 = engine.I32, engine.I64
	four := []engine.ValueType{i32, i32, i32, i32}
	one, two, three := four[:1], four[:2], four[:3]
	nothing := func(*world, engine.Memory, []uint64) errno { return success }
	nothingOpen := func(*world, engine.Memory, []uint64) errno { return badDescriptor }
	return []wasiFunc{
		{name: "args_get", params: two, call: nothing},
		{name: "args_sizes_get", params: two, call: none},
		{name: "environ_get", params: two, call: nothing},
		{name: "environ_sizes_get", params: two, call: none},
		{name: "sched_yield", call: nothing},
		{name: "clock_time_get", params: []engine.ValueType{i32, i64, i32}, call: clock},
		{name: "random_get", params: two, call: random},
		{name: "poll_oneoff", params: four, call: poll},
		{name: "fd_write", params: four, call: write},
		{name: "fd_close", params: one, call: nothingOpen},
		{name: "fd_fdstat_get", params: two, call: nothingOpen},
		{name: "fd_fdstat_set_flags", params: two, call: nothingOpen},
		{name: "fd_prestat_get", params: two, call: nothingOpen},
		{name: "fd_prestat_dir_name", params: three, call: nothingOpen},
		{name: "proc_exit", params: one, exits: true, call: exit},
	}
}

// none answers that there are no arguments, or no environment.
func none(_ *world, memory engine.Memory, stack []uint64) errno {
	return put(memory.PutUint32(uint32(stack[0]), 0) && memory.PutUint32(uint32(stack[1]), 0))
}

func put(ok bool) errno {
	if !ok {
		return fault
	}
	return success
}

func clock(w *world, memory engine.Memory, stack []uint64) errno {
	w.nanoseconds += 1000
	return put(memory.PutUint64(uint32(stack[2]), w.nanoseconds))
}

func random(w *world, memory engine.Memory, stack []uint64) errno {
	b, ok := memory.Slice(uint32(stack[0]), uint32(stack[1]))
	for i := range b {
		b[i] = byte(lcg(&w.random))
	}
	return put(ok)
}

// poll answers that the first event is there: Go's runtime sleeps by waiting
// for one clock.
func poll(w *world, memory engine.Memory, stack []uint64) errno {
	w.nanoseconds += 1_000_000
	return put(memory.PutUint32(uint32(stack[3]), 1))
}

// write shows what the program writes: the reason why it ends, if it does.
func write(_ *world, memory engine.Memory, stack []uint64) errno {
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

func exit(_ *world, _ engine.Memory, stack []uint64) errno {
	panic(fmt.Errorf("the program exits with %d", uint32(stack[0])))
}
