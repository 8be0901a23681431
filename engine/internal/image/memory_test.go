package image

import (
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
)

// zeros makes a memory by the best method there is.
func zeros(initial, limit uint64) (*Memory, error) {
	return newMemory(detect(), initial, limit, Room{})
}

// kinds are the ways a memory can be had and restored. Those that this system
// does not offer are what comes next.
func kinds() map[string]*platform {
	refuse := func() (*os.File, error) { return nil, errors.New("no file") }
	return map[string]*platform{
		"gate":        detect(),
		"scan":        without(func(p *platform) { p.faults = nil }),
		"huge pages":  without(func(p *platform) { p.smallPages = func([]byte) error { return errors.New("no") } }),
		"drop":        without(func(p *platform) { p.faults, p.scan = nil, nil }),
		"gate, drop":  without(func(p *platform) { p.scan = nil }),
		"no file":     without(func(p *platform) { p.file = refuse }),
		"copy":        without(func(p *platform) { p.faults, p.scan, p.drop = nil, nil, nil }),
		"cannot drop": without(func(p *platform) { p.drop = func([]byte) error { return errors.New("no") } }),
		"unlisted":    without(func(p *platform) { p.present = nil }),
		"slice":       {},
	}
}

// without returns the platform of this system with a change.
func without(change func(*platform)) *platform {
	p := *detect()
	change(&p)
	return &p
}

// memories makes a memory of zeros in each of the ways there are.
func memories(t *testing.T, initial, limit uint64) map[string]*Memory {
	t.Helper()
	all := map[string]*Memory{}
	for name, p := range kinds() {
		m, err := newMemory(p, initial, limit, Room{})
		if err != nil {
			t.Fatal(err)
		}
		all[name] = m
	}
	if canMap {
		m := &Memory{image: &Image{platform: detect(), size: initial}, platform: detect(), limit: limit, mapped: true, reach: initial}
		if !m.move(initial) {
			t.Fatal("no memory can be mapped")
		}
		all["moved"] = m
	}
	return all
}

func TestMemoryGrows(t *testing.T) {
	for name, m := range memories(t, pageSize, 4*pageSize) {
		if runtime.GOOS == "linux" && (m.reserved != nil) != (name != "slice") {
			t.Errorf("%s: the addresses are reserved: %t", name, m.reserved != nil)
		}
		for range 3 {
			m.bytes[pageSize-1] = 7
			first := &m.bytes[0]
			for _, size := range []uint64{pageSize, 2 * pageSize, 4 * pageSize} {
				if !m.Grow(size) {
					t.Fatalf("%s: it does not grow to %d bytes", name, size)
				}
				b := m.Bytes()
				if uint64(len(b)) != size || cap(b) != len(b) && m.reserved != nil {
					t.Fatalf("%s: %d bytes, want %d", name, len(b), size)
				}
				if b[pageSize-1] != 7 || size > pageSize && b[size-1] != 0 {
					t.Errorf("%s: the content changed", name)
				}
				if name != "moved" && name != "slice" && first != &b[0] {
					t.Errorf("%s: it moved", name)
				}
				b[size-1] = 7
			}
			for _, size := range []uint64{4*pageSize + 1, 5 * pageSize, 1 << 40, 1 << 63} {
				if m.Grow(size) {
					t.Errorf("%s: grew to %d bytes, the limit is %d", name, size, 4*pageSize)
				}
			}
			if len(m.bytes) != 4*pageSize || !m.Grow(pageSize) || len(m.bytes) != 4*pageSize {
				t.Errorf("%s: %d bytes after failing to grow", name, len(m.bytes))
			}
			if err := m.Restore(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := m.Verify(); err != nil || len(m.bytes) != pageSize {
				t.Errorf("%s: %d bytes: %v", name, len(m.bytes), err)
			}
		}
		for range 2 {
			if err := m.Release(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if m.Bytes() != nil || m.Grow(pageSize) || m.Restore() == nil || m.Verify() == nil {
			t.Errorf("%s: there is memory after its release", name)
		}
		m.Watch()
		m.Void()
	}
}

func TestMemoryOfNothing(t *testing.T) {
	for _, limit := range []uint64{0, pageSize} {
		for name, m := range memories(t, 0, limit) {
			for range 2 {
				m.Watch()
				if b := m.Bytes(); b == nil || len(b) != 0 {
					t.Errorf("%s: %d bytes, nil: %t", name, len(b), b == nil)
				}
				if m.Grow(pageSize) != (limit > 0) {
					t.Errorf("%s: growing with a limit of %d gives %d bytes", name, limit, len(m.Bytes()))
				}
				m.Settle()
				if err := m.Restore(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if err := m.Verify(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			m.Release()
		}
	}
}

// TestMemoryFallsBack reserves more than there are addresses.
func TestMemoryFallsBack(t *testing.T) {
	content := make([]byte, pageSize)
	content[9] = 9
	i, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, 1<<60)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	if n := len(m.reserved); n > pageSize {
		t.Errorf("2^60 bytes of addresses: %d are reserved", n)
	}
	for range 3 {
		m.Watch()
		if !m.Grow(3*pageSize) || len(m.Bytes()) != 3*pageSize || m.Bytes()[9] != 9 {
			t.Fatalf("it grew to %d bytes", len(m.Bytes()))
		}
		m.Bytes()[9] = 1
		m.Bytes()[3*pageSize-1] = 1
		if m.Settle() != -1 {
			t.Error("it has a gate")
		}
		if err := errors.Join(m.Restore(), m.Verify()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSizesAreChecked(t *testing.T) {
	for _, sizes := range [][2]uint64{{1, pageSize}, {pageSize, pageSize + 1}, {2 * pageSize, pageSize}, {0, 1 << 63}} {
		if m, err := zeros(sizes[0], sizes[1]); err == nil {
			m.Release()
			t.Errorf("a memory of %d bytes with a limit of %d", sizes[0], sizes[1])
		}
	}
	if _, err := Freeze(make([]byte, blockSize)); err == nil {
		t.Errorf("an image of %d bytes", blockSize)
	}
	i, err := Freeze(make([]byte, 2*pageSize))
	if err != nil {
		t.Fatal(err)
	}
	if i.Size() != 2*pageSize {
		t.Errorf("its size is %d", i.Size())
	}
	if _, err := i.within(Room{}, pageSize); err == nil {
		t.Error("a memory with a limit that is less than the image")
	}
	if err := errors.Join(i.Close(), i.Close()); err != nil {
		t.Error(err)
	}
	if _, err := i.within(Room{}, 2*pageSize); err == nil {
		t.Error("a memory of a closed image")
	}
}

// TestGrownMemoryIsTakenAway reads where the last event had memory.
func TestGrownMemoryIsTakenAway(t *testing.T) {
	if !Supported().Mapped {
		t.Skip("memory is not mapped here")
	}
	m, err := zeros(pageSize, 4*pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	m.Grow(3 * pageSize)
	grown := m.Bytes()
	grown[2*pageSize] = 1
	if err := m.Restore(); err != nil {
		t.Fatal(err)
	}
	read := func(at int) (ok bool) {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() { ok = recover() == nil }()
		runtime.KeepAlive(grown[at])
		return
	}
	if !read(0) || read(pageSize) || read(2*pageSize) {
		t.Errorf("the first page can be read: %t; what it had grown: %t, %t", read(0), read(pageSize), read(2*pageSize))
	}
}

// TestImageOutlivesItself closes it under its memories.
func TestImageOutlivesItself(t *testing.T) {
	for name, p := range kinds() {
		content := make([]byte, 2*pageSize)
		content[3] = 3
		i, err := freeze(p, content)
		if err != nil {
			t.Fatal(err)
		}
		m, err := i.within(Room{}, 2*pageSize)
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Close(); err != nil {
			t.Error(err)
		}
		for range 3 {
			m.Watch()
			if m.Bytes()[3] != 3 {
				t.Errorf("%s: the content changed", name)
			}
			m.Bytes()[3] = 1
			m.Settle()
			if err := errors.Join(m.Restore(), m.Verify()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := m.Release(); err != nil {
			t.Error(err)
		}
		if i.content != nil && i.mapped {
			t.Errorf("%s: the image is still mapped", name)
		}
	}
}

// TestImageIsClosedMeanwhile makes memories while somebody closes the image.
func TestImageIsClosedMeanwhile(t *testing.T) {
	for range 50 {
		content := make([]byte, pageSize)
		content[3] = 3
		i, err := Freeze(content)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					m, err := i.within(Room{}, pageSize)
					if errors.Is(err, errClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					m.Bytes()[3]++
					if err := errors.Join(m.Restore(), m.Verify(), m.Release()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		runtime.Gosched()
		if err := i.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	}
}
