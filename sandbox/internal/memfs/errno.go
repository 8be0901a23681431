package memfs

import "strconv"

// Errno is an error number of WASI preview 1. Success is none.
type Errno uint16

// The error numbers, in the order of the specification.
const (
	Success Errno = iota
	E2BIG
	EACCES
	EADDRINUSE
	EADDRNOTAVAIL
	EAFNOSUPPORT
	EAGAIN
	EALREADY
	EBADF
	EBADMSG
	EBUSY
	ECANCELED
	ECHILD
	ECONNABORTED
	ECONNREFUSED
	ECONNRESET
	EDEADLK
	EDESTADDRREQ
	EDOM
	EDQUOT
	EEXIST
	EFAULT
	EFBIG
	EHOSTUNREACH
	EIDRM
	EILSEQ
	EINPROGRESS
	EINTR
	EINVAL
	EIO
	EISCONN
	EISDIR
	ELOOP
	EMFILE
	EMLINK
	EMSGSIZE
	EMULTIHOP
	ENAMETOOLONG
	ENETDOWN
	ENETRESET
	ENETUNREACH
	ENFILE
	ENOBUFS
	ENODEV
	ENOENT
	ENOEXEC
	ENOLCK
	ENOLINK
	ENOMEM
	ENOMSG
	ENOPROTOOPT
	ENOSPC
	ENOSYS
	ENOTCONN
	ENOTDIR
	ENOTEMPTY
	ENOTRECOVERABLE
	ENOTSOCK
	ENOTSUP
	ENOTTY
	ENXIO
	EOVERFLOW
	EOWNERDEAD
	EPERM
	EPIPE
	EPROTO
	EPROTONOSUPPORT
	EPROTOTYPE
	ERANGE
	EROFS
	ESPIPE
	ESRCH
	ESTALE
	ETIMEDOUT
	ETXTBSY
	EXDEV
	ENOTCAPABLE
)

// Error names the number and says what it means: "ENOENT: no such file or
// directory".
func (e Errno) Error() string {
	if int(e) >= len(errnoTexts) {
		return "errno " + strconv.Itoa(int(e))
	}
	return errnoTexts[e]
}

var errnoTexts = [...]string{
	Success:         "success",
	E2BIG:           "E2BIG: argument list too long",
	EACCES:          "EACCES: permission denied",
	EADDRINUSE:      "EADDRINUSE: address in use",
	EADDRNOTAVAIL:   "EADDRNOTAVAIL: address not available",
	EAFNOSUPPORT:    "EAFNOSUPPORT: address family not supported",
	EAGAIN:          "EAGAIN: resource unavailable, try again",
	EALREADY:        "EALREADY: connection already in progress",
	EBADF:           "EBADF: bad file descriptor",
	EBADMSG:         "EBADMSG: bad message",
	EBUSY:           "EBUSY: device or resource busy",
	ECANCELED:       "ECANCELED: operation canceled",
	ECHILD:          "ECHILD: no child processes",
	ECONNABORTED:    "ECONNABORTED: connection aborted",
	ECONNREFUSED:    "ECONNREFUSED: connection refused",
	ECONNRESET:      "ECONNRESET: connection reset",
	EDEADLK:         "EDEADLK: resource deadlock would occur",
	EDESTADDRREQ:    "EDESTADDRREQ: destination address required",
	EDOM:            "EDOM: argument out of domain",
	EDQUOT:          "EDQUOT: reserved",
	EEXIST:          "EEXIST: file exists",
	EFAULT:          "EFAULT: bad address",
	EFBIG:           "EFBIG: file too large",
	EHOSTUNREACH:    "EHOSTUNREACH: host unreachable",
	EIDRM:           "EIDRM: identifier removed",
	EILSEQ:          "EILSEQ: illegal byte sequence",
	EINPROGRESS:     "EINPROGRESS: operation in progress",
	EINTR:           "EINTR: interrupted",
	EINVAL:          "EINVAL: invalid argument",
	EIO:             "EIO: input/output error",
	EISCONN:         "EISCONN: socket is connected",
	EISDIR:          "EISDIR: is a directory",
	ELOOP:           "ELOOP: too many levels of symbolic links",
	EMFILE:          "EMFILE: too many open files",
	EMLINK:          "EMLINK: too many links",
	EMSGSIZE:        "EMSGSIZE: message too large",
	EMULTIHOP:       "EMULTIHOP: reserved",
	ENAMETOOLONG:    "ENAMETOOLONG: name too long",
	ENETDOWN:        "ENETDOWN: network is down",
	ENETRESET:       "ENETRESET: connection aborted by network",
	ENETUNREACH:     "ENETUNREACH: network unreachable",
	ENFILE:          "ENFILE: too many files open in system",
	ENOBUFS:         "ENOBUFS: no buffer space available",
	ENODEV:          "ENODEV: no such device",
	ENOENT:          "ENOENT: no such file or directory",
	ENOEXEC:         "ENOEXEC: executable file format error",
	ENOLCK:          "ENOLCK: no locks available",
	ENOLINK:         "ENOLINK: reserved",
	ENOMEM:          "ENOMEM: not enough space",
	ENOMSG:          "ENOMSG: no message of the desired type",
	ENOPROTOOPT:     "ENOPROTOOPT: protocol not available",
	ENOSPC:          "ENOSPC: no space left on device",
	ENOSYS:          "ENOSYS: function not supported",
	ENOTCONN:        "ENOTCONN: socket is not connected",
	ENOTDIR:         "ENOTDIR: not a directory",
	ENOTEMPTY:       "ENOTEMPTY: directory not empty",
	ENOTRECOVERABLE: "ENOTRECOVERABLE: state not recoverable",
	ENOTSOCK:        "ENOTSOCK: not a socket",
	ENOTSUP:         "ENOTSUP: not supported",
	ENOTTY:          "ENOTTY: inappropriate I/O control operation",
	ENXIO:           "ENXIO: no such device or address",
	EOVERFLOW:       "EOVERFLOW: value too large for its type",
	EOWNERDEAD:      "EOWNERDEAD: previous owner died",
	EPERM:           "EPERM: operation not permitted",
	EPIPE:           "EPIPE: broken pipe",
	EPROTO:          "EPROTO: protocol error",
	EPROTONOSUPPORT: "EPROTONOSUPPORT: protocol not supported",
	EPROTOTYPE:      "EPROTOTYPE: wrong protocol type for socket",
	ERANGE:          "ERANGE: result too large",
	EROFS:           "EROFS: read-only file system",
	ESPIPE:          "ESPIPE: invalid seek",
	ESRCH:           "ESRCH: no such process",
	ESTALE:          "ESTALE: reserved",
	ETIMEDOUT:       "ETIMEDOUT: connection timed out",
	ETXTBSY:         "ETXTBSY: text file busy",
	EXDEV:           "EXDEV: cross-device link",
	ENOTCAPABLE:     "ENOTCAPABLE: capabilities insufficient",
}
