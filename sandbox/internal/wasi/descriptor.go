package wasi

import "context"

// Descriptor is what stands behind a file descriptor of the guest: a stream
// that can be read. Other packages put theirs into the table with State.Insert.
// It is used by one goroutine at a time.
type Descriptor interface {
	// Filetype and Fdflags are what fd_fdstat_get reports; the guest may change
	// its flags afterwards. A Waiter reports SocketStream and NonBlock, so that
	// a guest's runtime polls it instead of stopping as a whole.
	Filetype() Filetype
	Fdflags() Fdflags

	// Available returns how many bytes Read can give; of a Waiter it is asked
	// only when Read may be called.
	Available() uint64

	// Read fills p, which is guest memory, and returns how many bytes it wrote:
	// 0 with ESUCCESS is the end. p has no more than Available bytes, and so may
	// be empty. It may answer EAGAIN.
	Read(ctx context.Context, p []byte) (int, Errno)

	// Close releases the stream. It is called once.
	Close()
}

// Waiter is a Descriptor that is not always ready. World.Wait is asked about the
// channel each time, closed or not, so that a tape can answer in its place:
// Read is called, once or several times for one call of the guest, only after
// World.Wait said that the channel is closed.
type Waiter interface {
	Descriptor

	// Ready returns a channel that is closed as soon as there is something to
	// read, or the end.
	Ready() <-chan struct{}
}

// Filetype is the type of what a descriptor or a path refers to.
type Filetype uint8

// The file types.
const (
	Unknown Filetype = iota // a pipe: preview 1 has no type of its own for it
	BlockDevice
	CharacterDevice
	Directory
	RegularFile
	SocketDatagram
	SocketStream
	SymbolicLink
)

// Fdflags are the flags of an open descriptor.
type Fdflags uint16

// The flags.
const (
	Append Fdflags = 1 << iota // every write goes to the end
	DSync
	NonBlock // EAGAIN instead of waiting
	RSync
	Sync

	allFdflags = Append | DSync | NonBlock | RSync | Sync
)
