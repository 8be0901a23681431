package wasi

import (
	"context"
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine"
)

const fdstatSize = 24

// fdFdstatGet describes a descriptor.
//
//	fd
//	stat → 24 bytes
//
//	0      1   2       4       8            16           24
//	┌──────┬───┬───────┬───────┬────────────┬────────────┐
//	│ type │ 0 │ flags │   0   │   rights   │ inheriting │
//	└──────┴───┴───────┴───────┴────────────┴────────────┘
//
// EBADF. EFAULT.
func (s *State) fdFdstatGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	stat, ok := m.Slice(uint32(p[1]), fdstatSize)
	if !ok {
		return EFAULT
	}
	clear(stat)
	stat[0] = byte(e.d.Filetype())
	binary.LittleEndian.PutUint16(stat[2:], uint16(e.flags))
	binary.LittleEndian.PutUint64(stat[8:], uint64(e.base))
	binary.LittleEndian.PutUint64(stat[16:], uint64(e.inheriting))
	return ESUCCESS
}

// fdFdstatSetFlags sets a descriptor's flags. Append and NonBlock take effect;
// the others are remembered, since every write is synchronous.
//
//	fd, flags
//
// EBADF. EINVAL: an unknown flag. ENOTCAPABLE.
func (s *State) fdFdstatSetFlags(_ context.Context, _ engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	flags := uint32(p[1])
	if flags&^uint32(allFdflags) != 0 {
		return EINVAL
	}
	if errno := e.can(RightFdFdstatSetFlags); errno != ESUCCESS {
		return errno
	}
	e.flags = Fdflags(flags)
	return ESUCCESS
}

// fdFdstatSetRights drops rights of a descriptor.
//
//	fd
//	fs_rights_base       the rights it keeps
//	fs_rights_inheriting the rights that what is opened below it can have
//
// EBADF. ENOTCAPABLE: a right that it does not have; nothing is changed.
func (s *State) fdFdstatSetRights(_ context.Context, _ engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	base, inheriting := Rights(p[1]), Rights(p[2])
	if base&^e.base != 0 || inheriting&^e.inheriting != 0 {
		return ENOTCAPABLE
	}
	e.base, e.inheriting = base, inheriting
	return ESUCCESS
}
