//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "guest.h"
import "C"

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"unsafe"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/binding"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

var errGone = errors.New("wasmtime: a host function ended its goroutine")

// enter runs a function of the guest. See guest.h for how it comes to its end.
func (in *instance) enter(ctx context.Context, f *function, stack []uint64) (err error) {
	g, stacks := in.guest, &in.module.engine.stacks
	number := C.uintptr_t(uintptr(unsafe.Pointer(g)))
	outerContext, outerStack := in.ctx, g.guest_stack
	end := outerStack // a host function calls the guest that called it: they share a stack
	if in.calls == 0 {
		if end, err = stacks.take(); err != nil {
			return err
		}
	}
	n := max(len(f.export.Params), len(f.export.Results))
	slots := (*C.wasmtime_val_raw_t)(unsafe.Add(end, -16*n))
	for i, slot := 0, values(slots, n); i < len(f.export.Params); i++ {
		slot[i] = [2]uint64{stack[i]}
	}
	in.ctx = ctx
	in.calls++
	runtime.LockOSThread()
	over := false
	defer func() {
		if !over { // a host function ended its goroutine: what waits for it is unwound
			in.stopped = errGone
			for C.lambent_resume(number, C.LAMBENT_STOP) != C.LAMBENT_DONE {
			}
			in.outcome(ctx)
			in.failed = true
		}
		runtime.UnlockOSThread()
		in.calls--
		in.ctx, g.guest_stack = outerContext, outerStack
		if in.calls == 0 {
			stacks.put(end)
		}
	}()
	event := C.lambent_call(number, f.native, C.uintptr_t(uintptr(unsafe.Pointer(slots))), C.size_t(n))
	for event != C.LAMBENT_DONE {
		event = C.lambent_resume(number, in.serve(event))
	}
	over = true
	if err = in.outcome(ctx); err != nil {
		in.failed = true
		return err
	}
	for i, t := range f.export.Results {
		stack[i] = valueOf(t, values(slots, n)[i])
	}
	return nil
}

// serve does what a guest gave up the thread for, and returns what it is told.
func (in *instance) serve(event C.int) C.int {
	switch event {
	case C.LAMBENT_HOST_CALL:
		return in.hostCall(uint32(in.guest.function), in.guest.values)
	case C.LAMBENT_GROW:
		if !in.memory.Grow(uint64(in.guest.wanted)) {
			return C.LAMBENT_REFUSE
		}
		in.guest.size = in.guest.wanted
		in.grown = true
		return C.LAMBENT_GO_ON
	}
	if in.ctx.Err() != nil {
		in.stopped = engine.Interrupted(in.ctx)
		return C.LAMBENT_STOP
	}
	return C.LAMBENT_GO_ON
}

// The functions that metered modules import beside the host's.
var (
	refill   = engine.HostFunc{Module: meter.ImportModule, Name: meter.ImportName}
	overflow = engine.HostFunc{Module: meter.ImportModule, Name: meter.OverflowName}
)

// hostCall calls a host function. If that stops the guest, or panics, the guest is
// told to stop.
func (in *instance) hostCall(number uint32, slots *C.wasmtime_val_raw_t) (answer C.int) {
	f := &refill
	switch number {
	case numberRefill:
	case numberOverflow:
		f = &overflow
	default:
		f = &in.module.funcs[number]
	}
	under := len(in.slots)
	answer = C.LAMBENT_STOP
	defer func() {
		in.slots = in.slots[:under]
		if r := recover(); r != nil {
			in.stopped = binding.Panicked(f, r)
		}
	}()
	switch number {
	case numberRefill:
		left := &values(slots, 1)[0][0]
		*left = uint64(in.meter.Refill(in.ctx, int64(*left)))
	case numberOverflow:
		engine.Stop(&engine.Trap{Kind: engine.TrapStackOverflow})
	default:
		in.meter.Charge(in.ctx, engine.HostCallFuel)
		in.callHost(f, slots)
	}
	return C.LAMBENT_GO_ON
}

// callHost calls a function of the host with the guest's values.
func (in *instance) callHost(f *engine.HostFunc, slots *C.wasmtime_val_raw_t) {
	n := max(len(f.Params), len(f.Results))
	under := len(in.slots)
	in.slots = slices.Grow(in.slots, n)[:under+n]
	stack := in.slots[under:]
	raw := values(slots, n)
	for i, t := range f.Params {
		stack[i] = valueOf(t, raw[i])
	}
	f.Call(in.ctx, in, stack)
	for i := range f.Results {
		raw[i][0] = stack[i]
	}
}

// valueOf returns the value of that type in a slot, whose other bits are anything.
func valueOf(t engine.ValueType, slot [2]uint64) uint64 {
	if t == engine.I32 || t == engine.F32 {
		return uint64(uint32(slot[0]))
	}
	return slot[0]
}
