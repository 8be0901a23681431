package wasi

import (
	"context"
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine"
)

// preopenName is the name of the one preopened folder. Guests resolve every
// absolute path against it.
const preopenName = "/"

const prestatSize = 8

// fdPrestatGet describes a preopened folder. Guests count fd up from 3 until
// they are told EBADF.
//
//	fd
//	prestat → 8 bytes
//
//	0     1       4             8
//	┌─────┬───────┬─────────────┐
//	│ tag │   0   │ length of   │    tag 0: a folder
//	│     │       │ its name    │
//	└─────┴───────┴─────────────┘
//
// EBADF: fd is not open, or not preopened. EFAULT.
func (s *State) fdPrestatGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	if e, errno := s.table.get(uint32(p[0])); errno != ESUCCESS || !e.preopen {
		return EBADF
	}
	prestat, ok := m.Slice(uint32(p[1]), prestatSize)
	if !ok {
		return EFAULT
	}
	clear(prestat)
	binary.LittleEndian.PutUint32(prestat[4:], uint32(len(preopenName)))
	return ESUCCESS
}

// fdPrestatDirName writes a preopened folder's name, without a NUL.
//
//	fd
//	path → the name
//	path_len       the room there is
//
// EBADF: fd is not open, or not preopened. ENAMETOOLONG: the name is longer
// than path_len. EFAULT.
func (s *State) fdPrestatDirName(_ context.Context, m engine.Memory, p []uint64) Errno {
	if e, errno := s.table.get(uint32(p[0])); errno != ESUCCESS || !e.preopen {
		return EBADF
	}
	dst, ok := m.Slice(uint32(p[1]), uint32(p[2]))
	if !ok {
		return EFAULT
	}
	if len(dst) < len(preopenName) {
		return ENAMETOOLONG
	}
	copy(dst, preopenName)
	return ESUCCESS
}
