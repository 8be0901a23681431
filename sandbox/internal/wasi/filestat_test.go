package wasi

import (
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// Where filestat has its fields.
const (
	statDev, statIno, statType, statLinks  = 0, 8, 16, 24
	statSize, statAtim, statMtim, statCtim = 32, 40, 48, 56
)

func TestFdFilestatGet(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "12345")
	fd := g.open("tmp/f", 0, all)
	st := g.alloc(filestatSize + 1)
	g.ok("fd_filestat_get", fd, st)
	for offset, want := range map[uint64]uint64{
		statDev: device, statType: uint64(RegularFile), statLinks: 1, statSize: 5,
		statAtim: wallStart, statMtim: wallStart, statCtim: wallStart,
	} {
		if got := g.u64(st + offset); got != want {
			t.Errorf("the field at %d is %d, want %d", offset, got, want)
		}
	}
	if g.mem[st+filestatSize] != 0xa5 {
		t.Error("something was written behind the filestat")
	}

	// The number is the file's alone, and by path the same as by descriptor.
	byPath := g.alloc(filestatSize)
	ptr, n := g.str("tmp/f")
	g.ok("path_filestat_get", preopenedFd, 1, ptr, n, byPath)
	if g.u64(byPath+statIno) != g.u64(st+statIno) || g.u64(byPath+statDev) != device {
		t.Error("the file has another number by its path")
	}
	ptr, n = g.str("tmp")
	g.ok("path_filestat_get", preopenedFd, 0, ptr, n, byPath)
	if g.u64(byPath+statIno) == g.u64(st+statIno) || g.mem[byPath+statType] != byte(Directory) {
		t.Error("the folder has the number or type of the file")
	}

	g.want(EBADF, "fd_filestat_get", 99, st)
	g.want(EFAULT, "fd_filestat_get", fd, memorySize-filestatSize+1)
	g.want(ENOTCAPABLE, "fd_filestat_get", g.open("tmp/f", 0, readWrite), st)
}

func TestFdFilestatSetSize(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "12345")
	fd := g.open("tmp/f", 0, all)
	g.ok("fd_filestat_set_size", fd, 3)
	g.ok("fd_filestat_set_size", fd, 5)
	if got := g.read(fd, 10); got != "123\x00\x00" {
		t.Errorf("the file holds %q", got)
	}
	g.want(memfs.EFBIG, "fd_filestat_set_size", fd, all)
	g.want(EISDIR, "fd_filestat_set_size", preopenedFd, 0)
	g.want(EBADF, "fd_filestat_set_size", 99, 0)
	g.want(ENOTCAPABLE, "fd_filestat_set_size", g.open("tmp/f", 0, readWrite), 0)
	g.want(EBADF, "fd_filestat_set_size", g.open("tmp/f", 0, uint64(RightFdRead|RightFdFilestatSetSize)), 0)
	g.want(EBADF, "fd_filestat_set_size", g.open("var/task/main.txt", 0, uint64(RightFdRead|RightFdFilestatSetSize)), 0)
}

func TestSetTimes(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "")
	fd := g.open("tmp/f", 0, all)
	ptr, n := g.str("tmp/f")
	g.world.wall = wallStart + 7
	for _, set := range []func(flags uint64) Errno{
		func(flags uint64) Errno { return g.call("fd_filestat_set_times", fd, 100, 200, flags) },
		func(flags uint64) Errno {
			return g.call("path_filestat_set_times", preopenedFd, 0, ptr, n, 100, 200, flags)
		},
	} {
		for _, c := range []struct {
			flags      uint64
			want       Errno
			atim, mtim uint64
		}{
			{5, ESUCCESS, 100, 200},
			{10, ESUCCESS, wallStart + 7, wallStart + 7},
			{1, ESUCCESS, 100, wallStart + 7},
			{4, ESUCCESS, 100, 200},
			{0, ESUCCESS, 100, 200},
			{3, EINVAL, 100, 200},
			{12, EINVAL, 100, 200},
			{15, EINVAL, 100, 200},
			{16, EINVAL, 100, 200},
			{1<<16 | 2, EINVAL, 100, 200},
		} {
			if got := set(c.flags); got != c.want {
				t.Errorf("setting times with the flags %d = %v, want %v", c.flags, got, c.want)
			}
			st := g.alloc(filestatSize)
			g.ok("fd_filestat_get", fd, st)
			if a, m := g.u64(st+statAtim), g.u64(st+statMtim); a != c.atim || m != c.mtim {
				t.Errorf("after the flags %d the times are %d and %d, want %d and %d", c.flags, a, m, c.atim, c.mtim)
			}
		}
	}
	g.ok("fd_filestat_set_times", g.open("tmp", 0, uint64(folderRights)), 1, 2, 5)
	g.want(EBADF, "fd_filestat_set_times", 99, 1, 2, 5)
	g.want(ENOTCAPABLE, "fd_filestat_set_times", g.open("tmp/f", 0, readWrite), 1, 2, 5)
	g.want(memfs.EROFS, "fd_filestat_set_times", preopenedFd, 1, 2, 5)
	g.want(EINVAL, "path_filestat_set_times", preopenedFd, 2, ptr, n, 1, 2, 5)
}
