package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// Every path is relative to a folder's descriptor and cannot leave it. The
// functions fail alike: EBADF, ENOTDIR if fd is not a folder, ENOTCAPABLE,
// EFAULT, and for what is wrong with the path as memfs.Handle says.

// path returns the path at ptr, and the folder behind fd that it is relative
// to.
func (s *State) path(m engine.Memory, fd, ptr, n uint32, need Rights) (*memfs.Handle, string, Errno) {
	h, errno := s.folder(fd, need)
	if errno != ESUCCESS {
		return nil, "", errno
	}
	path, errno := s.pathString(m, ptr, n)
	return h, path, errno
}

// pathString copies a path out of memory.
func (s *State) pathString(m engine.Memory, ptr, n uint32) (string, Errno) {
	b, ok := m.Slice(ptr, n)
	switch {
	case !ok:
		return "", EFAULT
	case n > memfs.PathMax:
		return "", ENAMETOOLONG
	}
	s.Pay(len(b))
	return string(b), ESUCCESS
}

// lookupFlags checks how links are to be followed, which means nothing without
// links: EINVAL for an unknown flag.
func lookupFlags(v uint32) Errno {
	const symlinkFollow = 1
	if v&^symlinkFollow != 0 {
		return EINVAL
	}
	return ESUCCESS
}

// pathCreateDirectory makes a folder.
//
//	fd
//	path, path_len
//
// EEXIST, ENOSPC, EROFS: not in /tmp. See path for the others.
func (s *State) pathCreateDirectory(_ context.Context, m engine.Memory, p []uint64) Errno {
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[1]), uint32(p[2]), RightPathCreateDirectory)
	if errno != ESUCCESS {
		return errno
	}
	return h.Mkdir(path)
}

// pathRemoveDirectory removes an empty folder.
//
//	fd
//	path, path_len
//
// ENOTEMPTY, ENOTDIR: a file, EROFS: not in /tmp. See path for the others.
func (s *State) pathRemoveDirectory(_ context.Context, m engine.Memory, p []uint64) Errno {
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[1]), uint32(p[2]), RightPathRemoveDirectory)
	if errno != ESUCCESS {
		return errno
	}
	return h.Rmdir(path)
}

// pathUnlinkFile removes a file. Who has it open keeps it.
//
//	fd
//	path, path_len
//
// EISDIR: a folder, EROFS: not in /tmp. See path for the others.
func (s *State) pathUnlinkFile(_ context.Context, m engine.Memory, p []uint64) Errno {
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[1]), uint32(p[2]), RightPathUnlinkFile)
	if errno != ESUCCESS {
		return errno
	}
	return h.Unlink(path)
}

// pathRename moves a file or folder, replacing a file or an empty folder.
//
//	fd
//	old_path, old_path_len
//	new_fd
//	new_path, new_path_len
//
// EISDIR: a file onto a folder. ENOTDIR: a folder onto a file. ENOTEMPTY.
// EINVAL: a folder into itself. EROFS: not within /tmp. See path for the
// others.
func (s *State) pathRename(_ context.Context, m engine.Memory, p []uint64) Errno {
	from, old, errno := s.path(m, uint32(p[0]), uint32(p[1]), uint32(p[2]), RightPathRenameSource)
	if errno != ESUCCESS {
		return errno
	}
	to, path, errno := s.path(m, uint32(p[3]), uint32(p[4]), uint32(p[5]), RightPathRenameTarget)
	if errno != ESUCCESS {
		return errno
	}
	return from.Rename(old, to, path)
}
