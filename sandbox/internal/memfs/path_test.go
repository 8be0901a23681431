package memfs

import (
	"strings"
	"testing"
	"unsafe"
)

func TestPaths(t *testing.T) {
	_, root, tmp := newFS(t)
	want(t, "mkdir", tmp.Mkdir("d"), Success)
	want(t, "mkdir", tmp.Mkdir("d/e"), Success)
	put(t, tmp, "d/e/f", "x")
	put(t, tmp, "d/"+strings.Repeat("n", NameMax), "x")
	put(t, tmp, "ümläut", "x")

	for _, c := range []struct {
		path string
		want Errno
	}{
		{"d/e/f", Success},
		{"./d/.//e/../../d/e/../e///./f", Success},
		{"d", Success},
		{"d/", Success},
		{"d///", Success},
		{"d/.", Success},
		{"d/..", Success},
		{"d/../", Success},
		{".", Success},
		{"./", Success},
		{"ümläut", Success},
		{"d/" + strings.Repeat("n", NameMax), Success},
		{strings.Repeat("./", PathMax/2-1) + "d", Success},
		{"d" + strings.Repeat("/", PathMax-1), Success},

		{"", ENOENT},
		{"x", ENOENT},
		{"x/", ENOENT},
		{"x/y", ENOENT},
		{"x/..", ENOENT},
		{"D", ENOENT},
		{"d/e/f/", ENOTDIR},
		{"d/e/f//", ENOTDIR},
		{"d/e/f/.", ENOTDIR},
		{"d/e/f/..", ENOTDIR},
		{"d/e/f/x", ENOTDIR},
		{"/", EPERM},
		{"/d", EPERM},
		{"//d", EPERM},
		{"..", EPERM},
		{"../tmp", EPERM},
		{"./..", EPERM},
		{"d/../..", EPERM},
		{"d/e/../../../tmp/d", EPERM},
		{"d/e/f\x00", EINVAL},
		{"\x00", EINVAL},
		{"d\x00/e", EINVAL},
		{"\xff", EILSEQ},
		{"d/\xc3", EILSEQ},
		{"\xed\xa0\x80", EILSEQ}, // half a surrogate pair
		{strings.Repeat("n", NameMax+1), ENAMETOOLONG},
		{"d/" + strings.Repeat("n", NameMax+1) + "/x", ENAMETOOLONG},
		{strings.Repeat("./", PathMax/2) + "d", ENAMETOOLONG},
		{strings.Repeat("\xff", PathMax+1), ENAMETOOLONG},
	} {
		_, errno := tmp.StatAt(c.path)
		want(t, "stat "+abridged(c.path), errno, c.want)
		h, errno := tmp.Open(c.path, 0, Read)
		want(t, "open "+abridged(c.path), errno, c.want)
		if errno == Success {
			h.Close()
		}
		if c.want == Success || c.want == ENOENT && c.path != "" {
			continue
		}
		want(t, "mkdir "+abridged(c.path), tmp.Mkdir(c.path), c.want)
		want(t, "rmdir "+abridged(c.path), tmp.Rmdir(c.path), c.want)
		want(t, "unlink "+abridged(c.path), tmp.Unlink(c.path), c.want)
		want(t, "rename "+abridged(c.path), tmp.Rename(c.path, tmp, "y"), c.want)
		want(t, "rename to "+abridged(c.path), tmp.Rename("d", tmp, c.path), c.want)
		want(t, "set times of "+abridged(c.path), tmp.SetTimesAt(c.path, SetAtimNow, 0, 0), c.want)
		want(t, "link "+abridged(c.path), tmp.Link(c.path, tmp, "y"), c.want)
		want(t, "link to "+abridged(c.path), tmp.Link("d", tmp, c.path), c.want)
		want(t, "symlink "+abridged(c.path), tmp.Symlink(c.path), c.want)
		want(t, "readlink "+abridged(c.path), tmp.Readlink(c.path), c.want)
		_, errno = tmp.Open(c.path, Create, Write)
		want(t, "create "+abridged(c.path), errno, c.want)
	}

	// A file is no folder to start from.
	f := open(t, tmp, "d/e/f", 0, Read)
	_, errno := f.StatAt("x")
	want(t, "stat below a file", errno, ENOTDIR)
	want(t, "rename below a file", tmp.Rename("d", f, "x"), ENOTDIR)

	// /tmp lies in the read-only root, and back.
	s, errno := root.StatAt("tmp/../var/task/../../tmp/d/e/f")
	want(t, "stat across trees", errno, Success)
	if s != f.Stat() {
		t.Errorf("got %+v, want %+v", s, f.Stat())
	}
	_, errno = root.StatAt("var/task/../../..")
	want(t, "stat above the root", errno, EPERM)
}

// A handle finds its way back up only as far as it came, even when its folder
// is moved while it is open.
func TestPathsOfMovedFolder(t *testing.T) {
	_, _, tmp := newFS(t)
	for _, d := range []string{"a", "a/b", "c"} {
		want(t, "mkdir", tmp.Mkdir(d), Success)
	}
	b := open(t, tmp, "a/b", MustBeDir, Read)
	want(t, "rename", tmp.Rename("a/b", tmp, "c/b"), Success)
	_, errno := b.StatAt("..")
	want(t, "stat", errno, EPERM)
	put(t, b, "f", "moved")
	if got := get(t, tmp, "c/b/f"); got != "moved" {
		t.Errorf("got %q", got)
	}
	if _, errno := tmp.StatAt("c/b/../../a"); errno != Success {
		t.Error(errno)
	}
}

// The FS keeps no path: it may lie in guest memory.
func TestPathIsNotKept(t *testing.T) {
	_, _, tmp := newFS(t)
	memory := []byte("file folder moved.")
	view := func(from, to int) string { return unsafe.String(&memory[from], to-from) }
	h := open(t, tmp, view(0, 4), Create, Write)
	h.Close()
	want(t, "mkdir", tmp.Mkdir(view(5, 11)), Success)
	want(t, "rename", tmp.Rename(view(5, 11), tmp, view(12, 17)), Success)
	clear(memory)
	if got := names(t, tmp); got != "file moved/" {
		t.Errorf("got %q", got)
	}
	want(t, "unlink", tmp.Unlink("file"), Success)
	want(t, "rmdir", tmp.Rmdir("moved"), Success)
}

func abridged(path string) string {
	if len(path) > 40 {
		return path[:40] + "…"
	}
	return path
}
