package memfs

import "context"

// ReadAt copies bytes from offset off into p and returns how many: fewer than
// len(p) only at the end of the file, 0 at or beyond it. EISDIR for a folder,
// EBADF if h is not open for reading, EIO if a file of the Base cannot be read,
// EINTR if ctx is done before it was, which others may go on waiting for.
func (h *Handle) ReadAt(ctx context.Context, p []byte, off uint64) (int, Errno) {
	if errno := h.check(Read); errno != Success {
		return 0, errno
	}
	switch n := h.node; {
	case n.data != nil:
		return n.data.readAt(p, off), Success
	case n.read != nil:
		data, err := n.read(ctx)
		if err == errNotYet {
			return 0, EINTR
		}
		if err != nil {
			return 0, EIO
		}
		if off >= uint64(len(data)) {
			return 0, Success
		}
		return copy(p, data[off:]), Success
	}
	return 0, Success // of /dev/null
}

// WriteAt writes p at offset off, leaving a hole if that is beyond the end. It
// returns how many bytes it wrote: fewer than len(p) when the rest does not
// fit. If none does, EFBIG at or beyond the largest file size, else ENOSPC.
// EISDIR for a folder, EBADF if h is not open for writing.
func (h *Handle) WriteAt(p []byte, off uint64) (int, Errno) {
	if errno := h.check(Write); errno != Success {
		return 0, errno
	}
	n := h.node
	if n.data == nil {
		return len(p), Success // to /dev/null
	}
	done, errno := n.data.writeAt(p, off)
	if done > 0 {
		n.changed(h.fs.time())
	}
	return done, errno
}

// Append is WriteAt at the end of the file. It also returns the new end.
func (h *Handle) Append(p []byte) (n int, end uint64, errno Errno) {
	n, errno = h.WriteAt(p, h.node.stat().Size)
	return n, h.node.stat().Size, errno
}

// Truncate sets the size, cutting the file or extending it by a hole. EFBIG
// beyond the largest file size. EISDIR for a folder, EBADF if h is not open for
// writing, EINVAL for a device.
func (h *Handle) Truncate(size uint64) Errno {
	return h.resize(func(c *content) Errno { return c.truncate(size) })
}

// Allocate makes room for n bytes at off, so that writing them cannot fail, and
// extends the file to hold them; all or, with ENOSPC or EFBIG, nothing. EINVAL
// if n is 0, otherwise as Truncate.
func (h *Handle) Allocate(off, n uint64) Errno {
	return h.resize(func(c *content) Errno { return c.allocate(off, n) })
}

func (h *Handle) resize(change func(*content) Errno) Errno {
	if errno := h.check(Write); errno != Success {
		return errno
	}
	if h.node.data == nil {
		return EINVAL
	}
	errno := change(h.node.data)
	if errno == Success {
		h.node.changed(h.fs.time())
	}
	return errno
}

// check says whether h can be used for a.
func (h *Handle) check(a Access) Errno {
	switch {
	case h.node.kind == Directory:
		return EISDIR
	case h.access&a == 0:
		return EBADF
	}
	return Success
}
