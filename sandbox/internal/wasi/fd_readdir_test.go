package wasi

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// entry of a folder as a guest reads it.
type dirent struct {
	next, ino uint64
	filetype  Filetype
	name      string
}

// readdir reads what fits into size bytes, and says whether it was the end.
func (g *guest) readdir(fd, cookie uint64, size int) (entries []dirent, end bool) {
	g.t.Helper()
	mark := g.next
	buf, used := g.alloc(size+1), g.alloc(4)
	g.ok("fd_readdir", fd, buf, uint64(size), cookie, used)
	n := int(g.u32(used))
	if n > size || g.mem[int(buf)+n] != 0xa5 {
		g.t.Fatalf("fd_readdir used %d bytes of %d, and the next one is %#x", n, size, g.mem[int(buf)+n])
	}
	for at, last := buf, buf+uint64(n); last-at >= direntSize; {
		length := uint64(g.u32(at + 16))
		if last-at < direntSize+length {
			break // cut
		}
		entries = append(entries, dirent{g.u64(at), g.u64(at + 8), Filetype(g.mem[at+20]), string(g.mem[at+24:][:length])})
		at += direntSize + length
	}
	g.next = mark
	return entries, n < size
}

func TestFdReaddir(t *testing.T) {
	g := newGuest(t)
	p, n := g.str("tmp/d")
	g.ok("path_create_directory", preopenedFd, p, n)
	fd := g.open("tmp/d", 0, uint64(folderRights))
	entries, end := g.readdir(fd, 0, 256)
	if !end || len(entries) != 2 || entries[0].name != "." || entries[1].name != ".." {
		t.Fatalf("an empty folder has %v, end %v", entries, end)
	}
	st := g.alloc(filestatSize)
	g.ok("fd_filestat_get", fd, st)
	if entries[0].ino != g.u64(st+statIno) || entries[0].filetype != Directory || entries[1].filetype != Directory {
		t.Errorf("entries are %v, the folder's number is %d", entries, g.u64(st+statIno))
	}

	g.create("tmp/d/file", "")
	file := g.open("tmp/d/file", 0, all)
	g.ok("fd_filestat_get", file, st)
	entries, end = g.readdir(fd, 0, 256)
	if !end || len(entries) != 3 {
		t.Fatalf("the folder has %v, end %v, want three", entries, end)
	}
	if e := entries[2]; e.name != "file" || e.ino != g.u64(st+statIno) || e.filetype != RegularFile {
		t.Errorf("the file is %v, its number %d", e, g.u64(st+statIno))
	}
	after, end := g.readdir(fd, entries[1].next, 256)
	if !end || len(after) != 1 || after[0] != entries[2] {
		t.Errorf("from the third on there is %v, end %v", after, end)
	}
	if after, end := g.readdir(fd, entries[2].next, 256); !end || len(after) != 0 {
		t.Errorf("behind the last there is %v, end %v", after, end)
	}
}

// However small the buffer, a guest that continues at the last whole entry
// sees every entry once, as long as one fits.
func TestFdReaddirInPieces(t *testing.T) {
	g := newGuest(t)
	want := []string{".", ".."}
	for i := range 40 {
		name := fmt.Sprintf("name-%0*d", 1+i%7, i)
		g.create("tmp/"+name, "")
		want = append(want, name)
	}
	slices.Sort(want)
	fd := g.open("tmp", 0, uint64(RightFdReaddir))
	whole, _ := g.readdir(fd, 0, 4096)
	total := 0
	for _, e := range whole {
		total += direntSize + len(e.name)
	}
	for _, size := range []int{direntSize + 12, 60, 61, 100, 256, total - 1, total, total + 1} {
		var got []string
		var cookie uint64
		for {
			entries, end := g.readdir(fd, cookie, size)
			for _, e := range entries {
				got, cookie = append(got, e.name), e.next
			}
			if end {
				break
			}
			if len(entries) == 0 {
				t.Fatalf("nothing fits in %d bytes and it is not the end", size)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("in pieces of %d bytes: %v, want %v", size, got, want)
		}
	}
}

// A cut entry fills the buffer to the last byte: with its head, or its name.
func TestFdReaddirCutsTheLastEntry(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/abcdef", "")
	fd := g.open("tmp", 0, uint64(RightFdReaddir))
	first := direntSize + len(".") + direntSize + len("..")
	for _, size := range []int{0, 1, direntSize, direntSize + 1, first, first + 3, first + direntSize, first + direntSize + 5} {
		if _, end := g.readdir(fd, 0, size); end {
			t.Errorf("%d bytes: the end was announced", size)
		}
	}
	buf, used := g.alloc(first+direntSize+3), g.alloc(4)
	g.ok("fd_readdir", fd, buf, uint64(first+direntSize+3), 0, used)
	if got := string(g.mem[int(buf)+first+direntSize:][:3]); got != "abc" {
		t.Errorf("the cut name is %q, want abc", got)
	}
	if _, end := g.readdir(fd, 0, first+direntSize+6); end {
		t.Error("a buffer that is exactly full announced the end")
	}
}

func TestFdReaddirRefused(t *testing.T) {
	g := newGuest(t)
	used := g.alloc(4)
	buf := g.alloc(100)
	g.want(EBADF, "fd_readdir", 99, buf, 100, 0, used)
	g.want(ENOTDIR, "fd_readdir", g.open("tmp/f", memfs.Create, all), buf, 100, 0, used)
	g.want(EFAULT, "fd_readdir", preopenedFd, memorySize-99, 100, 0, used)
	g.want(EFAULT, "fd_readdir", preopenedFd, buf, 100, 0, memorySize-3)
	g.want(EFAULT, "fd_readdir", preopenedFd, buf, 0xffffffff, 0, used)
	if g.mem[buf] != 0xa5 {
		t.Error("a refused call wrote to memory")
	}
	if got, end := g.readdir(preopenedFd, all, 100); !end || len(got) != 0 {
		t.Errorf("a cookie from nowhere gives %v, end %v", got, end)
	}
}
