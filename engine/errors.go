package engine

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// Errors of modules, matched with errors.Is. The messages that wrap them name
// what was seen, where, and what is allowed.
var (
	// ErrMalformed: the bytes are not a WebAssembly module, or are cut short.
	ErrMalformed = wasm.ErrMalformed
	// ErrUnsupported: a well-formed binary of a kind Lambent does not run: a
	// component, a shared or 64-bit memory, several memories, the reserved
	// export prefix.
	ErrUnsupported = wasm.ErrUnsupported
	// ErrTooLarge: the module exceeds one of ModuleLimits.
	ErrTooLarge = wasm.ErrTooLarge
	// ErrInvalid: the module is well-formed but does not validate: a wrong
	// index, a wrong type on the stack.
	ErrInvalid = wasm.ErrInvalid
)

// Errors of instances, matched with errors.Is.
var (
	// ErrMemoryLimit: the initial memory exceeds InstanceConfig.MemoryLimit.
	ErrMemoryLimit = errors.New("initial memory exceeds the memory limit")
	// ErrInterrupted: the context was done before the guest returned. The
	// error also wraps the context's cause.
	ErrInterrupted = errors.New("guest interrupted")
	// ErrTimeout is the cause that package sandbox gives to the context of an
	// invocation whose time is over.
	ErrTimeout = errors.New("deadline passed")
	// ErrOutOfFuel: the guest spent the fuel that Meter.Begin gave it.
	ErrOutOfFuel = errors.New("out of fuel")
	// ErrHostPanic: a host function panicked. That is a bug of Lambent or of
	// the embedder; the instance is gone, the process goes on.
	ErrHostPanic = errors.New("host function panicked")
)

// ErrNotCached: there is no compiled code of that module on disk, or it could
// not be used. Compile makes it from the module's bytes.
var ErrNotCached = errors.New("the module's code is not in the cache")

// LinkError says that an import could not be bound.
type LinkError struct {
	Import Import
	Reason string
}

func (e *LinkError) Error() string {
	return fmt.Sprintf("unknown import %s.%s (%s): %s", shown(e.Import.Module), shown(e.Import.Name), e.Import.Kind, e.Reason)
}

// shown is a name of the guest's as a message shows it: one line of at most 200
// bytes that commands no terminal.
func shown(name string) string {
	const most = 200
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, name)
}

// TrapKind is why a guest trapped: the specification's reasons, the same on
// every engine.
type TrapKind string

// The reasons.
const (
	TrapUnreachable      TrapKind = "unreachable"
	TrapMemoryBounds     TrapKind = "out of bounds memory access"
	TrapTableBounds      TrapKind = "invalid table access"
	TrapIndirectType     TrapKind = "indirect call type mismatch"
	TrapDivideByZero     TrapKind = "integer divide by zero"
	TrapIntegerOverflow  TrapKind = "integer overflow"
	TrapInvalidToInteger TrapKind = "invalid conversion to integer"
	TrapStackOverflow    TrapKind = "stack overflow"
	TrapException        TrapKind = "uncaught exception"
	TrapAtomic           TrapKind = "invalid atomic access"
	TrapOther            TrapKind = "trap"
)

// Trap is the error of a guest that trapped.
type Trap struct {
	Kind TrapKind
	// Stack names the guest's functions, innermost first, if the engine knows
	// them; at most 30 frames.
	Stack []string
}

func (t *Trap) Error() string { return "wasm trap: " + string(t.Kind) }

// stop carries the error of Stop up through the engine.
type stop struct{ err error }

func (s *stop) Error() string { return s.err.Error() }
func (s *stop) Unwrap() error { return s.err }

// Stop ends the guest from within a host function: it unwinds the guest, and
// Func.Call returns err. It does not return.
func Stop(err error) { panic(&stop{err}) }

// Stopped returns the error given to Stop if recovered, what an engine
// recovered or made of it, is or wraps what Stop threw. It is for engines.
func Stopped(recovered any) (error, bool) {
	err, ok := recovered.(error)
	if !ok {
		return nil, false
	}
	if s, ok := errors.AsType[*stop](err); ok {
		return s.err, true
	}
	return nil, false
}
