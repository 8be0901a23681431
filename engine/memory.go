package engine

import "encoding/binary"

// Memory is a view of an instance's linear memory. Guest pointers are offsets
// into it. Every method is safe for any pointer and length a hostile guest may
// pass: none panics, each says whether the range lies inside.
type Memory []byte

// Slice returns the n bytes at ptr, as a view.
func (m Memory) Slice(ptr, n uint32) ([]byte, bool) {
	end := uint64(ptr) + uint64(n)
	if end > uint64(len(m)) {
		return nil, false
	}
	return m[ptr:end:end], true
}

// Uint32 reads a little-endian u32.
func (m Memory) Uint32(ptr uint32) (uint32, bool) {
	b, ok := m.Slice(ptr, 4)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b), true
}

// PutUint32 writes a little-endian u32.
func (m Memory) PutUint32(ptr, v uint32) bool {
	b, ok := m.Slice(ptr, 4)
	if ok {
		binary.LittleEndian.PutUint32(b, v)
	}
	return ok
}

// PutUint64 writes a little-endian u64.
func (m Memory) PutUint64(ptr uint32, v uint64) bool {
	b, ok := m.Slice(ptr, 8)
	if ok {
		binary.LittleEndian.PutUint64(b, v)
	}
	return ok
}
