package memfs

// Link fails: there are no hard links. ENOTSUP, or what is wrong with a path.
func (h *Handle) Link(path string, to *Handle, newPath string) Errno {
	if _, errno := h.find(path); errno != Success {
		return errno
	}
	return to.Symlink(newPath)
}

// Symlink fails: there are no symbolic links. ENOTSUP, EEXIST, or what is wrong
// with path, at which the link would be.
func (h *Handle) Symlink(path string) Errno {
	t, errno := h.resolve(path)
	switch {
	case errno != Success:
		return errno
	case t.node != nil:
		return EEXIST
	}
	return ENOTSUP
}

// Readlink fails: EINVAL, since nothing is a symbolic link, or what is wrong
// with path.
func (h *Handle) Readlink(path string) Errno {
	if _, errno := h.find(path); errno != Success {
		return errno
	}
	return EINVAL
}
