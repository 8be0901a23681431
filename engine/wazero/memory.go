package wazero

import (
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine/internal/image"
)

// memory gives wazero the linear memory of one instance. It implements wazero's
// experimental.MemoryAllocator and LinearMemory.
type memory struct {
	*image.Memory
	shrinking bool
}

// Allocate gives wazero the memory that was made for the instance.
func (m *memory) Allocate(_, _ uint64) experimental.LinearMemory { return m }

// Reallocate makes the memory size bytes, or returns nil if that is more than
// it may have or can be had.
//
// wazero v1.12.0 goes on with whatever it gets. When it asks for the first time
// it may get more, the memory as it was frozen; and instance.shrink makes it ask in
// order to get less.
func (m *memory) Reallocate(size uint64) []byte {
	if !m.shrinking && size > uint64(len(m.Bytes())) && !m.Grow(size) {
		return nil
	}
	return m.Bytes()
}

// Free does nothing. wazero frees the memory when the instance is closed, while
// the caller may still hold a view of it: only Instance.Close releases.
func (m *memory) Free() {}
