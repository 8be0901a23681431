package wazero

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/tetratelabs/wazero/sys"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/binding"
)

// failure turns what wazero returned into what the contract promises. err may
// be nil: then ctx was done when the guest returned.
func failure(ctx context.Context, err error, names namer) error {
	if err == nil {
		return engine.Interrupted(ctx)
	}
	if stopped, ok := engine.Stopped(err); ok {
		if trap, ok := stopped.(*engine.Trap); ok { // overflow's
			trap.Stack = frames(err.Error(), names)
		}
		return stopped
	}
	if p, ok := errors.AsType[*binding.Panic](err); ok {
		return fmt.Errorf("%w: %w", engine.ErrHostPanic, p)
	}
	if kind, ok := trapKind(err); ok {
		return &engine.Trap{Kind: kind, Stack: frames(err.Error(), names)}
	}
	if _, ok := errors.AsType[*sys.ExitError](err); ok {
		// Somebody broke the rule of one goroutine at a time.
		return errInstanceClosed
	}
	first, _, _ := strings.Cut(err.Error(), "\n") // a Go stack may follow
	return fmt.Errorf("wazero: %s", first)
}

// trapKinds are wazero's words for the reasons of traps.
var trapKinds = map[string]engine.TrapKind{
	"unreachable":                   engine.TrapUnreachable,
	"out of bounds memory access":   engine.TrapMemoryBounds,
	"invalid table access":          engine.TrapTableBounds,
	"indirect call type mismatch":   engine.TrapIndirectType,
	"integer divide by zero":        engine.TrapDivideByZero,
	"integer overflow":              engine.TrapIntegerOverflow,
	"invalid conversion to integer": engine.TrapInvalidToInteger,
	"stack overflow":                engine.TrapStackOverflow,
	"uncaught exception":            engine.TrapException,
	"unaligned atomic":              engine.TrapAtomic,
	"expected shared memory":        engine.TrapAtomic,
	"too many waiters":              engine.TrapAtomic,
}

// trapKind says whether err is a trap and which. wazero's error is of a type
// that cannot be imported, so it is known by the name of the type.
func trapKind(err error) (engine.TrapKind, bool) {
	innermost := err
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(next) {
		innermost = next
	}
	if reflect.TypeOf(innermost).String() == "*wasmruntime.Error" {
		if kind, ok := trapKinds[innermost.Error()]; ok {
			return kind, true
		}
		return engine.TrapOther, true
	}
	return "", false
}

// maxFrames is the most frames of a Trap, as the contract says.
const maxFrames = 30

// namer names the functions of what wazero runs; those that are not the guest's
// have no name. It is *image.Functions.
type namer interface {
	Name(index uint32) (string, bool)
}

// frames returns the guest's functions that wazero's message of a trap names,
// innermost first. What wazero runs has no names, so it tells indices.
func frames(message string, names namer) []string {
	_, trace, ok := strings.Cut(message, "wasm stack trace:\n\t")
	if !ok {
		return nil
	}
	var stack []string
	for line := range strings.SplitSeq(trace, "\n\t") {
		// Frames are "module.function(types) types". The guest's module has no
		// name; those that have one are host functions.
		frame, ok := strings.CutPrefix(line, ".$")
		if !ok || len(stack) == maxFrames {
			continue
		}
		digits, _, _ := strings.Cut(frame, "(")
		index, err := strconv.ParseUint(digits, 10, 32)
		if err != nil {
			continue
		}
		if name, ok := names.Name(uint32(index)); ok {
			stack = append(stack, name)
		}
	}
	return stack
}
