package wasi

import (
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

func TestPathOpenFlags(t *testing.T) {
	g := newGuest(t)
	g.mkdir("tmp/d")
	g.create("tmp/f", "text")
	rights := uint64(RightFdRead)
	for _, c := range []struct {
		path   string
		oflags memfs.OpenFlags
		rights uint64
		want   Errno
	}{
		{"tmp/none", 0, rights, ENOENT},
		{"tmp/f", 0, rights, ESUCCESS},
		{"tmp/f", memfs.MustBeDir, rights, ENOTDIR},
		{"tmp/f", memfs.Create | memfs.Exclusive, rights, EEXIST},
		{"tmp/f", memfs.Create | memfs.MustBeDir, rights, EINVAL},
		{"tmp/f", 16, rights, EINVAL},
		{"tmp/f", 1 << 15, rights, EINVAL},
		{"tmp/d", memfs.MustBeDir, rights, ESUCCESS},
		{"tmp/d", 0, rights, ESUCCESS},
		{"tmp/d", memfs.MustBeDir, readWrite, EISDIR},
		{"tmp/d", 0, readWrite, EISDIR},
		{"tmp/d", memfs.Truncate, 0, EISDIR},
		{"tmp/new", memfs.Create | memfs.Exclusive, 0, ESUCCESS},
		{"tmp/new", memfs.Create | memfs.Exclusive, 0, EEXIST},
		{"var/task/main.txt", 0, rights, ESUCCESS},
		{"var/task/main.txt", 0, readWrite, memfs.EROFS},
		{"var/task/new", memfs.Create, rights, memfs.EROFS},
	} {
		if got := g.openErr(preopenedFd, c.path, c.oflags, c.rights); got != c.want {
			t.Errorf("path_open(%q, %d, %#x) = %v, want %v", c.path, c.oflags, c.rights, got, c.want)
		}
	}
	p, n := g.str("tmp/f")
	for fdflags, want := range map[uint64]Errno{0: ESUCCESS, uint64(allFdflags): ESUCCESS, 32: EINVAL, 1 << 16: EINVAL} {
		g.want(want, "path_open", preopenedFd, 0, p, n, 0, 0, 0, fdflags, g.alloc(4))
	}
}

func TestPathOpenTruncates(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "text")
	g.ok("fd_close", g.open("tmp/f", memfs.Truncate, 0))
	if got := g.read(g.open("tmp/f", 0, readWrite), 10); got != "" {
		t.Errorf("the file holds %q", got)
	}
}

// The rights that a descriptor gets are those wanted that apply.
func TestPathOpenRights(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "")
	for _, want := range []Rights{0, RightFdRead, RightFdWrite, RightFdRead | RightFdWrite | RightFdSeek} {
		base, inheriting := g.rights(g.open("tmp/f", 0, uint64(want)))
		if base != want || inheriting != 0 {
			t.Errorf("wanted %#x, got %#x and %#x", want, base, inheriting)
		}
	}
	if base, _ := g.rights(g.open("tmp/f", 0, all)); base != fileRights {
		t.Errorf("wanted all for a file, got %#x", base)
	}
	base, inheriting := g.rights(g.open("tmp", memfs.MustBeDir, uint64(RightFdSeek|RightFdRead|RightFdReaddir)))
	if base != folderRights || inheriting != folderRights|fileRights {
		t.Errorf("wanted to seek and list a folder, got %#x and %#x", base, inheriting)
	}

	// A guest opens the root again with just the rights that it has.
	base, inheriting = g.rights(preopenedFd)
	again := g.openAt(preopenedFd, ".", memfs.MustBeDir, uint64(base), uint64(inheriting), 0)
	if b, i := g.rights(again); b != base || i != inheriting {
		t.Errorf("the root opened again has %#x and %#x, want %#x and %#x", b, i, base, inheriting)
	}
}

// Nothing below a folder gets a right that the folder does not pass on.
func TestPathOpenInheritsRights(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "text")
	folder := g.openAt(preopenedFd, "tmp", 0, uint64(folderRights), uint64(RightFdRead|RightFdReaddir), 0)
	p, n := g.str("f")
	fd := g.alloc(4)
	g.ok("path_open", folder, 0, p, n, 0, uint64(RightFdRead|RightFdSeek), all, 0, fd)
	if base, _ := g.rights(uint64(g.u32(fd))); base != RightFdRead {
		t.Errorf("the file has %#x, want to read", base)
	}
	g.want(ENOTCAPABLE, "path_open", folder, 0, p, n, 0, readWrite, 0, 0, fd)

	// The file that may not be written is not made or emptied either.
	p, n = g.str("new")
	g.want(ENOTCAPABLE, "path_open", folder, 0, p, n, uint64(memfs.Create), readWrite, 0, 0, fd)
	if _, errno := g.filetype("tmp/new"); errno != ENOENT {
		t.Errorf("a refused call made a file: %v", errno)
	}
}

func TestPathOpenBadPointers(t *testing.T) {
	g := newGuest(t)
	p, n := g.str("tmp/new")
	g.want(EFAULT, "path_open", preopenedFd, 0, p, n, uint64(memfs.Create), 0, 0, 0, memorySize-3)
	g.want(EFAULT, "path_open", preopenedFd, 0, memorySize-2, 3, uint64(memfs.Create), 0, 0, 0, g.alloc(4))
	if _, errno := g.filetype("tmp/new"); errno != ENOENT {
		t.Errorf("a refused call made a file: %v", errno)
	}
}

// A file that is removed while open lives on for who has it open.
func TestRemovedFile(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp/f", memfs.Create, all)
	if errno := g.on("path_unlink_file", preopenedFd, "tmp/f"); errno != ESUCCESS {
		t.Fatal(errno)
	}
	g.write(fd, "still here")
	g.ok("fd_seek", fd, 0, whenceSet, g.alloc(8))
	if got := g.read(fd, 100); got != "still here" {
		t.Errorf("read %q", got)
	}
	st := g.alloc(filestatSize)
	g.ok("fd_filestat_get", fd, st)
	if got := g.u64(st + statLinks); got != 0 {
		t.Errorf("it has %d links, want none", got)
	}
}
