package image

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

var errReleased = errors.New("image: the memory is released")

// Memory is the linear memory of one instance. It is used by one goroutine at a
// time.
//
// Where the system can, its limit is reserved as addresses without memory, the
// image is mapped copy-on-write at their start and the rest is made accessible
// as the guest grows: growing copies nothing and never moves. If the system
// refuses, what the guest has is mapped, holds a copy of the image, and is
// copied to grow. Only where nothing can be mapped it is a slice of Go's: when
// the system has no more for one of those, the process ends.
type Memory struct {
	image    *Image
	platform *platform
	bytes    []byte // what the guest has
	limit    uint64
	mapped   bool   // bytes are to be had from the system, never from Go
	reserved []byte // limit bytes of addresses, or len(bytes) after a move; nil if bytes is a slice of Go's
	guarded  []byte // the mapping that reserved is in, which guards may make larger
	shared   bool   // pages that were not written are the image's
	reach    uint64 // the most bytes the guest has had since the last Restore
	top      uint64 // and ever, while its addresses were reserved

	window  window
	known   []private // pages of its own, as of the last Restore; no others if the gate held since
	scanner *scanner  // nil until the first scan
	spare   []private // for the next look
	events  uint      // since it was made
	doubt   error     // why it can never be restored again
}

// newMemory makes a memory of initial bytes of zeros that may grow to limit bytes,
// both multiples of 64 KiB. Restore makes it so again.
func newMemory(p *platform, initial, limit uint64, room Room) (*Memory, error) {
	if err := checkSizes(initial, limit); err != nil {
		return nil, err
	}
	zeros := &Image{platform: p, size: initial}
	return zeros.memory(limit, room)
}

// within makes a memory with the content of the image, which may grow to limit
// bytes, a multiple of 64 KiB.
func (i *Image) within(room Room, limit uint64) (*Memory, error) {
	if err := checkSizes(i.size, limit); err != nil {
		return nil, err
	}
	if !i.hold() {
		return nil, errClosed
	}
	m, err := i.memory(limit, room)
	if err != nil {
		i.unhold()
	}
	return m, err
}

func (i *Image) memory(limit uint64, room Room) (*Memory, error) {
	m := &Memory{image: i, platform: i.platform, limit: limit, mapped: i.platform.methods.Mapped, reach: i.size, top: i.size}
	if room != (Room{}) {
		// The engine's code relies on it: nothing else will do.
		if err := room.check(limit); err != nil {
			return nil, err
		}
		if !m.mapped || !m.reserve(room) {
			return nil, fmt.Errorf("image: %d bytes of addresses cannot be had", room.Before+room.Size)
		}
		m.bytes, m.window.void = m.reserved[:i.size:i.size], true
		return m, nil
	}
	if m.mapped && limit > 0 && m.reserve(Room{Size: limit}) {
		m.bytes = m.reserved[:i.size:i.size]
		// The system may have given it pages already, as it does to a process
		// that locks its memory: the first Restore looks.
		m.window.void = true
		return m, nil
	}
	if i.closed.Load() {
		return nil, errClosed
	}
	if !m.move(i.size) {
		return nil, fmt.Errorf("image: no memory of %d bytes can be had", i.size)
	}
	i.fill(m.bytes, 0)
	return m, nil
}

// reserve takes the addresses and puts the image at their start.
func (m *Memory) reserve(room Room) bool {
	i := m.image
	guarded := reserve(room.Before + room.Size)
	if guarded == nil {
		return false
	}
	all := guarded[room.Before:][:m.limit:m.limit]
	from := uint64(0)
	if i.mapped {
		i.mu.RLock()
		var err error
		if i.file == nil {
			err = errClosed
		} else {
			err = overlay(all, i.file, i.backed)
		}
		i.mu.RUnlock()
		if err != nil {
			// The system may have taken the addresses away before it failed, and
			// given them to somebody else: those are not ours to give back.
			if isMapped(all[:i.backed]) {
				unreserve(guarded)
			} else {
				unreserve(guarded[:room.Before])
				unreserve(guarded[room.Before+i.backed:])
			}
			return false
		}
		from = i.backed
	}
	if !commit(all, from, i.size) {
		unreserve(guarded)
		return false
	}
	m.reserved, m.guarded = all, guarded
	small := m.platform.smallPages != nil && m.platform.smallPages(all) == nil
	if !i.mapped {
		i.fill(all[:i.backed], 0)
	}
	m.shared = (i.mapped || i.backed == 0) && m.platform.drop != nil
	m.window.open = m.shared && small && m.platform.faults != nil
	return true
}

// Bytes returns a view of what the guest has, valid until Grow, Restore or
// Release. Whoever writes to it does so on the goroutine and within the window
// of Watch and Settle. Taking it outside of a window voids the gate.
func (m *Memory) Bytes() []byte {
	if !m.window.watched {
		m.window.void = true
	}
	return m.bytes
}

// Grow makes the memory size bytes, the new ones zeros, and reports whether it
// could: size is within the limit and to be had. Memory only grows: a smaller
// size changes nothing.
func (m *Memory) Grow(size uint64) bool {
	have := uint64(len(m.bytes))
	switch {
	case size > m.limit || size%pageSize != 0 || m.bytes == nil:
		return false
	case size <= have:
	case size <= uint64(len(m.reserved)):
		// Even if it fails: some of it may be accessible.
		m.reach = max(m.reach, size)
		m.top = max(m.top, size)
		if !commit(m.reserved, have, size) {
			return false
		}
		m.bytes = m.reserved[:size:size]
	default:
		m.reach = max(m.reach, size)
		return m.move(size)
	}
	return true
}

// Start returns where the memory begins. It stays there as long as there is room
// around it.
func (m *Memory) Start() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(m.reserved)) }

// move copies the memory to where there is room for size bytes, which may be
// fewer than it has.
func (m *Memory) move(size uint64) bool {
	if size == 0 || !m.mapped {
		moved := make([]byte, size)
		copy(moved, m.bytes)
		if m.guarded != nil && unreserve(m.guarded) != nil {
			return false
		}
		m.reserved, m.guarded, m.bytes = nil, nil, moved
		return true
	}
	moved := reserve(size)
	if moved == nil {
		return false
	}
	if m.platform.smallPages != nil {
		m.platform.smallPages(moved) // a guest that touches a byte should not take 2 MiB
	}
	if !commit(moved, 0, size) {
		unreserve(moved)
		return false
	}
	copy(moved, m.bytes)
	if m.guarded != nil && unreserve(m.guarded) != nil {
		unreserve(moved)
		return false
	}
	m.reserved, m.guarded, m.bytes = moved, moved, moved[:size:size]
	return true
}

// Private returns how many pages of the system the memory holds for itself
// while it is idle, after Restore.
func (m *Memory) Private() int {
	if m.shared {
		return len(m.known)
	}
	return len(m.bytes) / os.Getpagesize()
}

// Release gives the memory back, and up the window if there is one: only the
// goroutine that watches may then call it. Calling it again does nothing.
func (m *Memory) Release() error {
	m.Void()
	if m.image == nil {
		return nil
	}
	guarded, image := m.guarded, m.image
	m.bytes, m.reserved, m.guarded, m.image, m.limit, m.known, m.spare = nil, nil, nil, nil, 0, nil, nil
	m.doubt = errReleased
	var err error
	if guarded != nil {
		err = unreserve(guarded)
	}
	return errors.Join(err, image.unhold())
}
