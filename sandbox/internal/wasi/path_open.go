package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// pathOpen opens a file or folder.
//
//	fd, dirflags
//	path, path_len
//	oflags               1 create, 2 must be a folder, 4 must not exist, 8 empty it
//	fs_rights_base       the rights wanted
//	fs_rights_inheriting the rights wanted for what is opened below it
//	fdflags
//	opened_fd            → u32
//
// The new descriptor has the rights wanted, less those that do not apply to
// what was opened and those that fd does not pass on. Reading and writing are
// not dropped in silence: without them the guest is told here. A folder has all
// rights that fd passes on, wanted or not: Go asks for those of a file it would
// read, and creates files in the folder later (os.Root).
//
// EINVAL: an unknown flag, or create with must be a folder. ENOENT, EEXIST.
// EISDIR: a folder for writing. EMFILE: too many are open; nothing is created.
// ENOTCAPABLE: fd may not create or empty files, or does not pass on reading or
// writing. ENOSPC, EROFS: not in /tmp. See path for the others.
func (s *State) pathOpen(_ context.Context, m engine.Memory, p []uint64) Errno {
	const allOflags = memfs.Create | memfs.MustBeDir | memfs.Exclusive | memfs.Truncate
	oflags, fdflags, result := uint32(p[4]), uint32(p[7]), uint32(p[8])
	base, inheriting := Rights(p[5]), Rights(p[6])
	if oflags&^uint32(allOflags) != 0 || fdflags&^uint32(allFdflags) != 0 {
		return EINVAL
	}
	if errno := lookupFlags(uint32(p[1])); errno != ESUCCESS {
		return errno
	}
	flags := memfs.OpenFlags(oflags)
	need := RightPathOpen
	if flags&memfs.Create != 0 {
		need |= RightPathCreateFile
	}
	if flags&memfs.Truncate != 0 {
		need |= RightPathFilestatSetSize
	}
	h, path, errno := s.path(m, uint32(p[0]), uint32(p[2]), uint32(p[3]), need)
	if errno != ESUCCESS {
		return errno
	}
	if _, ok := m.Slice(result, 4); !ok {
		return EFAULT
	}
	parent, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	if base&(RightFdRead|RightFdWrite)&^parent.inheriting != 0 {
		return ENOTCAPABLE
	}
	if errno := s.table.room(); errno != ESUCCESS {
		return errno
	}
	opened, errno := h.Open(path, flags, access(base))
	if errno != ESUCCESS {
		return errno
	}
	e := entry{
		flags:      Fdflags(fdflags),
		base:       base & parent.inheriting,
		inheriting: inheriting & parent.inheriting,
	}
	if opened.Type() == memfs.Directory {
		e.d, e.base = &folder{handle: opened}, parent.inheriting&folderRights
	} else {
		e.d, e.base, e.inheriting = &file{handle: opened}, e.base&fileRights, 0
	}
	m.PutUint32(result, s.table.put(e))
	return ESUCCESS
}

// access is what rights let a file be opened for.
func access(rights Rights) memfs.Access {
	var a memfs.Access
	if rights&RightFdRead != 0 {
		a |= memfs.Read
	}
	if rights&RightFdWrite != 0 {
		a |= memfs.Write
	}
	return a
}
