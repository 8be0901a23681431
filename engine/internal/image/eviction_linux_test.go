package image

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// evicter runs events and takes pages from memory between them.
type evicter struct {
	t      *testing.T
	image  *Image
	memory *Memory
	evict  func()
	major  int64 // faults that had to wait for a page, while events ran
}

// run returns what Verify found.
func (e *evicter) run(events int, r *rand.Rand) error {
	for n := range events {
		e.evict()
		before := majorCount(e.t)
		ev := event{e.t, r, e.memory}
		held, err := ev.run()
		e.major += majorCount(e.t) - before
		if err == nil {
			err = e.memory.Verify()
		}
		if err != nil {
			return fmt.Errorf("event %d, gate %t: %w", n, held, err)
		}
	}
	return nil
}

func majorCount(t *testing.T) int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return int64(usage.Majflt)
}

// minorFaults is the count that leaks: a page that has to be read before it is
// copied is booked as a major fault alone.
func minorFaults() (uint64, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(unix.RUSAGE_THREAD, &usage)
	return uint64(usage.Minflt), err
}

// TestPagesOnDisk has an image in a file on a disk, and takes it from memory
// before every event.
func TestPagesOnDisk(t *testing.T) {
	if !Supported().Image {
		t.Skip("images are not files here")
	}
	for name, change := range map[string]func(p *platform){
		"gate":      func(*platform) {},
		"scan":      func(p *platform) { p.faults = nil },
		"drop":      func(p *platform) { p.faults, p.scan = nil, nil },
		"leak":      func(p *platform) { p.faults = minorFaults },
		"leak drop": func(p *platform) { p.faults, p.scan = minorFaults, nil },
	} {
		t.Run(name, func(t *testing.T) {
			p := without(change)
			p.file = func() (*os.File, error) { return os.Create(filepath.Join(t.TempDir(), "image")) }
			p.seal = (*os.File).Sync
			r := rand.New(rand.NewPCG(3, 4))
			i, err := freeze(p, bytes.Repeat([]byte{9}, 32*pageSize))
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close()
			m, err := i.within(Room{}, i.size+4*pageSize)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Release()
			resident := make([]byte, i.backed/uint64(os.Getpagesize()))
			e := &evicter{t: t, image: i, memory: m, evict: func() {
				unix.Madvise(m.bytes, unix.MADV_PAGEOUT)
				unix.Madvise(i.content, unix.MADV_PAGEOUT)
				unix.Fadvise(int(i.file.Fd()), 0, 0, unix.FADV_DONTNEED)
			}}
			e.evict()
			if _, _, errno := syscall.Syscall(syscall.SYS_MINCORE, uintptr(unsafe.Pointer(&i.content[0])), uintptr(i.backed), uintptr(unsafe.Pointer(&resident[0]))); errno != 0 {
				t.Fatal(errno)
			}
			if left := bytes.Count(resident, []byte{1}); left > len(resident)/2 {
				t.Skipf("%d pages of %d stay in memory: the disk is none", left, len(resident))
			}
			var found error
			if strings.HasPrefix(name, "leak") {
				found = e.leak()
			} else {
				found = e.run(60, r)
			}
			if e.major == 0 {
				t.Error("no page was read from the disk")
			}
			if leaks := strings.HasPrefix(name, "leak"); leaks != (found != nil) {
				t.Errorf("found: %v", found)
			}
			t.Logf("%d major faults; found: %v", e.major, found)
		})
	}
}

// leak writes one cold page in an event in which nothing else is new.
func (e *evicter) leak() error {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		e.evict()
		before := majorCount(e.t)
		e.memory.Watch()
		e.memory.Bytes()[r.IntN(int(e.image.size))] = 1
		e.memory.Settle()
		e.major += majorCount(e.t) - before
		if err := errors.Join(e.memory.Restore(), e.memory.Verify()); err != nil {
			return err
		}
	}
	return nil
}

// TestPagesInSwap has the kernel swap out the image and what instances keep.
func TestPagesInSwap(t *testing.T) {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil || info.Totalswap == 0 {
		t.Skip("this system has no swap")
	}
	i, err := Freeze(bytes.Repeat([]byte{9}, 32*pageSize))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, i.size+4*pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	e := &evicter{t: t, image: i, memory: m, evict: func() {
		unix.Madvise(m.bytes, unix.MADV_PAGEOUT)
		unix.Madvise(i.content, unix.MADV_PAGEOUT)
	}}
	if err := e.run(200, rand.New(rand.NewPCG(3, 4))); err != nil {
		t.Error(err)
	}
	if e.major == 0 {
		t.Skip("the kernel swapped nothing out")
	}
	t.Logf("%d major faults", e.major)
}

// TestMemoryPressure has the control group of this process give memory back.
func TestMemoryPressure(t *testing.T) {
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		t.Skip(err)
	}
	_, path, ok := strings.Cut(string(own), "0::")
	path, _, _ = strings.Cut(path, "\n")
	reclaim, err := os.OpenFile(filepath.Join("/sys/fs/cgroup", path, "memory.reclaim"), os.O_WRONLY, 0)
	if !ok || err != nil {
		t.Skipf("no memory can be reclaimed from the control group %q: %v", path, err)
	}
	defer reclaim.Close()
	i, err := Freeze(bytes.Repeat([]byte{9}, 32*pageSize))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, i.size+4*pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	e := &evicter{t: t, image: i, memory: m, evict: func() {
		reclaim.Write([]byte("32M")) // an error says that it was less
	}}
	if err := e.run(50, rand.New(rand.NewPCG(3, 4))); err != nil {
		t.Error(err)
	}
	t.Logf("%d major faults", e.major)
}
