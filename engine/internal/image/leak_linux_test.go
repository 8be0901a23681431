package image

import (
	"bytes"
	"errors"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// usage is what a process holds.
type usage struct {
	mappings, files int
	resident        int // kB
}

func usageNow(t *testing.T) usage {
	t.Helper()
	debug.FreeOSMemory()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	u := usage{mappings: bytes.Count(maps, []byte("\n")), files: len(files)}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		if name == "RssAnon" || name == "RssShmem" {
			kB, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			if err != nil {
				t.Fatal(err)
			}
			u.resident += kB
		}
	}
	return u
}

// TestNothingLeaks makes thousands of memories, of hundreds of images, in every
// way there is, and compares what the process holds before and after.
func TestNothingLeaks(t *testing.T) {
	images, each := 40, 4
	if testing.Short() {
		images = 20
	}
	round := func() usage {
		var most usage
		for _, p := range kinds() {
			for n := range images {
				i, err := freeze(p, bytes.Repeat([]byte{1}, 2*pageSize))
				if err != nil {
					t.Fatal(err)
				}
				var list []*Memory
				for range each {
					m, err := i.within(Room{}, uint64(8+n%2<<30)*pageSize) // of every other, no addresses
					if err != nil {
						t.Fatal(err)
					}
					for range 2 {
						m.Watch()
						m.Grow(4 * pageSize)
						for at := 0; at < len(m.Bytes()); at += blockSize {
							m.Bytes()[at]++
						}
						m.Settle()
						if err := m.Restore(); err != nil {
							t.Fatal(err)
						}
					}
					list = append(list, m)
				}
				if n == images-1 {
					u := usageNow(t)
					most.mappings, most.files = max(most.mappings, u.mappings), max(most.files, u.files)
				}
				if n%2 == 0 {
					i.Close()
				}
				for _, m := range list {
					if err := m.Release(); err != nil {
						t.Fatal(err)
					}
				}
				if err := i.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		return most
	}
	round() // what is made once
	before := usageNow(t)
	most := round()
	after := usageNow(t)
	if most.mappings <= before.mappings || most.files <= before.files && Supported().Image {
		t.Errorf("with memories %+v, without %+v: the test sees nothing", most, before)
	}
	if after.mappings > before.mappings+20 || after.files > before.files || after.resident > before.resident+8<<10 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	t.Logf("before %+v, after %+v", before, after)
}

// TestFailuresLeakNothing has every step of making a memory fail.
func TestFailuresLeakNothing(t *testing.T) {
	i, err := Freeze(bytes.Repeat([]byte{1}, 2*pageSize))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	before := usageNow(t)
	for range 200 {
		for _, p := range []*platform{
			without(func(p *platform) { p.seal = func(*os.File) error { return errors.New("no") } }),
			without(func(p *platform) { p.file = func() (*os.File, error) { return os.Open(os.DevNull) } }),
		} {
			if i, err := freeze(p, bytes.Repeat([]byte{1}, pageSize)); err == nil {
				t.Fatalf("an image that is not sealed: %v", i)
			}
		}
		// The file cannot be mapped copy-on-write: the memory is a copy.
		file := i.file
		if i.file, err = os.Open("/"); err != nil {
			t.Fatal(err)
		}
		m, err := i.within(Room{}, 4*pageSize)
		i.file.Close()
		i.file = file
		if err != nil {
			t.Fatal(err)
		}
		if i.mapped && m.shared {
			t.Error("a folder is mapped")
		}
		m.Bytes()[5] = 5
		if err := errors.Join(m.Restore(), m.Verify(), m.Release()); err != nil {
			t.Fatal(err)
		}
	}
	whole := reserve(4 * pageSize)
	if whole == nil || !isMapped(whole) {
		t.Error("a mapping is not seen")
	}
	unreserve(whole[pageSize : 2*pageSize])
	if isMapped(whole) {
		t.Error("a hole is not seen")
	}
	unreserve(whole[:pageSize])
	unreserve(whole[2*pageSize:])
	if after := usageNow(t); after.mappings > before.mappings+20 || after.files > before.files {
		t.Errorf("before %+v, after %+v", before, after)
	}
}
