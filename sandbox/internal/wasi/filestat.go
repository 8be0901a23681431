package wasi

import (
	"context"
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

const filestatSize = 64

// device is the number of the one file system; streams are on device 0.
const device = 1

// putFilestat writes
//
//	0        8        16     17    24       32       40       48       56       64
//	┌────────┬────────┬──────┬─────┬────────┬────────┬────────┬────────┬────────┐
//	│  dev   │  ino   │ type │  0  │ nlink  │  size  │  atim  │  mtim  │  ctim  │
//	└────────┴────────┴──────┴─────┴────────┴────────┴────────┴────────┴────────┘
//
// with times in nanoseconds since 1970.
func putFilestat(dst []byte, dev uint64, st memfs.Stat) {
	binary.LittleEndian.PutUint64(dst, dev)
	binary.LittleEndian.PutUint64(dst[8:], st.Ino)
	binary.LittleEndian.PutUint64(dst[16:], uint64(st.Type)) // and 7 zeros
	binary.LittleEndian.PutUint64(dst[24:], st.Links)
	binary.LittleEndian.PutUint64(dst[32:], st.Size)
	binary.LittleEndian.PutUint64(dst[40:], st.Atim)
	binary.LittleEndian.PutUint64(dst[48:], st.Mtim)
	binary.LittleEndian.PutUint64(dst[56:], st.Ctim)
}

// fdFilestatGet describes what a descriptor stands for.
//
//	fd
//	buf → 64 bytes, see putFilestat; of a stream only the type
//
// EBADF. ENOTCAPABLE. EFAULT.
func (s *State) fdFilestatGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	if errno := e.can(RightFdFilestatGet); errno != ESUCCESS {
		return errno
	}
	dst, ok := m.Slice(uint32(p[1]), filestatSize)
	if !ok {
		return EFAULT
	}
	if h := handle(e.d); h != nil {
		putFilestat(dst, device, h.Stat())
	} else {
		putFilestat(dst, 0, memfs.Stat{Type: memfs.FileType(e.d.Filetype()), Links: 1})
	}
	return ESUCCESS
}

// fdFilestatSetSize cuts a file, or extends it by zeros.
//
//	fd, size
//
// EBADF: fd is not open, or not for writing. EISDIR, ESPIPE: not a file.
// EFBIG: larger than files can be. ENOTCAPABLE.
func (s *State) fdFilestatSetSize(_ context.Context, _ engine.Memory, p []uint64) Errno {
	f, errno := s.file(uint32(p[0]), RightFdFilestatSetSize)
	if errno != ESUCCESS {
		return errno
	}
	return f.handle.Truncate(p[1])
}

// fdFilestatSetTimes sets the times of a file or folder.
//
//	fd, atim, mtim
//	fst_flags which: 1 atim, 2 atim to now, 4 mtim, 8 mtim to now
//
// EBADF. EINVAL: an unknown flag, both flags of one time, or a stream. EROFS:
// not in /tmp. ENOTCAPABLE.
func (s *State) fdFilestatSetTimes(_ context.Context, _ engine.Memory, p []uint64) Errno {
	flags, errno := timeFlags(uint32(p[3]))
	if errno != ESUCCESS {
		return errno
	}
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	h := handle(e.d)
	if h == nil {
		return EINVAL
	}
	if errno := e.can(RightFdFilestatSetTimes); errno != ESUCCESS {
		return errno
	}
	return h.SetTimes(flags, p[1], p[2])
}

// timeFlags checks fstflags: EINVAL for an unknown one.
func timeFlags(v uint32) (memfs.TimeFlags, Errno) {
	const known = memfs.SetAtim | memfs.SetAtimNow | memfs.SetMtim | memfs.SetMtimNow
	if v&^uint32(known) != 0 {
		return 0, EINVAL
	}
	return memfs.TimeFlags(v), ESUCCESS
}

// handle returns what d has open in the file system, nil for a stream.
func handle(d Descriptor) *memfs.Handle {
	switch d := d.(type) {
	case *file:
		return d.handle
	case *folder:
		return d.handle
	}
	return nil
}
