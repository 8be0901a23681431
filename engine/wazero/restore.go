package wazero

import (
	"errors"
	"fmt"
	"os"

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

// Wait implements engine.Restorer.
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
	}
	if in.memory != nil {
		if err := in.memory.Restore(); err != nil {
			return fmt.Errorf("wazero: %w", err)
		}
		if err := in.shrink(); err != nil {
			return err
		}
	}
	in.setGlobals()
	in.dropStacks()
	return nil
}

var (
	errFailed = errors.New("wazero: a call of the instance failed, it cannot be restored")
	errShrink = errors.New("wazero: the memory could not be made smaller")
)

// shrink tells wazero the size of a memory that was restored. wazero v1.12.0
// has no way to make a memory smaller, but takes what Reallocate returns for
// its size when it grows one, see memory. That is not promised: it is looked at.
func (in *instance) shrink() error {
	guest, want := in.guest.Memory(), in.frozen.Memory.Size()
	if uint64(guest.Size()) == want {
		return nil
	}
	in.memory.shrinking = true
	_, ok := guest.Grow(1)
	in.memory.shrinking = false
	if !ok || uint64(guest.Size()) != want {
		return errShrink
	}
	return nil
}

// setGlobals makes the globals those of the image.
func (in *instance) setGlobals() {
	for i, g := range in.globals {
		g.Set(in.frozen.Globals[i])
	}
}

// Verify implements engine.Restorer.
func (in restorer) Verify() error {
	if in.guest == nil {
		return errInstanceClosed
	}
	for i, g := range in.globals {
		if got, want := g.Get(), in.frozen.Globals[i]; got != want {
			return fmt.Errorf("wazero: global %q is %#x, in the image %#x", in.module.program.Globals[i].Export, got, want)
		}
	}
	if in.memory == nil {
		return nil
	}
	if got, want := uint64(in.guest.Memory().Size()), in.frozen.Memory.Size(); got != want {
		return fmt.Errorf("wazero: the memory has %d bytes, in the image %d", got, want)
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
