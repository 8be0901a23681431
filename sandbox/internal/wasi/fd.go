package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// fdClose closes a descriptor, be it a standard stream or the preopened
// folder. Its number is free for the next one.
//
//	fd
//
// EBADF.
func (s *State) fdClose(_ context.Context, _ engine.Memory, p []uint64) Errno {
	return s.table.close(uint32(p[0]))
}

// fdRenumber closes to and gives its number to what fd stands for, with flags
// and rights. With fd equal to to it changes nothing.
//
//	fd, to
//
// EBADF: either is not open.
func (s *State) fdRenumber(_ context.Context, _ engine.Memory, p []uint64) Errno {
	from, to := uint32(p[0]), uint32(p[1])
	dst, errno := s.table.get(to)
	if errno != ESUCCESS {
		return errno
	}
	if from == to {
		return ESUCCESS
	}
	src, errno := s.table.take(from)
	if errno != ESUCCESS {
		return errno
	}
	dst.d.Close()
	*dst = src
	return ESUCCESS
}

// fdDatasync does nothing: what was written is where it will ever be.
//
//	fd
//
// EBADF. EINVAL: a stream. ENOTCAPABLE.
func (s *State) fdDatasync(_ context.Context, _ engine.Memory, p []uint64) Errno {
	return s.sync(uint32(p[0]), RightFdDatasync)
}

// fdSync is fdDatasync for data and metadata.
func (s *State) fdSync(_ context.Context, _ engine.Memory, p []uint64) Errno {
	return s.sync(uint32(p[0]), RightFdSync)
}

// sync checks that fd could be synchronised. That a stream cannot, as on
// Linux, is what loggers expect of standard output.
func (s *State) sync(fd uint32, need Rights) Errno {
	e, errno := s.table.get(fd)
	if errno != ESUCCESS {
		return errno
	}
	switch e.d.(type) {
	case *file, *folder:
		return e.can(need)
	}
	return EINVAL
}

// fdAdvise ignores a guest's plans with a file.
//
//	fd, offset, len
//	advice 0 normal to 5 no reuse
//
// EBADF. EINVAL: an unknown advice, or a range that ends beyond 2⁶³. EISDIR,
// ESPIPE: not a file. ENOTCAPABLE.
func (s *State) fdAdvise(_ context.Context, _ engine.Memory, p []uint64) Errno {
	if uint32(p[3]) > 5 || !rangeOK(p[1], p[2]) {
		return EINVAL
	}
	_, errno := s.file(uint32(p[0]), RightFdAdvise)
	return errno
}

// fdAllocate makes room in a file, so that writing there cannot fail, and
// extends it to hold the range.
//
//	fd, offset, len
//
// EBADF. EINVAL: len is 0, or the range ends beyond 2⁶³. ENOSPC, EFBIG: it
// does not fit; nothing is changed. EISDIR, ESPIPE: not a file. ENOTCAPABLE.
func (s *State) fdAllocate(_ context.Context, _ engine.Memory, p []uint64) Errno {
	f, errno := s.file(uint32(p[0]), RightFdAllocate)
	if errno != ESUCCESS {
		return errno
	}
	if p[2] == 0 || !rangeOK(p[1], p[2]) {
		return EINVAL
	}
	return f.handle.Allocate(p[1], p[2])
}

// rangeOK says whether n bytes at offset end below 2⁶³.
func rangeOK(offset, n uint64) bool { return offset < 1<<63 && n < 1<<63-offset }
