package memfs

// ReadAt copies bytes from offset off into p and returns how many: fewer than
// len(p) only at the end of the file, 0 at or beyond it. EBADF if h is not open
// for reading, EISDIR for a folder, EIO if a file of the Base cannot be read.
func (h *Handle) ReadAt(p []byte, off uint64) (int, Errno) { return 0, ENOSYS }

// WriteAt writes p at offset off, leaving a hole if that is beyond the end. It
// returns how many bytes it wrote: fewer than len(p) when the rest does not
// fit. If none does, EFBIG at or beyond the largest file size, else ENOSPC.
// EBADF if h is not open for writing.
func (h *Handle) WriteAt(p []byte, off uint64) (int, Errno) { return 0, ENOSYS }

// Append is WriteAt at the end of the file. It also returns the new end.
func (h *Handle) Append(p []byte) (n int, end uint64, errno Errno) { return 0, 0, ENOSYS }

// Truncate sets the size, cutting the file or extending it by a hole. EFBIG
// beyond the largest file size. EBADF if h is not open for writing.
func (h *Handle) Truncate(size uint64) Errno { return ENOSYS }

// Allocate makes room for n bytes at off, so that writing them cannot fail, and
// extends the file to hold them; all or, with ENOSPC or EFBIG, nothing. EINVAL
// if n is 0.
func (h *Handle) Allocate(off, n uint64) Errno { return ENOSYS }
