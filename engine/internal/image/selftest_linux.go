package image

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// trial is a memory of a few pages on which the methods are tried: some of a
// file, if there are files, and some of nothing.
type trial struct {
	platform *platform
	page     int
	file     int    // pages of the file
	bytes    []byte // them, and trialPages more
	view     []byte // of the file
}

// trialPages is how many pages there are of each kind.
const trialPages = 4

// test tries every method and takes away those that do not see what they must,
// as on systems that only imitate a kernel.
func (p *platform) test() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	t, err := p.newTrial()
	if err != nil {
		p.file = nil
		t, err = p.newTrial()
	}
	if err != nil {
		p.methods.Mapped = false
		p.file, p.faults, p.scan, p.drop, p.present = nil, nil, nil, nil, nil
		return
	}
	defer t.release()
	if p.smallPages(t.bytes) != nil || !t.tryFaults() {
		p.faults = nil
		t.write() // for the others to see
	}
	if p.scan != nil && !t.tryScan() {
		p.scan = nil
	}
	if p.present != nil && !t.tryPresent() {
		p.present = nil
	}
	if !t.tryDrop() {
		p.drop, p.scan, p.faults = nil, nil, nil
	}
	p.methods.Image = p.file != nil
	p.methods.Gate, p.methods.Scan, p.methods.Drop = p.faults != nil, p.scan != nil, p.drop != nil
}

func (p *platform) newTrial() (*trial, error) {
	page := os.Getpagesize()
	if !p.methods.Mapped {
		return nil, errors.ErrUnsupported
	}
	t := &trial{platform: p, page: page}
	if p.file != nil {
		t.file = trialPages
	}
	t.bytes = reserve(uint64((t.file + trialPages) * page))
	if t.bytes == nil {
		return nil, errors.New("image: no addresses")
	}
	err := t.fill()
	if err == nil && !commit(t.bytes, uint64(t.file*page), uint64(len(t.bytes))) {
		err = errors.New("image: no memory")
	}
	if err != nil {
		t.release()
		return nil, err
	}
	return t, nil
}

// fill makes the file, makes sure that nobody can change it, and maps it.
func (t *trial) fill() error {
	if t.file == 0 {
		return nil
	}
	f, err := t.platform.file()
	if err != nil {
		return err
	}
	defer f.Close()
	content := bytes.Repeat([]byte{1}, t.file*t.page)
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := t.platform.seal(f); err != nil {
		return err
	}
	if _, err := f.WriteAt(content, 0); err == nil || f.Truncate(0) == nil {
		return errors.New("image: the file is not sealed")
	}
	if t.view, err = view(f, uint64(len(content))); err != nil {
		return err
	}
	if err := overlay(t.bytes, f, uint64(len(content))); err != nil {
		return err
	}
	if !bytes.Equal(t.view, content) {
		return errors.New("image: the file does not show what was written")
	}
	return nil
}

func (t *trial) release() {
	unreserve(t.bytes)
	unreserve(t.view)
}

// Of the pages of each kind, the first is written, the second read and then
// written, the third written when it is cold, if that can be had, the last left
// alone.
func (t *trial) write() { t.touch(func(n int, write func()) { write() }) }

func (t *trial) touch(each func(n int, write func())) {
	for kind := range len(t.bytes) / t.page / trialPages {
		for n := range trialPages - 1 {
			n += kind * trialPages
			switch n % trialPages {
			case 1:
				runtime.KeepAlive(t.bytes[n*t.page])
			case 2:
				if n < t.file {
					unix.Madvise(t.view[n*t.page:][:t.page], unix.MADV_PAGEOUT)
				}
			}
			each(n, func() { t.bytes[n*t.page] += 2 })
		}
	}
}

// tryFaults says whether the thread's count of faults moves on every first
// write to a page.
func (t *trial) tryFaults() bool {
	seen := true
	t.touch(func(n int, write func()) {
		before, err := t.platform.faults()
		write()
		after, err2 := t.platform.faults()
		if err != nil || err2 != nil || before == after {
			seen = false
		}
	})
	return seen
}

// tryScan says whether a scan finds every page that was written.
func (t *trial) tryScan() bool {
	base := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(t.bytes))))
	s := new(scanner)
	n, end, err := t.platform.scan(s, base, base+uint64(len(t.bytes)))
	if err != nil || n < 0 || n > len(s.spans) || end != base+uint64(len(t.bytes)) {
		return false
	}
	for i := range len(t.bytes) / t.page {
		at := base + uint64(i*t.page)
		found := slices.ContainsFunc(s.spans[:n], func(s span) bool { return s.from <= at && at < s.to && !s.zero() })
		if written := i%trialPages < trialPages-1; written && !found {
			return false
		}
	}
	return true
}

// tryPresent says whether the page table lists every page that was written.
func (t *trial) tryPresent() bool {
	pages := make([]bool, len(t.bytes)/t.page)
	if t.platform.present(t.bytes, pages) != nil {
		return false
	}
	for i, present := range pages {
		if written := i%trialPages < trialPages-1; written && !present {
			return false
		}
	}
	return true
}

// tryDrop says whether giving everything back brings back what was there.
func (t *trial) tryDrop() bool {
	if t.platform.drop(t.bytes) != nil {
		return false
	}
	for i, b := range t.bytes {
		if want := i < t.file*t.page; (b == 1) != want || b > 1 {
			return false
		}
	}
	return true
}
