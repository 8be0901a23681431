package wazero

import (
	"fmt"
	"math"

	"github.com/tetratelabs/wazero/experimental"
)

// memory is the linear memory of one instance. It implements wazero's
// experimental.MemoryAllocator and LinearMemory.
//
// Where the platform can, the limit is reserved as addresses without memory and
// made accessible as the guest grows: growing copies nothing and never moves.
// If the system refuses, what the guest has is mapped and copied to grow. Only
// where nothing can be mapped it is a slice of Go's: when the system has no more
// for one of those, the process ends.
type memory struct {
	bytes    []byte // what the guest has
	limit    uint64
	mapped   bool   // bytes are to be had from the system, never from Go
	reserved []byte // limit bytes of addresses, or len(bytes) after a move; nil if bytes is a slice of Go's
}

// newMemory makes a memory of initial bytes that may grow to limit bytes. Both
// are whole pages, initial is no larger than limit.
func newMemory(initial, limit uint64) (*memory, error) {
	m := &memory{limit: limit, mapped: canMap}
	if limit > 0 {
		m.reserved = reserve(limit)
	}
	if m.reserved != nil && !commit(m.reserved, 0, initial) {
		unreserve(m.reserved)
		m.reserved = nil
	}
	if m.Reallocate(initial) == nil {
		return nil, fmt.Errorf("wazero: no memory of %d bytes can be had", initial)
	}
	return m, nil
}

// Allocate gives wazero the memory that Instantiate made for the instance.
func (m *memory) Allocate(_, _ uint64) experimental.LinearMemory { return m }

// Reallocate makes the memory size bytes, or returns nil if that is more than
// it may have or can be had.
func (m *memory) Reallocate(size uint64) []byte {
	have := uint64(len(m.bytes))
	switch {
	case size > m.limit || size > math.MaxInt:
		return nil
	case size <= have && m.bytes != nil:
		// Memory only grows; wazero asks for the initial size once more.
	case m.reserved != nil && size <= uint64(len(m.reserved)):
		if !commit(m.reserved, have, size) {
			return nil
		}
		m.bytes = m.reserved[:size:size]
	default:
		return m.move(size)
	}
	return m.bytes
}

// move copies the memory to where there is room for size bytes.
func (m *memory) move(size uint64) []byte {
	if size == 0 || !m.mapped {
		grown := make([]byte, size)
		copy(grown, m.bytes)
		m.bytes = grown
		return grown
	}
	grown := reserve(size)
	if grown == nil {
		return nil
	}
	if !commit(grown, 0, size) {
		unreserve(grown)
		return nil
	}
	copy(grown, m.bytes)
	if m.reserved != nil && unreserve(m.reserved) != nil {
		unreserve(grown)
		return nil
	}
	m.reserved, m.bytes = grown, grown[:size:size]
	return m.bytes
}

// Free does nothing. wazero frees the memory as soon as a call is interrupted,
// while the caller may still hold a view of it: only Instance.Close releases.
func (m *memory) Free() {}

// release gives the memory back. Calling it again does nothing.
func (m *memory) release() error {
	reserved := m.reserved
	m.bytes, m.reserved, m.limit = nil, nil, 0
	if reserved == nil {
		return nil
	}
	return unreserve(reserved)
}
