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
// "." and "..", the order of the others is the same each time. What is removed
// between calls is skipped; what is added shows when reading starts over at 0,
// so that a guest that creates while it reads comes to an end. ENOTDIR for a
// file, ENOENT for a removed folder.
func (h *Handle) NextEntry(cookie uint64) (DirEntry, bool, Errno) { return DirEntry{}, false, ENOSYS }

// Mkdir makes a folder. EEXIST if there is something at path.
func (h *Handle) Mkdir(path string) Errno { return ENOSYS }

// Rmdir removes an empty folder. ENOTDIR for a file, ENOTEMPTY for a folder
// that is not empty, EINVAL if path ends in ".".
func (h *Handle) Rmdir(path string) Errno { return ENOSYS }

// Unlink removes a file. EISDIR for a folder.
func (h *Handle) Unlink(path string) Errno { return ENOSYS }

// Rename moves what is at path to newPath below the folder to, replacing a file
// by a file and an empty folder by a folder. EISDIR for a file onto a folder,
// ENOTDIR for a folder onto a file, ENOTEMPTY, EINVAL for a folder into itself,
// EBUSY for "." and "..".
func (h *Handle) Rename(path string, to *Handle, newPath string) Errno { return ENOSYS }

// Link fails: there are no hard links. ENOTSUP, or what is wrong with a path.
func (h *Handle) Link(path string, to *Handle, newPath string) Errno { return ENOSYS }

// Symlink fails: there are no symbolic links. ENOTSUP, or what is wrong with path.
func (h *Handle) Symlink(path string) Errno { return ENOSYS }

// Readlink fails: EINVAL, since nothing is a symbolic link, or what is wrong
// with path.
func (h *Handle) Readlink(path string) Errno { return ENOSYS }
