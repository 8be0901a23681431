package image

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// detect returns what this system offers, having tried it.
var detect = sync.OnceValue(func() *platform {
	p := &platform{
		methods:    Methods{Mapped: canMap && pageSize%os.Getpagesize() == 0},
		file:       newFile,
		seal:       sealFile,
		smallPages: func(b []byte) error { return unix.Madvise(b, unix.MADV_NOHUGEPAGE) },
		faults:     threadFaults,
		drop:       func(b []byte) error { return unix.Madvise(b, unix.MADV_DONTNEED) },
	}
	// It stays open as long as the process lives.
	if f, err := os.Open("/proc/self/pagemap"); err == nil {
		fd := f.Fd()
		p.scan = func(s *scanner, from, to uint64) (int, uint64, error) { return scanPages(fd, s, from, to) }
		p.present = func(b []byte, pages []bool) error { return presentPages(f, b, pages) }
	}
	p.test()
	return p
})

// newFile makes a file that is nowhere but in memory.
func newFile() (*os.File, error) {
	const flags = unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate("lambent-image", flags|unix.MFD_NOEXEC_SEAL)
	if err == unix.EINVAL { // before Linux 6.3
		fd, err = unix.MemfdCreate("lambent-image", flags)
	}
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "image"), nil
}

func sealFile(f *os.File) error {
	_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL)
	return os.NewSyscallError("fcntl", err)
}

// threadFaults counts the page faults of the calling thread. Major ones count:
// the copy-on-write of a page of the image that has to be read first is booked
// as major alone.
func threadFaults() (uint64, error) {
	var usage syscall.Rusage
	// It waits for nothing, so the scheduler need not know.
	_, _, errno := syscall.RawSyscall(syscall.SYS_GETRUSAGE, unix.RUSAGE_THREAD, uintptr(unsafe.Pointer(&usage)), 0)
	if errno != 0 {
		return 0, errno
	}
	return uint64(usage.Minflt) + uint64(usage.Majflt), nil
}

// pagemapScan is PAGEMAP_SCAN.
const pagemapScan = 0xc0606610

// Categories of pages, PAGE_IS_….
const (
	pageIsFile    = 1 << 2
	pageIsPresent = 1 << 3
	pageIsSwapped = 1 << 4
)

// scanArguments is struct pm_scan_arg.
type scanArguments struct {
	size, flags           uint64
	start, end, walkEnd   uint64
	spans, room, maxPages uint64
	inverted, all, any    uint64
	report                uint64
}

// scanPages finds the pages that are the memory's own: in the page table or
// swapped out, and not of a file. In the image that is every such page, also
// the one of zeros, which same-page merging may have put there; beyond it the
// page of zeros is what reads of untouched memory show, so it is reported as
// such.
func scanPages(pagemap uintptr, s *scanner, from, to uint64) (int, uint64, error) {
	a := scanArguments{
		size:     uint64(unsafe.Sizeof(scanArguments{})),
		start:    from,
		end:      to,
		spans:    uint64(uintptr(unsafe.Pointer(&s.spans))),
		room:     uint64(len(s.spans)),
		inverted: pageIsFile,
		all:      pageIsFile,
		any:      pageIsPresent | pageIsSwapped,
		report:   pageIsZero,
	}
	n, _, errno := syscall.Syscall(syscall.SYS_IOCTL, pagemap, pagemapScan, uintptr(unsafe.Pointer(&a)))
	runtime.KeepAlive(s)
	if errno != 0 {
		return 0, 0, errno
	}
	return int(n), a.walkEnd, nil
}

// presentPages reads the page table itself: one word for each page, in which
// bit 63 says present and bit 62 swapped out.
func presentPages(pagemap *os.File, b []byte, pages []bool) error {
	words := make([]uint64, len(pages))
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))
	first := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) / uint64(os.Getpagesize())
	if n, err := pagemap.ReadAt(raw, int64(8*first)); n < len(raw) {
		if err == nil || err == io.EOF {
			err = fmt.Errorf("%d bytes of %d", n, len(raw))
		}
		return fmt.Errorf("image: read the page table: %w", err)
	}
	for i, word := range words {
		pages[i] = word>>62 != 0
	}
	return nil
}
