package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// The clocks.
const (
	clockRealtime = iota
	clockMonotonic
	clockProcessCPU
	clockThreadCPU
)

// clockResGet writes a clock's resolution in nanoseconds: 1, since World counts
// them.
//
//	id         which clock: 0 real time, 1 monotonic
//	resolution → u64
//
// EINVAL: there is no such clock. ENOTSUP: a clock of processor time. EFAULT.
func (s *State) clockResGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	if errno := checkClock(uint32(p[0])); errno != ESUCCESS {
		return errno
	}
	if !m.PutUint64(uint32(p[1]), 1) {
		return EFAULT
	}
	return ESUCCESS
}

// clockTimeGet writes a clock's time in nanoseconds, whatever precision the
// guest would be content with.
//
//	id        which clock: 0 real time since 1970, 1 monotonic
//	precision ignored
//	time      → u64
//
// EINVAL: there is no such clock. ENOTSUP: a clock of processor time. EFAULT.
func (s *State) clockTimeGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	id, ptr := uint32(p[0]), uint32(p[2])
	if errno := checkClock(id); errno != ESUCCESS {
		return errno
	}
	if _, ok := m.Slice(ptr, 8); !ok {
		return EFAULT
	}
	m.PutUint64(ptr, uint64(s.now(id)))
	return ESUCCESS
}

// checkClock says whether the guest can have a clock. The clocks of processor
// time it cannot: a host function that waits and a busy machine make them run
// apart from the monotonic clock, and nothing measures them.
func checkClock(id uint32) Errno {
	switch id {
	case clockRealtime, clockMonotonic:
		return ESUCCESS
	case clockProcessCPU, clockThreadCPU:
		return ENOTSUP
	}
	return EINVAL
}

// now reads a clock that checkClock allows. It is never negative.
func (s *State) now(id uint32) int64 {
	if id == clockRealtime {
		return max(s.cfg.World.Wall(), 0)
	}
	return max(s.cfg.World.Monotonic(), 0)
}
