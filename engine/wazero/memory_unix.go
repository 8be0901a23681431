//go:build linux || darwin

package wazero

import (
	"math"
	"syscall"
)

// canMap says whether memory can be had from the system.
const canMap = true

// reserve returns size bytes of addresses without memory, nil if the system
// refuses.
func reserve(size uint64) []byte {
	if size > math.MaxInt {
		return nil
	}
	b, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		return nil
	}
	advise(b)
	return b
}

// commit makes bytes [from, to) of a reservation accessible.
func commit(b []byte, from, to uint64) bool {
	return from == to || syscall.Mprotect(b[from:to], syscall.PROT_READ|syscall.PROT_WRITE) == nil
}

// unreserve gives a reservation back.
func unreserve(b []byte) error { return syscall.Munmap(b) }
