package memfs

// Handle is an open file or folder. It stays valid when what it opened is
// renamed or removed.
//
// The methods that take a path resolve it relative to the handle, which must
// be a folder (else ENOTDIR), and fail alike: EPERM for an absolute path or one
// that climbs above the handle, ENOENT for an empty one, ENAMETOOLONG beyond
// PathMax or NameMax, EILSEQ if it is not UTF-8, EINVAL if it holds a NUL,
// ENOTDIR if a file is used as a folder, also by a trailing slash, EROFS for a
// change outside /tmp, EBUSY for removing or renaming /tmp itself. A path is
// not kept: it may be a view of guest memory.
type Handle struct {
	fs     *FS
	node   *node // nil once closed
	access Access
	end    uint64 // the last cookie of a folder that NextEntry shows
}

// OpenFlags says how to open, with the numbers of WASI preview 1.
type OpenFlags uint16

// The flags.
const (
	Create    OpenFlags = 1 << iota // create the file if there is none
	MustBeDir                       // fail if it is not a folder
	Exclusive                       // with Create: fail if there is one
	Truncate                        // empty the file
)

// Access is what an open file may be used for. A handle may have none.
type Access uint8

// The kinds of access.
const (
	Read Access = 1 << iota
	Write
)

// Open opens the file or folder at path. A folder is opened with MustBeDir or
// without, but neither for writing nor with Create or Truncate (EISDIR);
// MustBeDir fails with ENOTDIR for a file, and Create with MustBeDir with
// EINVAL. With Create and Exclusive, EEXIST if there is something at path; with
// Create, EISDIR for a name with a slash behind it, ENOSPC if there is no room.
// Close the handle.
func (h *Handle) Open(path string, flags OpenFlags, access Access) (*Handle, Errno) {
	if flags&Create != 0 && flags&MustBeDir != 0 {
		return nil, EINVAL
	}
	t, errno := h.resolve(path)
	if errno != Success {
		return nil, errno
	}
	n := t.node
	switch {
	case n == nil && flags&Create == 0:
		return nil, ENOENT
	case n == nil && t.slash:
		return nil, EISDIR
	case n == nil:
		if n, errno = h.fs.create(t.dir, t.name, Regular); errno != Success {
			return nil, errno
		}
	case flags&Create != 0 && flags&Exclusive != 0:
		return nil, EEXIST
	default:
		if errno = n.mayOpen(flags, access); errno != Success {
			return nil, errno
		}
		if flags&Truncate != 0 && n.data != nil {
			n.data.truncate(0)
			n.changed(h.fs.time())
		}
	}
	return h.fs.open(n, access), Success
}

// mayOpen says whether n, which exists, can be opened so.
func (n *node) mayOpen(flags OpenFlags, access Access) Errno {
	switch {
	case n.kind == Directory && (access&Write != 0 || flags&(Create|Truncate) != 0):
		return EISDIR
	case n.kind != Directory && flags&MustBeDir != 0:
		return ENOTDIR
	case n.kind == Regular && !n.writable && (access&Write != 0 || flags&Truncate != 0):
		return EROFS
	}
	return Success
}

func (f *FS) open(n *node, access Access) *Handle {
	if n.writable {
		n.opens++
	}
	return &Handle{fs: f, node: n, access: access, end: n.lastCookie}
}

// Close lets go of what h opened; the room of a removed file is given back when
// its last handle is closed. h must not be used afterwards, but for Close,
// which then does nothing.
func (h *Handle) Close() {
	n := h.node
	h.node = nil
	if n == nil || !n.writable {
		return
	}
	n.opens--
	h.fs.release(n)
}

// Type returns the type of what h opened.
func (h *Handle) Type() FileType { return h.node.kind }

// Access returns what h was opened for.
func (h *Handle) Access() Access { return h.access }
