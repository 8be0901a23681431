package image

import (
	"errors"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestFaultsAreFound breaks what restoring relies on, and expects Verify to see
// it. In the same events, nothing is broken with the platform as it is.
func TestFaultsAreFound(t *testing.T) {
	sound := detect()
	if !sound.methods.Gate || !sound.methods.Scan || sound.present == nil {
		t.Skipf("here is only: %v", sound.methods)
	}
	blind := func(_ *scanner, _, to uint64) (int, uint64, error) { return 0, to, nil }
	for name, p := range map[string]*platform{
		"nothing":          sound,
		"gate":             without(func(p *platform) { p.faults = func() (uint64, error) { return 1, nil } }),
		"gate, major only": without(func(p *platform) { p.faults = majorFaults }),
		"scan":             without(func(p *platform) { p.scan = blind }),
		"scan, no gate":    without(func(p *platform) { p.scan, p.faults = blind, nil }),
		"first page unseen": without(func(p *platform) {
			p.scan = func(s *scanner, from, to uint64) (int, uint64, error) {
				n, end, err := sound.scan(s, from, to)
				if n > 0 {
					n = copy(s.spans[:], s.spans[1:n])
				}
				return n, end, err
			}
		}),
		"drop": without(func(p *platform) {
			p.drop, p.faults, p.scan = func([]byte) error { return nil }, nil, nil
		}),
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 7))
			i, err := freeze(p, contentOf(r, 16*pageSize))
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close()
			m, err := i.within(Room{}, 20*pageSize)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Release()
			e := event{t, r, m}
			for range 200 {
				if _, err = e.run(); err != nil {
					t.Fatal(err)
				}
				if err = m.Verify(); err != nil {
					break
				}
			}
			if (err == nil) != (p == sound) {
				t.Errorf("it found: %v", err)
			}
		})
	}
}

// majorFaults counts what a careless gate would.
func majorFaults() (uint64, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(unix.RUSAGE_THREAD, &usage)
	return uint64(usage.Majflt), err
}

// TestHugePagesAreRefused collapses small pages to a huge one between two
// events, as khugepaged does when it likes: the next writes fault nowhere. The
// advice given to every memory must prevent it, and without it the proof must
// see what the gate does not.
func TestHugePagesAreRefused(t *testing.T) {
	const huge = 2 << 20
	if !Supported().Gate {
		t.Skip("there is no gate")
	}
	for name, advise := range map[string]func([]byte) error{
		"refused": detect().smallPages,
		"allowed": func([]byte) error { return nil },
	} {
		m, err := newMemory(without(func(p *platform) { p.smallPages = advise }), 4*huge, 4*huge, Room{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Release()
		base := uintptr(unsafe.Pointer(&m.bytes[0]))
		at := int((base+huge-1)/huge*huge - base)
		var collapsed, found error
		for range 100 { // a page fault of Go's may void the gate
			m.Watch()
			m.Bytes()[at] = 1
			m.Settle()
			if err := errors.Join(m.Restore(), m.Verify()); err != nil {
				t.Fatal(err)
			}
			collapsed = unix.Madvise(m.bytes[at:at+huge], unix.MADV_COLLAPSE)
			m.Watch()
			m.Bytes()[at+huge/2] = 1
			m.Settle()
			if err := m.Restore(); err != nil {
				t.Fatal(err)
			}
			if found = m.Verify(); found != nil {
				break
			}
		}
		switch {
		case name == "refused" && (collapsed == nil || found != nil):
			t.Errorf("refused: collapsing: %v; then: %v", collapsed, found)
		case name == "allowed" && collapsed != nil:
			t.Skipf("this system makes no huge pages when asked: %v", collapsed)
		case name == "allowed" && (found == nil || !strings.Contains(found.Error(), "in the image 0x00")):
			t.Errorf("allowed: the gate did not leak, or the proof did not see it: %v", found)
		}
	}
}

// TestShortScansAreErrors answers scans with what must not be trusted.
func TestShortScansAreErrors(t *testing.T) {
	sound := detect()
	if sound.scan == nil {
		t.Skip("there is no scan")
	}
	page := uint64(pageSize)
	for name, scan := range map[string]func(s *scanner, from, to uint64) (int, uint64, error){
		"error":      func(s *scanner, from, to uint64) (int, uint64, error) { return 0, to, syscall.EINVAL },
		"stuck":      func(s *scanner, from, to uint64) (int, uint64, error) { return 0, from, nil },
		"full stuck": func(s *scanner, from, to uint64) (int, uint64, error) { return len(s.spans), from, nil },
		"short":      func(s *scanner, from, to uint64) (int, uint64, error) { return 0, to - page, nil },
		"before":     func(s *scanner, from, to uint64) (int, uint64, error) { return 0, from - page, nil },
		"beyond":     func(s *scanner, from, to uint64) (int, uint64, error) { return 0, to + page, nil },
		"too many":   func(s *scanner, from, to uint64) (int, uint64, error) { return len(s.spans) + 1, to, nil },
		"negative":   func(s *scanner, from, to uint64) (int, uint64, error) { return -1, to, nil },
		"empty span": func(s *scanner, from, to uint64) (int, uint64, error) {
			s.spans[0] = span{from: from, to: from}
			return 1, to, nil
		},
		"span before": func(s *scanner, from, to uint64) (int, uint64, error) {
			s.spans[0] = span{from: from - page, to: from + page}
			return 1, to, nil
		},
		"span beyond": func(s *scanner, from, to uint64) (int, uint64, error) {
			s.spans[0] = span{from: from, to: to + page}
			return 1, to, nil
		},
		"span past stop": func(s *scanner, from, to uint64) (int, uint64, error) {
			for i := range s.spans {
				s.spans[i] = span{from: from + page, to: from + 2*page}
			}
			return len(s.spans), from + page, nil
		},
	} {
		m, err := newMemory(without(func(p *platform) { p.scan, p.faults = scan, nil }), 4*page, 8*page, Room{})
		if err != nil {
			t.Fatal(err)
		}
		m.bytes[0] = 1
		if err := m.Restore(); err == nil {
			t.Errorf("%s: restored", name)
		}
		m.Watch()
		if n := m.Settle(); n != -1 || m.Restore() == nil {
			t.Errorf("%s: %d pages to copy, and it can be restored again", name, n)
		}
		if err := m.Release(); err != nil {
			t.Error(err)
		}
	}
}

// TestScanIsResumed writes every other page, so that one scan does not hold what
// there is to find, and there is more than a memory keeps.
func TestScanIsResumed(t *testing.T) {
	if !Supported().Scan {
		t.Skip("there is no scan")
	}
	const pages = 4096
	for _, step := range []int{1, 2, 3} {
		for _, count := range []int{127, 128, 129, 256, maxPrivate - 1, maxPrivate, maxPrivate + 1, maxPrivate + maxDrops, maxPrivate + maxDrops + 1, pages / 3} {
			m, err := zeros(pages*blockSize, pages*blockSize)
			if err != nil {
				t.Fatal(err)
			}
			for n := range count {
				m.bytes[n*step*blockSize+n] = 1
			}
			if err := errors.Join(m.Restore(), m.Verify()); err != nil {
				t.Errorf("%d pages, every %d: %v", count, step, err)
			}
			if want := min(count, maxPrivate); m.Private() != want && pageSize == 16*blockSize && unix.Getpagesize() == blockSize {
				t.Errorf("%d pages, every %d: it keeps %d", count, step, m.Private())
			}
			m.Release()
		}
	}
}

// TestZeroPageOverTheImage has the system's page of zeros where the image has
// data, as same-page merging puts it after a guest cleared the page.
func TestZeroPageOverTheImage(t *testing.T) {
	sound := detect()
	if sound.scan == nil {
		t.Skip("there is no scan")
	}
	i, err := freeze(without(func(p *platform) {
		p.scan = func(s *scanner, from, to uint64) (int, uint64, error) {
			n, end, err := sound.scan(s, from, to)
			for i := range s.spans[:n] {
				s.spans[i].categories |= pageIsZero
			}
			return n, end, err
		}
	}), []byte(strings.Repeat("x", pageSize)))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	clear(m.bytes)
	if err := errors.Join(m.Restore(), m.Verify()); err != nil {
		t.Error(err)
	}
}

// TestLockedMemory restores where pages cannot be given back.
func TestLockedMemory(t *testing.T) {
	i, err := Freeze([]byte(strings.Repeat("x", 96*pageSize)))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, 128*pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	if err := unix.Mlock(m.bytes); err != nil {
		t.Skipf("memory cannot be locked: %v", err)
	}
	for n := range 5 {
		m.Watch()
		m.Bytes()[n*7*blockSize] = 1
		m.Grow(100 * pageSize)
		m.Bytes()[99*pageSize] = 1
		m.Settle()
		if err := errors.Join(m.Restore(), m.Verify()); err != nil {
			t.Fatal(err)
		}
	}
	if m.shared {
		t.Error("pages were given back that are locked")
	}
}
