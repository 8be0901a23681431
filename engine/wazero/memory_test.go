package wazero

import (
	"bytes"
	"os"
	"runtime"
	"testing"
)

// memories makes a memory in each of the ways there are.
func memories(t *testing.T, initial, limit uint64) map[string]*memory {
	t.Helper()
	best, err := newMemory(initial, limit)
	if err != nil {
		t.Fatal(err)
	}
	slice := &memory{limit: limit}
	if slice.Reallocate(initial) == nil {
		t.Fatal("no slice can be had")
	}
	all := map[string]*memory{"reserved": best, "slice": slice}
	if canMap {
		all["moved"] = &memory{limit: limit, mapped: true}
		if all["moved"].Reallocate(initial) == nil {
			t.Fatal("no memory can be mapped")
		}
	}
	return all
}

func TestMemoryGrows(t *testing.T) {
	for name, m := range memories(t, pageSize, 4*pageSize) {
		if runtime.GOOS == "linux" && (m.reserved != nil) != (name != "slice") {
			t.Errorf("%s: the addresses are reserved: %t", name, m.reserved != nil)
		}
		m.bytes[pageSize-1] = 7
		for _, size := range []uint64{pageSize, 2 * pageSize, 4 * pageSize} {
			b := m.Reallocate(size)
			if uint64(len(b)) != size || cap(b) != len(b) && m.reserved != nil {
				t.Fatalf("%s: %d bytes, want %d", name, len(b), size)
			}
			if b[pageSize-1] != 7 || size > pageSize && b[size-1] != 0 {
				t.Errorf("%s: the content changed", name)
			}
			b[size-1] = 7
		}
		for _, size := range []uint64{5 * pageSize, 1 << 40, 1 << 63} {
			if b := m.Reallocate(size); b != nil {
				t.Errorf("%s: grew to %d bytes, the limit is %d", name, len(b), 4*pageSize)
			}
		}
		if len(m.bytes) != 4*pageSize {
			t.Errorf("%s: %d bytes after failing to grow", name, len(m.bytes))
		}
		m.Free() // must not take the view away
		m.bytes[0] = 1
		for range 2 {
			if err := m.release(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if m.bytes != nil || m.Reallocate(pageSize) != nil {
			t.Errorf("%s: there is memory after its release", name)
		}
	}
}

func TestMemoryOfNothing(t *testing.T) {
	for _, limit := range []uint64{0, pageSize} {
		for name, m := range memories(t, 0, limit) {
			if m.bytes == nil || len(m.bytes) != 0 {
				t.Errorf("%s: %v", name, m.bytes)
			}
			if got := m.Reallocate(pageSize); (got != nil) != (limit > 0) {
				t.Errorf("%s: growing with a limit of %d gives %d bytes", name, limit, len(got))
			}
			m.release()
		}
	}
}

// TestMemoryFallsBack reserves more than there are addresses.
func TestMemoryFallsBack(t *testing.T) {
	m, err := newMemory(pageSize, 1<<60)
	if err != nil {
		t.Fatal(err)
	}
	defer m.release()
	if n := len(m.reserved); n > pageSize {
		t.Errorf("2^60 bytes of addresses: %d are reserved", n)
	}
	if b := m.Reallocate(3 * pageSize); len(b) != 3*pageSize {
		t.Errorf("it grew to %d bytes", len(b))
	}
}

// TestMemoryIsReleased compares the mappings before and after.
func TestMemoryIsReleased(t *testing.T) {
	mappings := func() int {
		maps, err := os.ReadFile("/proc/self/maps")
		if err != nil {
			t.Skip("the system does not list mappings")
		}
		return bytes.Count(maps, []byte("\n"))
	}
	before := mappings()
	var list []*memory
	for range 500 {
		m, err := newMemory(pageSize, 64<<20)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	if during := mappings(); during < before+500 {
		t.Errorf("500 memories are %d mappings: the test sees nothing", during-before)
	}
	for _, m := range list {
		m.release()
	}
	if after := mappings(); after > before+100 {
		t.Errorf("%d mappings, after 500 memories %d", before, after)
	}
}
