package memfs

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"testing"
)

func TestQuotaOfFiles(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: 1 << 20, Files: 3})
	put(t, tmp, "a", "")
	want(t, "mkdir", tmp.Mkdir("b"), Success)
	put(t, tmp, "b/c", "")
	_, errno := tmp.Open("d", Create, Write)
	want(t, "create", errno, ENOSPC)
	want(t, "mkdir", tmp.Mkdir("b/d"), ENOSPC)
	want(t, "rename", tmp.Rename("a", tmp, "b/c"), Success)
	put(t, tmp, "d", "")

	// A removed file counts while it is open.
	h := open(t, tmp, "d", 0, Read)
	want(t, "unlink", tmp.Unlink("d"), Success)
	want(t, "mkdir", tmp.Mkdir("e"), ENOSPC)
	h.Close()
	want(t, "mkdir", tmp.Mkdir("e"), Success)
	verify(t, f)
}

// Empty files are not free: their names and themselves take room.
func TestQuotaOfEntries(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: 1 << 20, Files: math.MaxInt})
	made := 0
	for ; ; made++ {
		h, errno := tmp.Open(fmt.Sprintf("%010d", made), Create, Write)
		if errno != Success {
			want(t, "create", errno, ENOSPC)
			break
		}
		h.Close()
	}
	if limit := 1 << 20 / (entryCharge + 10); made != limit {
		t.Errorf("made %d files, want %d", made, limit)
	}
	for i := range made {
		want(t, "unlink", tmp.Unlink(fmt.Sprintf("%010d", i)), Success)
	}
	if f.Used() != 0 || f.Peak() < 1<<20-entryCharge-10 {
		t.Errorf("used %d, peak %d", f.Used(), f.Peak())
	}
}

func TestQuotaOfBytes(t *testing.T) {
	const quota = 10 * pageSize
	f, _, tmp := newFSOf(t, Quota{Bytes: quota, Files: 10})
	a := open(t, tmp, "a", Create, Write)
	b := open(t, tmp, "b", Create, Write)

	// A write is cut where the room ends; the next one fails.
	text := bytes.Repeat([]byte("x"), quota)
	n, errno := a.WriteAt(text, 0)
	if n != 9*pageSize || errno != Success {
		t.Errorf("wrote %d bytes, %v", n, errno)
	}
	_, errno = a.WriteAt(text, uint64(n))
	want(t, "write", errno, ENOSPC)
	_, errno = b.WriteAt(text, 0)
	want(t, "write", errno, ENOSPC)
	_, _, errno = b.Append(text)
	want(t, "append", errno, ENOSPC)
	if s := b.Stat(); s.Size != 0 {
		t.Errorf("failed writes left %d bytes", s.Size)
	}
	verify(t, f)

	// Holes are free, and filling them is not.
	want(t, "truncate", b.Truncate(quota), Success)
	_, errno = b.WriteAt(text[:1], 5*pageSize)
	want(t, "write into hole", errno, ENOSPC)

	// What is cut off can be used by others.
	want(t, "truncate", a.Truncate(5*pageSize), Success)
	if n, errno := b.WriteAt(text[:1], 5*pageSize); n != 1 || errno != Success {
		t.Errorf("wrote %d bytes, %v", n, errno)
	}
	verify(t, f)
	if f.Peak() > quota || f.Peak() < 9*pageSize || f.Used() > 7*pageSize {
		t.Errorf("used %d, peak %d", f.Used(), f.Peak())
	}
}

// The zero Quota, and worse, allows nothing.
func TestQuotaOfNothing(t *testing.T) {
	for _, q := range []Quota{{}, {Bytes: 1 << 20}, {Files: 10}, {Bytes: -1, Files: -1}, {Bytes: math.MinInt64, Files: 10}, {Bytes: entryCharge, Files: 10}} {
		f, _, tmp := newFSOf(t, Quota{})
		f.account.quota = q
		_, errno := tmp.Open("a", Create, Write)
		want(t, fmt.Sprintf("create with %+v", q), errno, ENOSPC)
		want(t, fmt.Sprintf("mkdir with %+v", q), tmp.Mkdir("a"), ENOSPC)
		f.account.quota = Quota{}
	}
}

// Whatever the quota, files end at 1 TiB.
func TestQuotaWithoutEnd(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: math.MaxInt64, Files: math.MaxInt})
	h := open(t, tmp, "file", Create, Read|Write)
	want(t, "truncate", h.Truncate(1<<40), Success)
	want(t, "truncate", h.Truncate(1<<40+1), EFBIG)
	for _, off := range []uint64{1 << 40, math.MaxInt64, math.MaxUint64} {
		_, errno := h.WriteAt([]byte("x"), off)
		want(t, "write", errno, EFBIG)
		want(t, "allocate", h.Allocate(off, 1), EFBIG)
	}
	if n, errno := h.ReadAt(context.Background(), make([]byte, 9), 1<<40-4); n != 4 || errno != Success {
		t.Errorf("read %d bytes, %v", n, errno)
	}
	want(t, "truncate", h.Truncate(0), Success)
	if f.Used() != entryCharge+4 {
		t.Errorf("used %d", f.Used())
	}
}

// Folders that were full once, and nearly empty now, hold on to nothing.
func TestShrinkingFolder(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: 1 << 30, Files: 2000})
	for i := range 1000 {
		put(t, tmp, fmt.Sprint(i), "")
	}
	for i := range 999 {
		want(t, "unlink", tmp.Unlink(fmt.Sprint(i)), Success)
		if have := cap(f.tmp.order); have > 64 && have > 8*len(f.tmp.order) {
			t.Fatalf("%d entries hold room for %d", len(f.tmp.order), have)
		}
	}
	if got := names(t, tmp); got != "999" {
		t.Errorf("got %q", got)
	}
}
