package wasi

import (
	"context"
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine"
)

// argsGet writes the guest's arguments.
//
//	argv     → one u32 for each argument, pointing into argv_buf
//	argv_buf → the arguments, each followed by a NUL
//
// With the arguments "a" and "bc", argv = 8 and argv_buf = 16:
//
//	8         12        16
//	┌─────────┬─────────┬───┬───┬───┬───┬───┐
//	│ 16 0 0 0│ 18 0 0 0│'a'│ 0 │'b'│'c'│ 0 │
//	└─────────┴─────────┴───┴───┴───┴───┴───┘
//
// EFAULT: either does not fit where it points.
func (s *State) argsGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	return s.putStrings(m, s.cfg.Args, uint32(p[0]), uint32(p[1]))
}

// argsSizesGet writes how much argsGet will.
//
//	argc          → u32, how many arguments there are
//	argv_buf_size → u32, the bytes of all of them with their NULs
//
// EFAULT.
func (s *State) argsSizesGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	return putSizes(m, s.cfg.Args, uint32(p[0]), uint32(p[1]))
}

// maxStrings is the most bytes of arguments or environment: a fourth of the
// address space, so that the table of pointers fits in it, too.
const maxStrings = 1 << 30

// putStrings writes list as C does: a table of pointers at table, and the
// strings with their NULs at buf.
func (s *State) putStrings(m engine.Memory, list []string, table, buf uint32) Errno {
	size := stringsSize(list)
	if size > maxStrings {
		return EOVERFLOW
	}
	pointers, ok := m.Slice(table, 4*uint32(len(list)))
	if !ok {
		return EFAULT
	}
	text, ok := m.Slice(buf, uint32(size))
	if !ok {
		return EFAULT
	}
	s.Pay(len(pointers) + len(text))
	for i, v := range list {
		binary.LittleEndian.PutUint32(pointers[4*i:], buf)
		n := copy(text, v)
		text[n] = 0
		text, buf = text[n+1:], buf+uint32(n)+1
	}
	return ESUCCESS
}

// putSizes writes the length of list and the bytes of its strings.
func putSizes(m engine.Memory, list []string, count, bytes uint32) Errno {
	size := stringsSize(list)
	if size > maxStrings {
		return EOVERFLOW
	}
	return putPair(m, count, uint32(len(list)), bytes, uint32(size))
}

// stringsSize returns the bytes of all strings with their NULs.
func stringsSize(list []string) uint64 {
	var size uint64
	for _, v := range list {
		size += uint64(len(v)) + 1
	}
	return size
}

// putPair writes two u32 if there is room for both.
func putPair(m engine.Memory, ptr1, v1, ptr2, v2 uint32) Errno {
	if _, ok := m.Slice(ptr2, 4); !ok || !m.PutUint32(ptr1, v1) {
		return EFAULT
	}
	m.PutUint32(ptr2, v2)
	return ESUCCESS
}
