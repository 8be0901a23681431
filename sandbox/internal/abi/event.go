package abi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// event_len() → bytes of the event.
func (s *State) eventLen(context.Context, engine.Memory, []uint64) int32 {
	return int32(len(s.Event))
}

// event_read(ptr, cap, off) → count: copies min(cap, len−off) bytes of the
// event to ptr; 0 at and beyond its end. −EFAULT: the bytes that would be
// written do not lie in memory.
func (s *State) eventRead(_ context.Context, m engine.Memory, p []uint64) int32 {
	capacity, off := uint32(p[1]), uint64(uint32(p[2]))
	rest := s.Event[min(off, uint64(len(s.Event))):]
	if uint64(len(rest)) > uint64(capacity) {
		rest = rest[:capacity]
	}
	dst, ok := m.Slice(uint32(p[0]), uint32(len(rest)))
	if !ok {
		return fail(wasi.EFAULT)
	}
	return int32(s.WASI.Copy(dst, rest))
}
