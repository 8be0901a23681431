package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// What fd_seek's offset counts from.
const (
	whenceSet = iota // the start
	whenceCur        // where the file stands
	whenceEnd        // the end
)

// fdSeek moves where a file stands, also beyond its end.
//
//	fd, offset
//	whence    0 the start, 1 where it stands, 2 the end
//	newoffset → u64, from the start
//
// EBADF. EINVAL: an unknown whence, or a position before the start.
// EOVERFLOW: a position of 2⁶³ or more. EISDIR, ESPIPE: not a file.
// ENOTCAPABLE: staying in place needs the right to tell, all else to seek.
// EFAULT.
func (s *State) fdSeek(_ context.Context, m engine.Memory, p []uint64) Errno {
	offset, whence, result := int64(p[1]), uint32(p[2]), uint32(p[3])
	f, errno := s.seekable(uint32(p[0]), offset != 0 || whence != whenceCur)
	if errno != ESUCCESS {
		return errno
	}
	var from uint64
	switch whence {
	case whenceSet:
	case whenceCur:
		from = f.pos
	case whenceEnd:
		from = f.handle.Stat().Size
	default:
		return EINVAL
	}
	to := int64(from) + offset // from < 2⁶³
	if to < 0 {
		if offset > 0 {
			return EOVERFLOW
		}
		return EINVAL
	}
	if !m.PutUint64(result, uint64(to)) {
		return EFAULT
	}
	f.pos = uint64(to)
	return ESUCCESS
}

// fdTell writes where a file stands.
//
//	fd
//	offset → u64, from the start
//
// EBADF. EISDIR, ESPIPE: not a file. ENOTCAPABLE. EFAULT.
func (s *State) fdTell(_ context.Context, m engine.Memory, p []uint64) Errno {
	f, errno := s.seekable(uint32(p[0]), false)
	if errno != ESUCCESS {
		return errno
	}
	if !m.PutUint64(uint32(p[1]), f.pos) {
		return EFAULT
	}
	return ESUCCESS
}

// seekable returns the file behind fd if it may be moved, or told where it
// stands, which the right to move includes.
func (s *State) seekable(fd uint32, move bool) (*file, Errno) {
	f, errno := s.file(fd, RightFdSeek)
	if errno == ENOTCAPABLE && !move {
		return s.file(fd, RightFdTell)
	}
	return f, errno
}
