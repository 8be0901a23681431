package memfs

import (
	"fmt"
	"strings"
	"testing"
)

// TestWork does what is much work for few bytes.
func TestWork(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: 1 << 30, Files: 2000})
	h := open(t, tmp, "file", Create, Read|Write)
	deepest := tmp
	for range 1000 {
		want(t, "mkdir", deepest.Mkdir("d"), Success)
		deepest = open(t, deepest, "d", MustBeDir, Read)
	}
	many := 500
	want(t, "mkdir", tmp.Mkdir("many"), Success)
	for i := range many {
		put(t, tmp, fmt.Sprintf("many/%d", i), "")
	}
	write := func(off uint64) func() Errno {
		return func() Errno { _, errno := h.WriteAt([]byte("x"), off); return errno }
	}
	for _, c := range []struct {
		name  string
		do    func() Errno
		least int
	}{
		{"a path of many names", func() Errno { _, errno := tmp.StatAt(strings.Repeat("d/", 1000)); return errno }, 1000 * lookupWork},
		{"a page", write(0), pageMin},
		{"a table of pages", write(1<<30 - 1), 1<<14*pageEntry + pageSize},
		{"truncating it", func() Errno { return h.Truncate(1) }, (1<<14 - 1) * pageEntry},
		{"pages in the middle", func() Errno { return h.Allocate(pageSize, 100*pageSize) }, 100 * pageSize},
		{"pages that are there", func() Errno { return h.Allocate(pageSize, 100*pageSize) }, 100 * pageEntry},
		{"the first of many", func() Errno { return tmp.Unlink("many/0") }, (many - 1) * 8},
		{"renaming below many", func() Errno { return tmp.Rename("many", deepest, "m") }, 1000 * parentWork},
	} {
		got := 0
		f.OnWork(func(bytes int) { got += bytes })
		want(t, c.name, c.do(), Success)
		if got < c.least || got > 2*c.least+1<<16 {
			t.Errorf("%s was the work of %d bytes, want %d and a little", c.name, got, c.least)
		}
	}
}

// TestWorkEnds ends Allocate in its middle, as a guest's budget does: it takes
// no more than it worked for, and the file can be closed.
func TestWorkEnds(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: 1 << 30, Files: 10})
	h := open(t, tmp, "file", Create, Write)
	used, left := f.Used(), 10*pageSize
	f.OnWork(func(bytes int) {
		if left -= bytes; left < 0 {
			panic("enough")
		}
	})
	func() {
		defer func() { recover() }()
		h.Allocate(0, 1<<29)
		t.Error("it was not ended")
	}()
	if took := f.Used() - used; took > 13*pageSize {
		t.Errorf("it took %d bytes", took)
	}
	f.OnWork(nil)
	h.Close()
}
