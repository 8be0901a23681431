package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// fdRead reads from where the descriptor stands. A descriptor that is not
// ready is waited for, unless it has the flag NonBlock.
//
//	fd
//	iovs, iovs_len the buffers, see iovecs
//	nread          → u32, the bytes read; 0 at the end
//
// EBADF. EAGAIN: NonBlock, and nothing there yet. EISDIR: a folder.
// ENOTCAPABLE: not open for reading. EINVAL, EFAULT: see iovecs; nothing is
// read. EIO: a file of the package cannot be read.
func (s *State) fdRead(ctx context.Context, m engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	if e.d.Filetype() == Directory {
		return EISDIR
	}
	if errno := e.can(RightFdRead); errno != ESUCCESS {
		return errno
	}
	waited := false
	return s.transfer(ctx, m, uint32(p[1]), uint32(p[2]), uint32(p[3]), func(p []byte) (int, Errno) {
		if !waited {
			if errno := s.await(ctx, e); errno != ESUCCESS {
				return 0, errno
			}
			waited = true
		}
		p = p[:min(uint64(len(p)), e.d.Available())]
		s.Pay(len(p))
		return e.d.Read(ctx, p)
	})
}

// await returns when the descriptor can be read: EAGAIN if it is not ready and
// must not wait.
func (s *State) await(ctx context.Context, e *entry) Errno {
	w, ok := e.d.(Waiter)
	if !ok {
		return ESUCCESS
	}
	timeout := forever
	if e.flags&NonBlock != 0 {
		timeout = 0
	}
	s.poll.ready = append(s.poll.ready[:0], w.Ready())
	defer s.poll.reset()
	if !s.cfg.World.Wait(ctx, s.poll.ready, timeout)[0] {
		return EAGAIN
	}
	return ESUCCESS
}

// fdPread reads a file at an offset and leaves alone where it stands.
//
//	fd
//	iovs, iovs_len the buffers, see iovecs
//	offset
//	nread          → u32, the bytes read; 0 at or beyond the end
//
// EBADF. EISDIR, ESPIPE: not a file. ENOTCAPABLE: not open for reading and
// seeking. EINVAL, EFAULT: see iovecs; nothing is read. EIO.
func (s *State) fdPread(ctx context.Context, m engine.Memory, p []uint64) Errno {
	f, errno := s.file(uint32(p[0]), RightFdRead|RightFdSeek)
	if errno != ESUCCESS {
		return errno
	}
	offset := p[3]
	return s.transfer(ctx, m, uint32(p[1]), uint32(p[2]), uint32(p[4]), func(p []byte) (int, Errno) {
		p = p[:min(uint64(len(p)), f.left(offset))]
		s.Pay(len(p))
		n, errno := f.readAt(ctx, p, offset)
		offset += uint64(n)
		return n, errno
	})
}
