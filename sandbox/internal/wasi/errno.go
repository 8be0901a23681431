package wasi

import "github.com/lambent-dev/lambent/sandbox/internal/memfs"

// Errno is an error number of preview 1. Every function of the module but
// proc_exit answers one.
type Errno = memfs.Errno

// The error numbers that this package and package abi answer themselves.
const (
	ESUCCESS     = memfs.Success
	E2BIG        = memfs.E2BIG
	EACCES       = memfs.EACCES
	EAGAIN       = memfs.EAGAIN
	EBADF        = memfs.EBADF
	EEXIST       = memfs.EEXIST
	EFAULT       = memfs.EFAULT
	EINVAL       = memfs.EINVAL
	EIO          = memfs.EIO
	EISDIR       = memfs.EISDIR
	EMFILE       = memfs.EMFILE
	ENAMETOOLONG = memfs.ENAMETOOLONG
	ENOENT       = memfs.ENOENT
	ENOSPC       = memfs.ENOSPC
	ENOSYS       = memfs.ENOSYS
	ENOTDIR      = memfs.ENOTDIR
	ENOTSOCK     = memfs.ENOTSOCK
	ENOTSUP      = memfs.ENOTSUP
	EOVERFLOW    = memfs.EOVERFLOW
	EPERM        = memfs.EPERM
	ESPIPE       = memfs.ESPIPE
	ENOTCAPABLE  = memfs.ENOTCAPABLE
)
