//go:build linux || darwin

package image

import (
	"math"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// canMap says whether memory can be had from the system.
const canMap = true

// reserve returns size bytes of addresses without memory, nil if the system
// refuses.
func reserve(size uint64) []byte {
	if size == 0 || size > math.MaxInt {
		return nil
	}
	p, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if err != nil {
		return nil
	}
	return unsafe.Slice((*byte)(p), size)
}

// commit makes bytes [from, to) of a reservation accessible.
func commit(b []byte, from, to uint64) bool {
	return from == to || unix.Mprotect(b[from:to], unix.PROT_READ|unix.PROT_WRITE) == nil
}

// protect makes b inaccessible.
func protect(b []byte) error { return unix.Mprotect(b, unix.PROT_NONE) }

// unreserve gives a mapping, or a part of one, back.
func unreserve(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	return unix.MunmapPtr(unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)))
}

// view maps the first size bytes of a file to be read.
func view(f *os.File, size uint64) ([]byte, error) {
	p, err := unix.MmapPtr(int(f.Fd()), 0, nil, uintptr(size), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	return unsafe.Slice((*byte)(p), size), nil
}

// overlay maps a file, copy-on-write, over the beginning of a reservation.
func overlay(b []byte, f *os.File, size uint64) error {
	_, err := unix.MmapPtr(int(f.Fd()), 0, unsafe.Pointer(unsafe.SliceData(b)), uintptr(size),
		unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_FIXED|unix.MAP_NORESERVE)
	return os.NewSyscallError("mmap", err)
}

// isMapped says whether there is a mapping at all addresses of b.
func isMapped(b []byte) bool { return unix.Msync(b, unix.MS_ASYNC) == nil }
