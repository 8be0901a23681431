//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #cgo nocallback lambent_globals_set
// #cgo noescape lambent_globals_set
// #cgo nocallback lambent_shrink
// #include "guest.h"
import "C"

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"github.com/lambent-dev/lambent/engine"
)

// restorer implements engine.Restorer.
type restorer struct{ *instance }

// Restorer implements engine.Instance.
func (in *instance) Restorer() engine.Restorer {
	if in.frozen == nil {
		return nil
	}
	return restorer{in}
}

// Watch implements engine.Restorer.
func (in restorer) Watch() {
	if in.memory != nil {
		in.memory.Watch()
	}
}

// Wait implements engine.Restorer. While a guest waits for it, a host function
// keeps the thread all the same.
func (in restorer) Wait() {
	if in.memory != nil {
		in.memory.Void()
	}
}

// Settle implements engine.Restorer.
func (in restorer) Settle() int {
	if in.memory == nil {
		return 0
	}
	return in.memory.Settle()
}

// Restore implements engine.Restorer.
func (in restorer) Restore() error {
	switch {
	case in.guest == nil:
		return errInstanceClosed
	case in.failed:
		return errFailed
	case in.calls > 0:
		return errRunning
	}
	if in.memory != nil {
		if err := in.memory.Restore(); err != nil {
			return fmt.Errorf("wasmtime: %w", err)
		}
		if err := in.shrink(); err != nil {
			return err
		}
	}
	in.setGlobals()
	return nil
}

var (
	errFailed = errors.New("wasmtime: a call of the instance failed, it cannot be used again")
	errShrink = errors.New("wasmtime: the memory could not be made smaller")
)

// shrink tells wasmtime the size of a memory that was restored. wasmtime v39 has
// no way to make a memory smaller, but asks for its size again when it was asked to
// grow it by nothing. That is not promised: it is looked at.
func (in *instance) shrink() error {
	if !in.grown {
		return nil
	}
	want := C.uint64_t(in.frozen.Memory.Size())
	in.guest.size = want
	if C.lambent_shrink(in.guest) != want {
		return errShrink
	}
	in.grown = false
	return nil
}

// setGlobals makes the globals those of the image.
func (in *instance) setGlobals() {
	values := in.frozen.Globals
	if len(values) == 0 {
		return
	}
	if in.guest.cells == nil {
		C.lambent_globals_set(in.guest, (*C.uint64_t)(unsafe.SliceData(values)))
		return
	}
	kinds, cells := unsafe.Slice(in.guest.kinds, len(values)), unsafe.Slice(in.guest.cells, len(values))
	for i, v := range values {
		if kinds[i] == C.WASMTIME_I32 || kinds[i] == C.WASMTIME_F32 {
			*(*uint32)(cells[i]) = uint32(v)
		} else {
			*(*uint64)(cells[i]) = v
		}
	}
}

// getGlobals returns the globals.
func (in *instance) getGlobals() []uint64 {
	values := make([]uint64, len(in.module.program.Globals))
	if len(values) > 0 {
		C.lambent_globals_get(in.guest, (*C.uint64_t)(unsafe.SliceData(values)))
	}
	return values
}

// Verify implements engine.Restorer.
func (in restorer) Verify() error {
	if in.guest == nil {
		return errInstanceClosed
	}
	for i, got := range in.getGlobals() {
		if want := in.frozen.Globals[i]; got != want {
			return fmt.Errorf("wasmtime: global %q is %#x, in the image %#x", in.module.program.Globals[i].Export, got, want)
		}
	}
	if in.memory == nil {
		return nil
	}
	got := uint64(C.wasmtime_memory_data_size(in.guest.context, &in.guest.memory))
	if want := in.frozen.Memory.Size(); got != want {
		return fmt.Errorf("wasmtime: the memory has %d bytes, in the image %d", got, want)
	}
	return in.memory.Verify()
}

// Private implements engine.Restorer.
func (in restorer) Private() uint64 {
	if in.memory == nil {
		return 0
	}
	return uint64(in.memory.Private()) * uint64(os.Getpagesize())
}
