package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// writer is a descriptor that can be written.
type writer interface {
	write(p []byte) (int, Errno)
}

// fdWrite writes where the descriptor stands, or with the flag Append at the
// end of the file.
//
//	fd
//	iovs, iovs_len the buffers, see iovecs
//	nwritten       → u32, the bytes written: fewer if the rest does not fit
//
// EBADF. EISDIR: a folder. ENOTCAPABLE: not open for writing. ENOSPC, EFBIG:
// not a byte fits. EINVAL, EFAULT: see iovecs; nothing is written.
func (s *State) fdWrite(ctx context.Context, m engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	if e.d.Filetype() == Directory {
		return EISDIR
	}
	if errno := e.can(RightFdWrite); errno != ESUCCESS {
		return errno
	}
	move := e.d.(writer).write // who has the right is a writer
	if f, ok := e.d.(*file); ok && e.flags&Append != 0 {
		move = f.append
	}
	return s.transfer(ctx, m, uint32(p[1]), uint32(p[2]), uint32(p[3]), func(p []byte) (int, Errno) {
		s.Pay(len(p))
		return move(p)
	})
}

// fdPwrite writes a file at an offset, whatever its flags, and leaves alone
// where it stands.
//
//	fd
//	iovs, iovs_len the buffers, see iovecs
//	offset
//	nwritten       → u32, the bytes written: fewer if the rest does not fit
//
// EBADF. EISDIR, ESPIPE: not a file. ENOTCAPABLE: not open for writing and
// seeking. ENOSPC, EFBIG: not a byte fits. EINVAL, EFAULT: see iovecs; nothing
// is written.
func (s *State) fdPwrite(ctx context.Context, m engine.Memory, p []uint64) Errno {
	f, errno := s.file(uint32(p[0]), RightFdWrite|RightFdSeek)
	if errno != ESUCCESS {
		return errno
	}
	offset := p[3]
	return s.transfer(ctx, m, uint32(p[1]), uint32(p[2]), uint32(p[4]), func(p []byte) (int, Errno) {
		s.Pay(len(p))
		n, errno := f.handle.WriteAt(p, offset)
		offset += uint64(n)
		return n, errno
	})
}
