package wasi

import "github.com/lambent-dev/lambent/sandbox/internal/memfs"

// Errno is an error number of preview 1. Every function of the module but
// proc_exit answers one.
type Errno = memfs.Errno

// The error numbers that packages built on this one, and it itself, answer.
const (
	ESUCCESS     = memfs.Success
	E2BIG        = memfs.E2BIG
	EACCES       = memfs.EACCES
	EAGAIN       = memfs.EAGAIN
	EBADF        = memfs.EBADF
	EEXIST       = memfs.EEXIST
	EFAULT       = memfs.EFAULT
	EFBIG        = memfs.EFBIG
	EINTR        = memfs.EINTR
	EINVAL       = memfs.EINVAL
	EISDIR       = memfs.EISDIR
	EMFILE       = memfs.EMFILE
	ENAMETOOLONG = memfs.ENAMETOOLONG
	ENOENT       = memfs.ENOENT
	ENOSYS       = memfs.ENOSYS
	ENOTDIR      = memfs.ENOTDIR
	ENOTSOCK     = memfs.ENOTSOCK
	ENOTSUP      = memfs.ENOTSUP
	EOVERFLOW    = memfs.EOVERFLOW
	EPERM        = memfs.EPERM
	ESPIPE       = memfs.ESPIPE
	ENOTCAPABLE  = memfs.ENOTCAPABLE
)
