package memfs

// DirEntry is one entry of a folder.
type DirEntry struct {
	Name string
	Ino  uint64
	Type FileType
	Next uint64 // the cookie of the entry after it
}

// NextEntry returns the entry of h's folder at cookie, or false at the end.
// Cookie 0 is the start, every other is a DirEntry.Next. The first entries are
// "." and "..", the others come in the order in which they got their name here.
// What is removed between calls is skipped; what is added or renamed shows when
// reading starts over at 0, so that a guest that does so while it reads comes
// to an end. ENOTDIR for a file, ENOENT for a removed folder.
func (h *Handle) NextEntry(cookie uint64) (DirEntry, bool, Errno) {
	dir := h.node
	switch {
	case dir.kind != Directory:
		return DirEntry{}, false, ENOTDIR
	case dir.removed():
		return DirEntry{}, false, ENOENT
	}
	switch cookie {
	case 0:
		h.end = dir.lastCookie
		return DirEntry{Name: ".", Ino: dir.ino, Type: Directory, Next: cookieDot}, true, Success
	case cookieDot:
		return DirEntry{Name: "..", Ino: dir.parent.ino, Type: Directory, Next: cookieDotDot}, true, Success
	}
	i := dir.after(cookie)
	if i == len(dir.order) || dir.order[i].cookie > h.end {
		return DirEntry{}, false, Success
	}
	n := dir.order[i]
	return DirEntry{Name: n.name, Ino: n.ino, Type: n.kind, Next: n.cookie}, true, Success
}

// Mkdir makes a folder. EEXIST if there is something at path, ENOSPC if there
// is no room.
func (h *Handle) Mkdir(path string) Errno {
	t, errno := h.resolve(path)
	if errno != Success {
		return errno
	}
	if t.node != nil {
		return EEXIST
	}
	_, errno = h.fs.create(t.dir, t.name, Directory)
	return errno
}

// Rmdir removes an empty folder. ENOTDIR for a file, ENOTEMPTY for a folder
// that is not empty, EINVAL if path ends in ".".
func (h *Handle) Rmdir(path string) Errno {
	t, errno := h.resolve(path)
	switch n := t.node; {
	case errno != Success:
		return errno
	case n == nil:
		return ENOENT
	case n.kind != Directory:
		return ENOTDIR
	case t.name == ".":
		return EINVAL
	case t.name == "..":
		return ENOTEMPTY
	case n == h.fs.tmp:
		return EBUSY
	case !n.writable:
		return EROFS
	case len(n.order) > 0:
		return ENOTEMPTY
	}
	h.fs.discard(t.node)
	return Success
}

// Unlink removes a file. EISDIR for a folder.
func (h *Handle) Unlink(path string) Errno {
	n, errno := h.find(path)
	switch {
	case errno != Success:
		return errno
	case n.kind == Directory:
		return EISDIR
	case !n.writable:
		return EROFS
	}
	h.fs.discard(n)
	return Success
}
