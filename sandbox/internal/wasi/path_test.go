package wasi

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// on calls a function of one path below fd.
func (g *guest) on(name string, fd uint64, path string) Errno {
	g.t.Helper()
	p, n := g.str(path)
	return g.call(name, fd, p, n)
}

// filetype returns the type of what is at path.
func (g *guest) filetype(path string) (Filetype, Errno) {
	g.t.Helper()
	p, n := g.str(path)
	st := g.alloc(filestatSize)
	errno := g.call("path_filestat_get", preopenedFd, 0, p, n, st)
	return Filetype(g.mem[st+statType]), errno
}

func (g *guest) rename(from, to string) Errno {
	g.t.Helper()
	p, n := g.str(from)
	q, k := g.str(to)
	return g.call("path_rename", preopenedFd, p, n, preopenedFd, q, k)
}

func (g *guest) mkdir(path string) {
	g.t.Helper()
	if errno := g.on("path_create_directory", preopenedFd, path); errno != ESUCCESS {
		g.t.Fatalf("path_create_directory(%q) = %v", path, errno)
	}
}

func TestFoldersAndFiles(t *testing.T) {
	g := newGuest(t)
	g.mkdir("tmp/d")
	g.create("tmp/d/f", "")
	if got, errno := g.filetype("tmp/d"); got != Directory || errno != ESUCCESS {
		t.Errorf("the folder is of type %d, %v", got, errno)
	}
	if got, errno := g.filetype("tmp/d/f"); got != RegularFile || errno != ESUCCESS {
		t.Errorf("the file is of type %d, %v", got, errno)
	}
	for _, c := range []struct {
		name, path string
		want       Errno
	}{
		{"path_create_directory", "tmp/d", EEXIST},
		{"path_create_directory", "tmp/d/f", EEXIST},
		{"path_create_directory", "tmp/x/y", ENOENT},
		{"path_create_directory", "var/x", memfs.EROFS},
		{"path_remove_directory", "tmp/d", memfs.ENOTEMPTY},
		{"path_remove_directory", "tmp/d/f", ENOTDIR},
		{"path_remove_directory", "tmp/x", ENOENT},
		{"path_remove_directory", "var/task", memfs.EROFS},
		{"path_unlink_file", "tmp/d", EISDIR},
		{"path_unlink_file", "tmp/d/", EISDIR},
		{"path_unlink_file", "tmp/d/f/", ENOTDIR},
		{"path_unlink_file", "tmp/x", ENOENT},
		{"path_unlink_file", "var/task/main.txt", memfs.EROFS},
		{"path_unlink_file", "tmp/d/f", ESUCCESS},
		{"path_remove_directory", "tmp/d/", ESUCCESS},
	} {
		if got := g.on(c.name, preopenedFd, c.path); got != c.want {
			t.Errorf("%s(%q) = %v, want %v", c.name, c.path, got, c.want)
		}
	}
}

func TestPathRename(t *testing.T) {
	g := newGuest(t)
	g.mkdir("tmp/source")
	g.mkdir("tmp/empty")
	g.mkdir("tmp/full")
	g.create("tmp/full/f", "")
	g.create("tmp/a", "a")
	g.create("tmp/b", "b")
	for _, c := range []struct {
		from, to string
		want     Errno
	}{
		{"tmp/source", "tmp/full", memfs.ENOTEMPTY},
		{"tmp/source", "tmp/full/f", ENOTDIR},
		{"tmp/a", "tmp/empty", EISDIR},
		{"tmp/source", "tmp/source/below", EINVAL},
		{"tmp/none", "tmp/x", ENOENT},
		{"tmp/a", "tmp/none/x", ENOENT},
		{"tmp/a", "a", memfs.EROFS},
		{"var/task/main.txt", "tmp/main.txt", memfs.EROFS},
		{"tmp/source", "tmp/empty", ESUCCESS},
		{"tmp/empty", "tmp/target", ESUCCESS},
		{"tmp/a", "tmp/b", ESUCCESS},
		{"tmp/b", "tmp/target/c", ESUCCESS},
	} {
		if got := g.rename(c.from, c.to); got != c.want {
			t.Errorf("renaming %q to %q = %v, want %v", c.from, c.to, got, c.want)
		}
	}
	if got := g.read(g.open("tmp/target/c", 0, uint64(RightFdRead)), 10); got != "a" {
		t.Errorf("the file that was moved twice holds %q, want a", got)
	}
	for _, gone := range []string{"tmp/a", "tmp/b", "tmp/source", "tmp/empty"} {
		if _, errno := g.filetype(gone); errno != ENOENT {
			t.Errorf("%s is still there: %v", gone, errno)
		}
	}
}

// Paths are relative to the descriptor, and each of the two has its own.
func TestPathRenameBetweenFolders(t *testing.T) {
	g := newGuest(t)
	g.mkdir("tmp/1")
	g.mkdir("tmp/2")
	g.create("tmp/1/f", "text")
	a, b := g.open("tmp/1", 0, uint64(folderRights)), g.open("tmp/2", 0, uint64(folderRights))
	p, n := g.str("f")
	g.ok("path_rename", a, p, n, b, p, n)
	if _, errno := g.filetype("tmp/2/f"); errno != ESUCCESS {
		t.Errorf("the file is not in its new folder: %v", errno)
	}
	g.want(EBADF, "path_rename", 99, p, n, b, p, n)
	g.want(EBADF, "path_rename", b, p, n, 99, p, n)
	file := g.open("tmp/2/f", 0, all)
	g.want(ENOTDIR, "path_rename", b, p, n, file, p, n)
	g.want(ENOTDIR, "path_rename", file, p, n, b, p, n)
}

// What every function says of a path, whatever it would do there.
func TestPathsThatAreRefused(t *testing.T) {
	g := newGuest(t)
	g.mkdir("tmp/d")
	g.create("tmp/f", "")
	below := g.open("tmp", 0, uint64(folderRights))
	file := g.open("tmp/f", 0, all)
	for _, c := range []struct {
		fd   uint64
		path string
		want Errno
	}{
		{preopenedFd, "", ENOENT},
		{preopenedFd, "/tmp/f", EPERM},
		{below, "../tmp/f", EPERM},
		{below, "d/../../tmp/f", EPERM},
		{preopenedFd, "..", EPERM},
		{preopenedFd, "tmp/f/x", ENOTDIR},
		{preopenedFd, "tmp/f\x00", EINVAL},
		{preopenedFd, "tmp/\xff", memfs.EILSEQ},
		{preopenedFd, "tmp/" + strings.Repeat("n", memfs.NameMax+1), ENAMETOOLONG},
		{preopenedFd, strings.Repeat("./", memfs.PathMax/2) + "x", ENAMETOOLONG},
		{file, "f", ENOTDIR},
		{1, "f", ENOTDIR},
		{99, "f", EBADF},
		{0xffffffff, "f", EBADF},
	} {
		if got := g.openErr(c.fd, c.path, 0, 0); got != c.want {
			t.Errorf("path_open(%d, %q) = %v, want %v", c.fd, c.path, got, c.want)
		}
		for _, name := range []string{"path_create_directory", "path_remove_directory", "path_unlink_file"} {
			if got := g.on(name, c.fd, c.path); got != c.want {
				t.Errorf("%s(%d, %q) = %v, want %v", name, c.fd, c.path, got, c.want)
			}
		}
		p, n := g.str(c.path)
		st := g.alloc(filestatSize)
		g.want(c.want, "path_filestat_get", c.fd, 1, p, n, st)
		g.want(c.want, "path_filestat_set_times", c.fd, 0, p, n, 1, 1, 5)
		g.want(c.want, "path_readlink", c.fd, p, n, st, 8, st)
	}
}

func TestPathsThatTurn(t *testing.T) {
	g := newGuest(t)
	g.mkdir("tmp/dir")
	g.mkdir("tmp/dir/nested")
	g.create("tmp/dir/nested/file", "")
	below := g.open("tmp", 0, uint64(folderRights))
	for path, want := range map[string]Errno{
		"dir/.//nested/../../dir/nested/../nested///./file": ESUCCESS,
		"dir/nested/":      ESUCCESS,
		"dir/nested///":    ESUCCESS,
		"dir/nested/file/": ENOTDIR,
		".":                ESUCCESS,
		"dir/..":           ESUCCESS,
	} {
		if got := g.openErr(below, path, 0, 0); got != want {
			t.Errorf("path_open(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestLookupFlags(t *testing.T) {
	g := newGuest(t)
	p, n := g.str("tmp")
	st := g.alloc(filestatSize)
	for flags, want := range map[uint64]Errno{0: ESUCCESS, 1: ESUCCESS, 2: EINVAL, 0x80000000: EINVAL} {
		g.want(want, "path_filestat_get", preopenedFd, flags, p, n, st)
		g.want(want, "path_open", preopenedFd, flags, p, n, 0, 0, 0, 0, st)
		g.want(want, "path_filestat_set_times", preopenedFd, flags, p, n, 1, 1, 5)
	}
}
