package wasi

import (
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

func TestFdClose(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp/f", memfs.Create, readWrite)
	g.ok("fd_close", fd)
	g.want(EBADF, "fd_close", fd)
	g.want(EBADF, "fd_close", 0xffffffff)
	g.ok("fd_close", preopenedFd)
	g.want(EBADF, "fd_prestat_get", preopenedFd, g.alloc(8))
	if got := g.openErr(preopenedFd, "tmp", 0, 0); got != EBADF {
		t.Errorf("path_open below the closed root = %v, want EBADF", got)
	}
}

func TestFdRenumber(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/1", "one")
	g.create("tmp/2", "two")
	from := g.openAt(preopenedFd, "tmp/1", 0, uint64(RightFdRead), 0, Sync)
	to := g.open("tmp/2", 0, readWrite)
	base, _ := g.rights(from)
	g.ok("fd_renumber", from, to)
	g.want(EBADF, "fd_close", from)
	stat := g.alloc(fdstatSize)
	g.ok("fd_fdstat_get", to, stat)
	if got := Fdflags(g.u16(stat + 2)); got != Sync {
		t.Errorf("flags are %d, want those of the source, %d", got, Sync)
	}
	if got, _ := g.rights(to); got != base {
		t.Errorf("rights are %#x, want those of the source, %#x", got, base)
	}
	if got := g.read(to, 10); got != "one" {
		t.Errorf("read %q, want the source's content", got)
	}
	g.want(EBADF, "fd_renumber", to, from)
	g.want(EBADF, "fd_renumber", from, to)
	g.ok("fd_renumber", to, to)
	g.ok("fd_close", to)
	g.want(EBADF, "fd_renumber", to, to)
}

func TestFdRenumberOntoStandardStreams(t *testing.T) {
	g := newGuest(t)
	for fd := range uint64(3) {
		g.ok("fd_renumber", g.open("tmp/f", memfs.Create, readWrite), fd)
		stat := g.alloc(fdstatSize)
		g.ok("fd_fdstat_get", fd, stat)
		if got := Filetype(g.mem[stat]); got != RegularFile {
			t.Errorf("descriptor %d has type %d, want %d", fd, got, RegularFile)
		}
	}
	g.write(1, "a log nobody sees")
	if got := g.read(0, 5); got != "a log" {
		t.Errorf("read %q", got)
	}
}

func TestFdRenumberStandardStreamsAway(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdin = []byte("in") })
	to := g.open("tmp/f", memfs.Create, 0)
	g.ok("fd_renumber", 0, to)
	g.want(EBADF, "fd_fdstat_get", 0, g.alloc(fdstatSize))
	if got := g.read(to, 5); got != "in" {
		t.Errorf("read %q, want standard input", got)
	}
}

// What is renumbered over is closed; what is renumbered is not.
func TestFdRenumberCloses(t *testing.T) {
	g := newGuest(t)
	from, over := newStream(""), newStream("")
	a, _ := g.s.Insert(from)
	b, _ := g.s.Insert(over)
	g.ok("fd_renumber", uint64(a), uint64(b))
	g.ok("fd_renumber", uint64(b), uint64(b))
	if from.closes != 0 || over.closes != 1 {
		t.Errorf("the streams were closed %d and %d times, want 0 and 1", from.closes, over.closes)
	}
}

// A folder in the place of the preopened one is not preopened.
func TestFdRenumberOntoTheRoot(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp", 0, uint64(folderRights))
	was, is := g.alloc(filestatSize), g.alloc(filestatSize)
	g.ok("fd_filestat_get", fd, was)
	g.ok("fd_renumber", fd, preopenedFd)
	g.ok("fd_filestat_get", preopenedFd, is)
	if g.u64(was) != g.u64(is) || g.u64(was+8) != g.u64(is+8) {
		t.Error("descriptor 3 is not the folder it was renumbered from")
	}
	g.want(EBADF, "fd_prestat_get", preopenedFd, g.alloc(8))
	g.want(EBADF, "fd_fdstat_get", fd, g.alloc(fdstatSize))
}

func TestFdSync(t *testing.T) {
	g := newGuest(t)
	file := g.open("tmp/f", memfs.Create, all&^uint64(RightFdSync))
	folder := g.open("tmp", 0, uint64(folderRights))
	g.want(ENOTCAPABLE, "fd_sync", file)
	g.ok("fd_datasync", file)
	g.ok("fd_sync", folder)
	g.ok("fd_datasync", folder)
	g.want(EBADF, "fd_sync", 99)
	g.want(EBADF, "fd_datasync", 99)
}

func TestFdAdvise(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp/f", memfs.Create, all)
	for advice := range uint64(6) {
		g.ok("fd_advise", fd, 10, 50, advice)
	}
	g.want(EINVAL, "fd_advise", fd, 10, 50, 6)
	g.want(EINVAL, "fd_advise", fd, all, 50, 0)
	g.want(EINVAL, "fd_advise", fd, 1, 1<<63-1, 0)
	g.want(EBADF, "fd_advise", 99, 0, 0, 0)
	g.want(EISDIR, "fd_advise", preopenedFd, 0, 0, 0)
	g.want(ENOTCAPABLE, "fd_advise", g.open("tmp/f", 0, readWrite), 0, 0, 0)
}

func TestFdAllocate(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp/f", memfs.Create, all)
	stat := g.alloc(filestatSize)
	for _, c := range []struct{ offset, n, size uint64 }{{0, 100, 100}, {10, 10, 100}, {90, 20, 110}} {
		g.ok("fd_allocate", fd, c.offset, c.n)
		g.ok("fd_filestat_get", fd, stat)
		if got := g.u64(stat + 32); got != c.size {
			t.Errorf("after allocating %d bytes at %d the size is %d, want %d", c.n, c.offset, got, c.size)
		}
	}
	g.want(EINVAL, "fd_allocate", fd, 0, 0)
	g.want(EINVAL, "fd_allocate", fd, all, 1)
	g.want(EINVAL, "fd_allocate", fd, 1, 1<<63-1)
	if got := g.call("fd_allocate", fd, 0, 1<<40); got != memfs.EFBIG && got != memfs.ENOSPC {
		t.Errorf("allocating a terabyte = %v, want EFBIG or ENOSPC", got)
	}
	g.want(EISDIR, "fd_allocate", preopenedFd, 0, 1)
	g.want(EBADF, "fd_allocate", 99, 0, 1)
	g.want(ENOTCAPABLE, "fd_allocate", g.open("tmp/f", 0, readWrite), 0, 1)
}
