package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// pathFilestatGet describes a file or folder.
//
//	fd, flags
//	path, path_len
//	buf            → 64 bytes, see putFilestat
//
// EINVAL: an unknown flag. See path for the others.
func (s *State) pathFilestatGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	if errno := lookupFlags(uint32(p[1])); errno != ESUCCESS {
		return errno
	}
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[2]), uint32(p[3]), RightPathFilestatGet)
	if errno != ESUCCESS {
		return errno
	}
	dst, ok := m.Slice(uint32(p[4]), filestatSize)
	if !ok {
		return EFAULT
	}
	st, errno := h.StatAt(path)
	if errno != ESUCCESS {
		return errno
	}
	putFilestat(dst, device, st)
	return ESUCCESS
}

// pathFilestatSetTimes sets the times of a file or folder.
//
//	fd, flags
//	path, path_len
//	atim, mtim
//	fst_flags      which: 1 atim, 2 atim to now, 4 mtim, 8 mtim to now
//
// EINVAL: an unknown flag, or both flags of one time. EROFS: not in /tmp. See
// path for the others.
func (s *State) pathFilestatSetTimes(_ context.Context, m engine.Memory, p []uint64) Errno {
	if errno := lookupFlags(uint32(p[1])); errno != ESUCCESS {
		return errno
	}
	flags, errno := timeFlags(uint32(p[6]))
	if errno != ESUCCESS {
		return errno
	}
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[2]), uint32(p[3]), RightPathFilestatSetTimes)
	if errno != ESUCCESS {
		return errno
	}
	return h.SetTimesAt(path, flags, p[4], p[5])
}
