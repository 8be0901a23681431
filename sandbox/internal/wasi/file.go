package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// file is an open file of the file system. pos is where fd_read and fd_write
// go on; it is at most math.MaxInt64.
type file struct {
	handle *memfs.Handle
	pos    uint64
}

func (f *file) Filetype() Filetype { return Filetype(f.handle.Type()) }
func (*file) Fdflags() Fdflags     { return 0 }
func (f *file) Close()             { f.handle.Close() }
func (f *file) Available() uint64  { return f.left(f.pos) }

// left returns how many bytes there are from offset on.
func (f *file) left(offset uint64) uint64 {
	size := f.handle.Stat().Size
	return size - min(size, offset)
}

func (f *file) Read(ctx context.Context, p []byte) (int, Errno) {
	n, errno := f.readAt(ctx, p, f.pos)
	f.pos += uint64(n)
	return n, errno
}

func (f *file) readAt(ctx context.Context, p []byte, offset uint64) (int, Errno) {
	n, errno := f.handle.ReadAt(ctx, p, offset)
	if errno == EINTR {
		interrupted(ctx)
	}
	return n, errno
}

func (f *file) write(p []byte) (int, Errno) {
	n, errno := f.handle.WriteAt(p, f.pos)
	f.pos += uint64(n)
	return n, errno
}

// append writes at the end of the file, where it stands afterwards.
func (f *file) append(p []byte) (int, Errno) {
	n, end, errno := f.handle.Append(p)
	if errno == ESUCCESS {
		f.pos = end
	}
	return n, errno
}

// folder is an open folder of the file system. Paths are relative to it.
type folder struct{ handle *memfs.Handle }

func (*folder) Filetype() Filetype { return Directory }
func (*folder) Fdflags() Fdflags   { return 0 }
func (f *folder) Close()           { f.handle.Close() }
func (*folder) Available() uint64  { return 0 }

func (*folder) Read(context.Context, []byte) (int, Errno) { return 0, EISDIR }

// file returns the file behind fd if it has the rights: EISDIR for a folder,
// ESPIPE for a stream, which has no positions, sizes or times.
func (s *State) file(fd uint32, need Rights) (*file, Errno) {
	e, errno := s.table.get(fd)
	if errno != ESUCCESS {
		return nil, errno
	}
	switch d := e.d.(type) {
	case *file:
		return d, e.can(need)
	case *folder:
		return nil, EISDIR
	}
	return nil, ESPIPE
}

// folder returns the folder behind fd if it has the rights: ENOTDIR for
// everything else.
func (s *State) folder(fd uint32, need Rights) (*memfs.Handle, Errno) {
	e, errno := s.table.get(fd)
	if errno != ESUCCESS {
		return nil, errno
	}
	d, ok := e.d.(*folder)
	if !ok {
		return nil, ENOTDIR
	}
	return d.handle, e.can(need)
}
