package memfs

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
)

func TestReadWrite(t *testing.T) {
	f, _, tmp := newFS(t)
	h := open(t, tmp, "file", Create, Read|Write)
	var model []byte
	for i, w := range []struct {
		off uint64
		len int
	}{
		{0, 1}, {1, 511}, {510, 4}, {100, 0}, {600, 1}, {pageSize - 1, 2}, {3 * pageSize, pageSize},
		{0, 2*pageSize + 7}, {5*pageSize - 3, 3}, {7*pageSize + 9, 1},
	} {
		p := bytes.Repeat([]byte{byte(i + 1)}, w.len)
		if n, errno := h.WriteAt(p, w.off); n != w.len || errno != Success {
			t.Fatalf("write %d bytes at %d: %d, %v", w.len, w.off, n, errno)
		}
		if end := int(w.off) + w.len; w.len > 0 && end > len(model) {
			model = append(model, make([]byte, end-len(model))...)
		}
		copy(model[w.off:], p)
		verify(t, f)
		if read(t, h) != string(model) {
			t.Fatalf("after %d bytes at %d the file differs", w.len, w.off)
		}
	}
	for _, off := range []uint64{0, 1, pageSize - 1, pageSize, uint64(len(model)) - 1, uint64(len(model)),
		uint64(len(model)) + 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		for _, size := range []int{0, 1, 3, pageSize, 2 * pageSize, 1 << 20} {
			p := bytes.Repeat([]byte{0xee}, size)
			n, errno := h.ReadAt(context.Background(), p, off)
			want(t, "read", errno, Success)
			expect := model[min(off, uint64(len(model))):]
			expect = expect[:min(size, len(expect))]
			if !bytes.Equal(p[:n], expect) {
				t.Fatalf("read %d bytes at %d: got %d, want %d", size, off, n, len(expect))
			}
		}
	}
}

func TestAppend(t *testing.T) {
	_, root, tmp := newFS(t)
	a := open(t, tmp, "log", Create, Write)
	b := open(t, tmp, "log", 0, Write)
	for i, h := range []*Handle{a, b, a} {
		n, end, errno := h.Append([]byte("line\n"))
		if n != 5 || end != uint64(5*(i+1)) || errno != Success {
			t.Errorf("append: %d bytes, end %d, %v", n, end, errno)
		}
	}
	if got := get(t, tmp, "log"); got != "line\nline\nline\n" {
		t.Errorf("got %q", got)
	}
	null := open(t, root, "dev/null", 0, Write)
	if n, end, errno := null.Append([]byte("line")); n != 4 || end != 0 || errno != Success {
		t.Errorf("append to null: %d bytes, end %d, %v", n, end, errno)
	}
}

func TestTruncate(t *testing.T) {
	f, _, tmp := newFS(t)
	h := open(t, tmp, "file", Create, Read|Write)
	text := strings.Repeat("0123456789abcdef", 3*pageSize/16)
	if n, errno := h.WriteAt([]byte(text), 0); n != len(text) || errno != Success {
		t.Fatal(n, errno)
	}
	model := []byte(text)
	for _, size := range []int{3 * pageSize, 3*pageSize - 1, 2*pageSize + 1, 2 * pageSize, 4 * pageSize, pageSize + 100,
		pageSize, pageSize - 1, 300, 1000, 513, 512, 511, 600, 1, 2, 0, 5, 1 << 20, 0} {
		want(t, "truncate", h.Truncate(uint64(size)), Success)
		grown := make([]byte, size)
		copy(grown, model)
		model = grown
		verify(t, f)
		if read(t, h) != string(model) {
			t.Fatalf("cut to %d bytes the file differs", size)
		}
	}
	if used := f.Used(); used != entryCharge+4 {
		t.Errorf("empty file takes %d bytes", used)
	}
}

// What a file cannot have: offsets and sizes near every border.
func TestLargestFile(t *testing.T) {
	const quota = 1 << 20
	f, _, tmp := newFS(t)
	h := open(t, tmp, "file", Create, Read|Write)
	for _, off := range []uint64{quota, quota + 1, 1 << 32, 1 << 50, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		n, errno := h.WriteAt([]byte("text"), off)
		want(t, "write", errno, EFBIG)
		if n != 0 {
			t.Errorf("wrote %d bytes at %d", n, off)
		}
		n, errno = h.WriteAt(nil, off)
		want(t, "write nothing", errno, Success)
		if n != 0 {
			t.Errorf("wrote %d bytes of none", n)
		}
		want(t, "allocate at", h.Allocate(off, 1), EFBIG)
		want(t, "allocate to", h.Allocate(1, off), EFBIG)
		want(t, "allocate both", h.Allocate(off, off), EFBIG)
		want(t, "allocate all", h.Allocate(off, math.MaxUint64), EFBIG)
		if off > quota {
			want(t, "truncate", h.Truncate(off), EFBIG)
		}
	}
	if s := h.Stat(); s.Size != 0 {
		t.Errorf("size is %d", s.Size)
	}
	verify(t, f)

	if n, errno := h.WriteAt([]byte("text"), quota-3); n != 3 || errno != Success {
		t.Errorf("write across the end: %d bytes, %v", n, errno)
	}
	want(t, "truncate", h.Truncate(quota), Success)
	if got := read(t, h); got != strings.Repeat("\x00", quota-3)+"tex" {
		t.Error("file with a hole differs")
	}
	if used := f.Used(); used > 2*pageSize {
		t.Errorf("file with a hole takes %d bytes", used)
	}
}

func TestAllocate(t *testing.T) {
	f, _, tmp := newFS(t)
	h := open(t, tmp, "file", Create, Read|Write)
	if _, errno := h.WriteAt([]byte("text"), 2); errno != Success {
		t.Fatal(errno)
	}
	for _, c := range []struct {
		off, n uint64
		want   Errno
		size   uint64
	}{
		{0, 0, EINVAL, 6},
		{math.MaxUint64, 0, EINVAL, 6},
		{0, 100, Success, 100},
		{10, 10, Success, 100},
		{90, 20, Success, 110},
		{pageSize, 1, Success, pageSize + 1},
		{0, 3 * pageSize, Success, 3 * pageSize},
		{0, 1, Success, 3 * pageSize},
		{0, 1<<20 + 1, EFBIG, 3 * pageSize},
		{0, 1 << 20, ENOSPC, 3 * pageSize}, // the file and its pages take room, too
		{15 * pageSize, pageSize, Success, 1 << 20},
	} {
		used := f.Used()
		want(t, "allocate", h.Allocate(c.off, c.n), c.want)
		if s := h.Stat(); s.Size != c.size {
			t.Errorf("allocate %d at %d: size %d, want %d", c.n, c.off, s.Size, c.size)
		}
		if c.want != Success && f.Used() != used {
			t.Errorf("allocate %d at %d failed and took %d bytes", c.n, c.off, f.Used()-used)
		}
		verify(t, f)
	}
	if got := read(t, h); got != "\x00\x00text"+strings.Repeat("\x00", 1<<20-6) {
		t.Error("allocating changed the file")
	}

	// Writing where room was made takes none.
	used := f.Used()
	if n, errno := h.WriteAt(bytes.Repeat([]byte("x"), 3*pageSize), 0); n != 3*pageSize || errno != Success || f.Used() != used {
		t.Errorf("wrote %d bytes, %v, took %d", n, errno, f.Used()-used)
	}
}

// Room for the pages alone does not do: their table takes some, too.
func TestAllocateAllOrNothing(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: entryCharge + 4 + 3*pageSize, Files: 1})
	h := open(t, tmp, "file", Create, Write)
	want(t, "allocate", h.Allocate(0, 3*pageSize), ENOSPC)
	if s := h.Stat(); s.Size != 0 || f.Used() != entryCharge+4 {
		t.Errorf("failed, and left %d bytes, %d used", s.Size, f.Used())
	}
	want(t, "allocate", h.Allocate(0, 2*pageSize), Success)
}

func TestFileErrors(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "file", "text")
	want(t, "mkdir", tmp.Mkdir("dir"), Success)
	for _, c := range []struct {
		path                  string
		access                Access
		read, write, truncate Errno
	}{
		{"tmp/file", Read | Write, Success, Success, Success},
		{"tmp/file", Read, Success, EBADF, EBADF},
		{"tmp/file", Write, EBADF, Success, Success},
		{"tmp/file", 0, EBADF, EBADF, EBADF},
		{"tmp/dir", Read, EISDIR, EISDIR, EISDIR},
		{"tmp", Read, EISDIR, EISDIR, EISDIR},
		{"var/task/bootstrap", Read, Success, EBADF, EBADF},
		{"dev/null", Read | Write, Success, Success, EINVAL},
		{"dev/null", Read, Success, EBADF, EBADF},
	} {
		h := open(t, root, c.path, 0, c.access)
		_, errno := h.ReadAt(context.Background(), make([]byte, 4), 0)
		want(t, c.path+": read", errno, c.read)
		_, errno = h.WriteAt([]byte("text"), 0)
		want(t, c.path+": write", errno, c.write)
		_, _, errno = h.Append([]byte("text"))
		want(t, c.path+": append", errno, c.write)
		want(t, c.path+": truncate", h.Truncate(2), c.truncate)
		want(t, c.path+": allocate", h.Allocate(0, 2), c.truncate)
		h.Close()
	}
}

func TestNull(t *testing.T) {
	f, root, _ := newFS(t)
	h := open(t, root, "dev/null", Truncate, Read|Write)
	before := h.Stat()
	if n, errno := h.WriteAt([]byte("text"), math.MaxUint64); n != 4 || errno != Success {
		t.Errorf("wrote %d bytes, %v", n, errno)
	}
	if n, errno := h.ReadAt(context.Background(), make([]byte, 4), 0); n != 0 || errno != Success {
		t.Errorf("read %d bytes, %v", n, errno)
	}
	if s := h.Stat(); s != before || s.Type != CharDevice || s.Size != 0 {
		t.Errorf("%+v became %+v", before, s)
	}
	if f.Used() != 0 {
		t.Errorf("%d bytes used", f.Used())
	}
}
