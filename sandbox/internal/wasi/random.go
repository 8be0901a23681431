package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// randomGet fills memory from a cryptographic source.
//
//	buf, buf_len where to
//
// EFAULT: the range is outside memory; nothing is written.
func (s *State) randomGet(ctx context.Context, m engine.Memory, p []uint64) Errno {
	dst, ok := m.Slice(uint32(p[0]), uint32(p[1]))
	if !ok {
		return EFAULT
	}
	for len(dst) > 0 {
		n := min(len(dst), maxChunk)
		s.Pay(n)
		s.Work(randomWork * n)
		s.cfg.World.Random(dst[:n])
		dst = dst[n:]
		interrupted(ctx)
	}
	return ESUCCESS
}
