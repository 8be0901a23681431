package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// The file system has no links of either kind. What is wrong with the paths is
// said first, as if it had.

// pathLink fails: there are no hard links.
//
//	old_fd, old_flags
//	old_path, old_path_len
//	new_fd
//	new_path, new_path_len
//
// ENOTSUP. EINVAL: an unknown flag. See path for the others.
func (s *State) pathLink(_ context.Context, m engine.Memory, p []uint64) Errno {
	if errno := lookupFlags(uint32(p[1])); errno != ESUCCESS {
		return errno
	}
	from, old, errno := s.path(m, uint32(p[0]), uint32(p[2]), uint32(p[3]), RightPathLinkSource)
	if errno != ESUCCESS {
		return errno
	}
	to, path, errno := s.path(m, uint32(p[4]), uint32(p[5]), uint32(p[6]), RightPathLinkTarget)
	if errno != ESUCCESS {
		return errno
	}
	return from.Link(old, to, path)
}

// pathSymlink fails: there are no symbolic links.
//
//	old_path, old_path_len what the link would say
//	fd
//	new_path, new_path_len
//
// ENOTSUP. See path for the others.
func (s *State) pathSymlink(_ context.Context, m engine.Memory, p []uint64) Errno {
	if _, errno := s.pathString(m, uint32(p[0]), uint32(p[1])); errno != ESUCCESS {
		return errno
	}
	h, path, errno := s.path(m, uint32(p[2]), uint32(p[3]), uint32(p[4]), RightPathSymlink)
	if errno != ESUCCESS {
		return errno
	}
	return h.Symlink(path)
}

// pathReadlink fails: nothing is a symbolic link.
//
//	fd
//	path, path_len
//	buf, buf_len   where what the link says would go
//	bufused        → u32, would be its length
//
// EINVAL: there is something at path. ENOENT. See path for the others.
func (s *State) pathReadlink(_ context.Context, m engine.Memory, p []uint64) Errno {
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[1]), uint32(p[2]), RightPathReadlink)
	if errno != ESUCCESS {
		return errno
	}
	if _, ok := m.Slice(uint32(p[3]), uint32(p[4])); !ok {
		return EFAULT
	}
	if _, ok := m.Slice(uint32(p[5]), 4); !ok {
		return EFAULT
	}
	return h.Readlink(path)
}
