package image

import (
	"fmt"
	"os"

	"github.com/lambent-dev/lambent/engine"
)

// Room is what an engine wants of the addresses around a memory: that nothing
// can be read or written there, so that its code need not compare every address
// with the size. A memory in a room is where it is for as long as it lives.
type Room struct {
	Before uint64 // bytes before the memory
	Size   uint64 // bytes from its beginning on, the memory included
}

// check refuses a room that is too small for limit bytes, or not in whole pages.
func (r Room) check(limit uint64) error {
	page := uint64(os.Getpagesize())
	if r.Before%page != 0 || r.Size%page != 0 || r.Size < limit || r.Size > maxRoom || r.Before > maxRoom {
		return fmt.Errorf("image: a room of %d bytes after %d for a memory of up to %d bytes", r.Size, r.Before, limit)
	}
	return nil
}

// Memory makes the memory of an instance: of that type, with the content of an
// image if there is one, and of no more than limit bytes, unless that is 0. If it
// is larger from the start, the error wraps engine.ErrMemoryLimit.
func (r Room) Memory(t *engine.MemoryType, limit uint64, of *Image) (*Memory, error) {
	initial, most := uint64(t.Min)*pageSize, uint64(t.Max)*pageSize
	if of != nil {
		initial = of.Size()
	}
	if limit > 0 {
		most = min(most, limit/pageSize*pageSize)
	}
	if initial > most {
		return nil, fmt.Errorf("%w: the module starts with %d bytes, allowed are %d", engine.ErrMemoryLimit, initial, most)
	}
	if of != nil {
		return of.within(r, most)
	}
	return newMemory(detect(), initial, most, r)
}

// maxRoom is more than any engine asks for, in bytes.
const maxRoom = 1 << 40
