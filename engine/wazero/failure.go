package wazero

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/tetratelabs/wazero/sys"

	"github.com/lambent-dev/lambent/engine"
)

// failure turns what wazero returned into what the contract promises. err may
// be nil: then ctx was done when the guest returned.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return engine.Interrupted(ctx)
	}
	if stopped, ok := engine.Stopped(err); ok {
		if trap, ok := stopped.(*engine.Trap); ok { // overflow's
			trap.Stack = frames(err.Error())
		}
		return stopped
	}
	if p, ok := errors.AsType[*hostPanic](err); ok {
		return fmt.Errorf("%w: %w", engine.ErrHostPanic, p)
	}
	if kind, ok := trapKind(err); ok {
		return &engine.Trap{Kind: kind, Stack: frames(err.Error())}
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
	// A data segment outside the memory has an error without a type.
	if strings.HasPrefix(err.Error(), "data[") && strings.HasSuffix(err.Error(), ": out of bounds memory access") {
		return engine.TrapMemoryBounds, true
	}
	return "", false
}

// signature is what wazero writes behind the name of a function.
var signature = regexp.MustCompile(`\(([a-z0-9]+(,[a-z0-9]+)*)?\)( [a-z0-9]+| \([a-z0-9,]+\))?$`)

// maxFrames is the most frames of a Trap, as the contract says.
const maxFrames = 30

// frames returns the guest's functions that wazero's message of a trap names,
// innermost first. Their names hold no line breaks: prepare saw to that.
func frames(message string) []string {
	_, trace, ok := strings.Cut(message, "wasm stack trace:\n\t")
	if !ok {
		return nil
	}
	var names []string
	for line := range strings.SplitSeq(trace, "\n\t") {
		// Frames are "module.function(types) types". The guest's module has no
		// name; those that have one are host functions.
		name, ok := strings.CutPrefix(line, ".")
		if !ok || len(names) == maxFrames {
			continue
		}
		if at := signature.FindStringIndex(name); at != nil {
			names = append(names, name[:at[0]])
		}
	}
	return names
}
