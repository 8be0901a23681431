package engine

import (
	"errors"
	"io"
)

// ErrNotRestorable: instances of this module cannot be frozen or restored. The
// error that wraps it says what stands in the way.
var ErrNotRestorable = errors.New("instances cannot be restored in place")

// ErrImage: what was read is no image of this module, or is damaged.
var ErrImage = errors.New("not an image of this module")

// Image is an instance frozen between two calls: its linear memory and its
// globals. It is immutable and safe for concurrent use.
//
// It holds what the guest held: keep it as secret as that.
type Image interface {
	// Instantiate makes an instance that is where the frozen one was. Nothing of
	// the guest runs. Unless cfg.MemoryLimit is smaller than the memory is, it
	// fails only when the system has nothing left to give.
	Instantiate(cfg InstanceConfig) (Instance, error)

	// WriteTo writes the image for Module.ReadImage.
	io.WriterTo

	// Size returns about how many bytes of memory the image keeps, whether there
	// are instances of it or not. It is the same at all times. An instance has
	// more, see Restorer.Private.
	Size() uint64

	// Close gives up the image. Instances made of it live on.
	Close() error
}

// Restorer is what brings an instance that was made of an Image back to it. One
// event goes: Watch, calls and writes to memory, Settle, Restore. All but Restore
// and Verify happen on one goroutine; outside of Watch and Settle nobody writes
// to the memory.
//
// After an error of a call, or of Restore, the instance is in doubt: close it.
type Restorer interface {
	// Watch begins an event. Until Settle or Wait the goroutine is locked to its
	// thread, on which the kernel counts what the event touches.
	Watch()

	// Wait says that the goroutine is about to block: a host function does so
	// before it waits. The thread is given up, and what the event touched has to
	// be looked for. Calling it again, or without Watch, does nothing.
	Wait()

	// Settle ends the event, and returns how many pages of 4 KiB Restore is
	// going to copy, or -1 if it has to look for them.
	Settle() int

	// Restore makes memory and globals what they are in the image.
	Restore() error

	// Verify compares memory and globals with the image, and says where they
	// first differ.
	Verify() error

	// Private returns how many bytes of memory the instance keeps for itself
	// while it is idle: pages that events wrote to, restored.
	Private() uint64
}
