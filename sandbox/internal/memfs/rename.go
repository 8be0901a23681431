package memfs

import "strings"

// Rename moves what is at path to newPath below the folder to, replacing a file
// by a file and an empty folder by a folder. EISDIR for a file onto a folder,
// ENOTDIR for a folder onto a file, ENOTEMPTY onto a folder that is not empty,
// EINVAL for a folder into itself, EBUSY for "." and "..", ENOSPC if a longer
// name finds no room. Moving something onto itself does nothing. to must be of
// the same FS.
func (h *Handle) Rename(path string, to *Handle, newPath string) Errno {
	src, errno := h.resolve(path)
	if errno != Success {
		return errno
	}
	dst, errno := to.resolve(newPath)
	if errno != Success {
		return errno
	}
	if errno := h.fs.mayRename(src, dst); errno != Success {
		return errno
	}
	if src.node != dst.node {
		return h.fs.rename(src.node, dst)
	}
	return Success
}

func (f *FS) mayRename(src, dst target) Errno {
	n, old := src.node, dst.node
	switch {
	case src.dir == nil || dst.dir == nil:
		return EBUSY
	case n == nil:
		return ENOENT
	case n == f.tmp || old == f.tmp:
		return EBUSY
	case !src.dir.writable || !dst.dir.writable:
		return EROFS
	case dst.dir.removed():
		return ENOENT
	case n == old:
		return Success
	case n.kind == Directory && f.within(dst.dir, n):
		return EINVAL
	case n.kind == Directory && old != nil && old.kind != Directory:
		return ENOTDIR
	case n.kind != Directory && old != nil && old.kind == Directory:
		return EISDIR
	case n.kind != Directory && dst.slash:
		return ENOTDIR
	case old != nil && len(old.order) > 0:
		return ENOTEMPTY
	}
	return Success
}

// within reports whether n is folder or lies below it.
func (f *FS) within(n, folder *node) bool {
	for ; n.writable; n = n.parent {
		f.account.work(parentWork)
		if n == folder {
			return true
		}
	}
	return false
}

// rename moves n to dst, for which mayRename found no objection.
func (f *FS) rename(n *node, dst target) Errno {
	if !f.account.take(int64(len(dst.name) - len(n.name))) {
		return ENOSPC
	}
	now := f.time()
	n.parent.changed(now)
	dst.dir.changed(now)
	n.ctim = now
	if dst.node != nil {
		f.discard(dst.node)
	}
	f.detach(n)
	f.attach(n, dst.dir, strings.Clone(dst.name))
	return Success
}
