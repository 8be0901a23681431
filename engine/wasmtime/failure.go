//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "engine.h"
// #include "guest.h"
import "C"

import (
	"context"
	"errors"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/binding"
)

// outcome takes how a call ended.
func (in *instance) outcome(ctx context.Context) error {
	trap, failed, stopped := in.guest.trap, in.guest.error, in.stopped
	in.guest.trap, in.guest.error, in.stopped = nil, nil, nil
	var err error
	switch {
	case stopped != nil:
		err = in.module.stopped(stopped, trap, failed)
		if failed != nil {
			C.wasmtime_error_delete(failed)
		}
	case trap != nil || failed != nil:
		return in.module.failure(trap, failed)
	case ctx.Err() != nil:
		// A guest that returns too late was too late.
		return engine.Interrupted(ctx)
	}
	if trap != nil {
		C.wasm_trap_delete(trap)
	}
	return err
}

// stopped returns the error of a guest that was told to stop, and did.
func (m *module) stopped(why error, trap *C.wasm_trap_t, failed *C.wasmtime_error_t) error {
	if p, ok := why.(*binding.Panic); ok {
		return fmt.Errorf("%w: %w", engine.ErrHostPanic, p)
	}
	err, ok := engine.Stopped(why)
	if !ok {
		return why
	}
	if t, ok := err.(*engine.Trap); ok { // overflow's
		t.Stack = m.frames(trap, failed)
	}
	return err
}

// failure takes a trap or an error of wasmtime's.
func (m *module) failure(trap *C.wasm_trap_t, failed *C.wasmtime_error_t) error {
	if trap == nil {
		return takeError(failed)
	}
	if failed != nil {
		C.wasmtime_error_delete(failed)
	}
	defer C.wasm_trap_delete(trap)
	var code C.uint8_t
	if !C.wasmtime_trap_code(trap, &code) {
		var message C.wasm_byte_vec_t
		C.wasm_trap_message(trap, &message)
		return errors.New("wasmtime: " + takeText(&message))
	}
	kind, ok := trapKinds[uint8(code)]
	if !ok {
		kind = engine.TrapOther
	}
	return &engine.Trap{Kind: kind, Stack: m.frames(trap, nil)}
}

// trapKinds are wasmtime's codes for the reasons of traps, WASMTIME_TRAP_CODE_….
var trapKinds = map[uint8]engine.TrapKind{
	0:  engine.TrapStackOverflow,
	1:  engine.TrapMemoryBounds,
	2:  engine.TrapAtomic,
	3:  engine.TrapTableBounds,
	4:  engine.TrapTableBounds, // a call of nothing
	5:  engine.TrapIndirectType,
	6:  engine.TrapIntegerOverflow,
	7:  engine.TrapDivideByZero,
	8:  engine.TrapInvalidToInteger,
	9:  engine.TrapUnreachable,
	13: engine.TrapAtomic,
}

// maxFrames is the most frames of a Trap, as the contract says.
const maxFrames = 30

// frames returns the guest's functions that were active, innermost first.
func (m *module) frames(trap *C.wasm_trap_t, failed *C.wasmtime_error_t) []string {
	var indices [2 * maxFrames]C.uint32_t // some are the meter's
	var stack []string
	for _, index := range indices[:C.lambent_frames(trap, failed, &indices[0], C.size_t(len(indices)))] {
		if name, ok := m.program.Functions.Name(uint32(index)); ok && len(stack) < maxFrames {
			stack = append(stack, name)
		}
	}
	return stack
}
