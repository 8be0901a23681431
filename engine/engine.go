package engine

import (
	"context"
	"crypto/sha256"
	"io"
)

// Engine compiles modules. It is safe for concurrent use. Implementations:
// package engine/wazero.
type Engine interface {
	// Name names the engine and its version, as reports show it and as code
	// caches key it: "wazero v1.12.0".
	Name() string

	// Compile compiles b and binds its imports to functions of host. It fails
	// with a *LinkError when b imports something host does not offer with that
	// very signature, and with an error that wraps ErrInvalid when b does not
	// validate. Compiling a large module takes seconds; ctx does not interrupt
	// the compiler.
	Compile(ctx context.Context, b *Binary, host *Host) (Module, error)

	// Load makes the Module that Compile makes of the module with that SHA-256, of
	// what Compile left on disk, in this process or another: without the module's
	// bytes and in milliseconds. It fails with a *LinkError as Compile does. If an
	// error wraps ErrNotCached, Compile may still succeed: nothing is on disk, or it
	// is damaged, or the engine keeps nothing there. What may be compiled was
	// decided then: limits given to Check do not apply.
	Load(ctx context.Context, digest [sha256.Size]byte, host *Host) (Module, error)

	// Close releases everything compiled by the engine. Modules and instances
	// must not be used afterwards.
	Close() error
}

// Module is compiled code, immutable and safe for concurrent use.
type Module interface {
	// Interface returns what the module imports and exports, which must not be
	// modified.
	Interface() *Interface

	// Instantiate makes a live instance: memories and globals as declared,
	// active data and element segments applied, the start function run. ctx
	// bounds the start function as it bounds Func.Call.
	Instantiate(ctx context.Context, cfg InstanceConfig) (Instance, error)

	// Restorable returns nil if instances can be frozen and restored, or else
	// an error that wraps ErrNotRestorable.
	Restorable() error

	// ReadImage reads what Image.WriteTo wrote, for the same module. limit is the
	// most bytes of memory that the image may have. Errors wrap ErrImage, or are
	// those of r.
	ReadImage(r io.Reader, limit uint64) (Image, error)

	// Size returns about how many bytes of memory the module keeps: its code, and
	// what it takes to make instances. It is the same at all times. Modules of one
	// engine with the same digest may share some of it, see Shared; each counts it
	// whole.
	Size() uint64

	// Close releases the code. Instances and images must be closed before.
	Close() error
}

// InstanceConfig says what one instance gets.
type InstanceConfig struct {
	// MemoryLimit is the most linear memory, in bytes, that the instance may
	// have, whatever the module declares. Growth beyond it fails as
	// memory.grow does, with -1: that is the guest's business. A module whose
	// initial memory is larger fails to instantiate with ErrMemoryLimit.
	// 0 means no limit but the module's own.
	MemoryLimit uint64

	// Slice is how much fuel the instance is granted at once: after so much it
	// notices that its context is done. Default DefaultSlice, some tens of
	// microseconds.
	Slice uint64

	// Data is handed to host functions by Instance.Data: the state of the one
	// event that the instance sees.
	Data any
}

// Instance is one live instantiation. It is used by one goroutine at a time.
type Instance interface {
	// Func returns the exported function of that name, nil if there is none.
	Func(name string) Func

	// Memory returns a view of the whole linear memory, valid until the guest
	// next runs. It is empty if the module has no memory.
	Memory() Memory

	// Meter counts the fuel of the instance. It begins without a budget, and
	// has counted the start function.
	Meter() *Meter

	// Data returns InstanceConfig.Data.
	Data() any

	// Freeze makes an image of the instance as it is now. No call may be under
	// way, and none may have failed. It fails as Module.Restorable does.
	Freeze() (Image, error)

	// Restorer returns what restores the instance, nil if it was not made of an
	// Image.
	Restorer() Restorer

	// Close releases the instance and its memory.
	Close() error
}

// Func is an exported function of one instance.
type Func interface {
	// Call runs the function. stack holds the parameters on entry and the
	// results on return, and must have room for the longer of the two; i32 and
	// f32 occupy the lower half of their slot.
	//
	// It returns
	//   - a *Trap when the guest trapped,
	//   - the error given to Stop when a host function stopped the guest,
	//   - an error wrapping ErrOutOfFuel when the guest spent its budget,
	//   - an error wrapping ErrInterrupted and context.Cause(ctx) when ctx was
	//     done before the guest returned.
	//
	// After any error the instance is in doubt: close it, never call it again.
	Call(ctx context.Context, stack []uint64) error
}
