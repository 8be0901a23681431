package memfs

import (
	"fmt"
	"testing"
)

func TestMkdir(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "file", "")
	for _, c := range []struct {
		dir  *Handle
		path string
		want Errno
	}{
		{tmp, "a", Success},
		{tmp, "a", EEXIST},
		{tmp, "a/", EEXIST},
		{tmp, "b/", Success},
		{tmp, "a/b//", Success},
		{tmp, ".", EEXIST},
		{tmp, "a/..", EEXIST},
		{tmp, "file", EEXIST},
		{tmp, "none/a", ENOENT},
		{tmp, "file/a", ENOTDIR},
		{root, "tmp", EEXIST},
		{root, "var", EEXIST},
		{root, "new", EROFS},
		{root, "var/task/new", EROFS},
		{root, "tmp/new", Success},
		{root, "dev/null/a", ENOTDIR},
	} {
		want(t, "mkdir "+c.path, c.dir.Mkdir(c.path), c.want)
	}
	if got := names(t, tmp); got != "file a/ b/ new/" {
		t.Errorf("got %q", got)
	}
}

func TestRmdir(t *testing.T) {
	f, root, tmp := newFS(t)
	for _, d := range []string{"a", "a/b", "c"} {
		want(t, "mkdir", tmp.Mkdir(d), Success)
	}
	put(t, tmp, "file", "")
	for _, c := range []struct {
		dir  *Handle
		path string
		want Errno
	}{
		{tmp, "a", ENOTEMPTY},
		{tmp, "a/.", EINVAL},
		{tmp, ".", EINVAL},
		{tmp, "a/b/..", ENOTEMPTY},
		{tmp, "file", ENOTDIR},
		{tmp, "file/", ENOTDIR},
		{tmp, "none", ENOENT},
		{tmp, "a/b", Success},
		{tmp, "a/b", ENOENT},
		{tmp, "a//", Success},
		{root, "tmp", EBUSY},
		{root, "tmp/c", Success},
		{root, "opt", EROFS},
		{root, "var/task/lib", EROFS},
		{root, "var/task/bootstrap", ENOTDIR},
	} {
		want(t, "rmdir "+c.path, c.dir.Rmdir(c.path), c.want)
	}
	want(t, "unlink", tmp.Unlink("file"), Success)
	want(t, "rmdir of empty /tmp", root.Rmdir("tmp"), EBUSY)
	if f.Used() != 0 {
		t.Errorf("%d bytes used, want 0", f.Used())
	}
}

func TestUnlink(t *testing.T) {
	f, root, tmp := newFS(t)
	want(t, "mkdir", tmp.Mkdir("dir"), Success)
	put(t, tmp, "dir/file", "text")
	for _, c := range []struct {
		dir  *Handle
		path string
		want Errno
	}{
		{tmp, "dir", EISDIR},
		{tmp, "dir/", EISDIR},
		{tmp, ".", EISDIR},
		{tmp, "dir/..", EISDIR},
		{tmp, "none", ENOENT},
		{tmp, "dir/none", ENOENT},
		{tmp, "dir/file/", ENOTDIR},
		{tmp, "dir/file", Success},
		{tmp, "dir/file", ENOENT},
		{root, "tmp", EISDIR},
		{root, "var/task/bootstrap", EROFS},
		{root, "var/task/none", ENOENT},
		{root, "dev/null", EROFS},
	} {
		want(t, "unlink "+c.path, c.dir.Unlink(c.path), c.want)
	}
	want(t, "rmdir", tmp.Rmdir("dir"), Success)
	if f.Used() != 0 {
		t.Errorf("%d bytes used, want 0", f.Used())
	}
}

func TestNoLinks(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "file", "")
	want(t, "link", tmp.Link("file", tmp, "new"), ENOTSUP)
	want(t, "link onto", tmp.Link("file", tmp, "file"), EEXIST)
	want(t, "link of missing", tmp.Link("none", tmp, "new"), ENOENT)
	want(t, "symlink", tmp.Symlink("new"), ENOTSUP)
	want(t, "symlink onto", tmp.Symlink("file"), EEXIST)
	want(t, "symlink in missing", tmp.Symlink("none/new"), ENOENT)
	want(t, "symlink in root", root.Symlink("new"), ENOTSUP)
	want(t, "readlink", tmp.Readlink("file"), EINVAL)
	want(t, "readlink of folder", root.Readlink("var/task"), EINVAL)
	want(t, "readlink of missing", tmp.Readlink("none"), ENOENT)
}

func TestNextEntry(t *testing.T) {
	_, root, tmp := newFS(t)
	if got := names(t, root); got != "dev/ etc/ opt/ tmp/ var/" {
		t.Errorf("/: %q", got)
	}
	for path, list := range map[string]string{
		"dev": "null", "etc": "hosts passwd ssl/", "opt": "", "tmp": "", "var": "task/",
		"var/task": "bootstrap lib/", "var/task/lib": "a.txt b/",
	} {
		h := open(t, root, path, MustBeDir, Read)
		if got := names(t, h); got != list {
			t.Errorf("%s: %q, want %q", path, got, list)
		}
	}

	file := open(t, root, "var/task/bootstrap", 0, Read)
	_, _, errno := file.NextEntry(0)
	want(t, "entries of a file", errno, ENOTDIR)

	// Every entry says what it leads to.
	put(t, tmp, "file", "")
	want(t, "mkdir", tmp.Mkdir("dir"), Success)
	up := map[string]Stat{".": tmp.Stat(), "..": root.Stat()}
	for cookie := uint64(0); ; {
		e, ok, errno := tmp.NextEntry(cookie)
		want(t, "entry", errno, Success)
		if !ok {
			break
		}
		s, known := up[e.Name]
		if !known {
			s, _ = tmp.StatAt(e.Name)
		}
		if e.Ino != s.Ino || e.Type != s.Type {
			t.Errorf("entry %+v leads to %+v", e, s)
		}
		cookie = e.Next
	}

	// Cookies that were never given out are places like any other.
	for _, cookie := range []uint64{1 << 20, 1 << 63, 1<<64 - 1} {
		if e, ok, errno := tmp.NextEntry(cookie); ok || errno != Success {
			t.Errorf("entry at %d: %+v, %v", cookie, e, errno)
		}
	}
	if e, _, _ := root.NextEntry(1); e.Name != ".." || e.Ino != root.Stat().Ino {
		t.Errorf("above the root: %+v", e)
	}
}

// A guest that changes a folder while it reads it sees every entry that was
// there all along exactly once, and comes to an end.
func TestNextEntryWhileChanging(t *testing.T) {
	for name, change := range map[string]func(*Handle, string) Errno{
		"remove": func(h *Handle, name string) Errno { return h.Unlink(name) },
		"rename": func(h *Handle, name string) Errno { return h.Rename(name, h, name+"x") },
		"create": func(h *Handle, name string) Errno { return h.Mkdir(name + "x") },
		"replace": func(h *Handle, name string) Errno {
			put(t, h, "new", "")
			return h.Rename("new", h, name)
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, tmp := newFS(t)
			const files = 20
			for i := range files {
				put(t, tmp, fmt.Sprint(i), "")
			}
			seen := 0
			for cookie := uint64(0); ; {
				e, ok, errno := tmp.NextEntry(cookie)
				want(t, "entry", errno, Success)
				if !ok {
					break
				}
				cookie = e.Next
				if e.Name == "." || e.Name == ".." {
					continue
				}
				if e.Name != fmt.Sprint(seen) {
					t.Fatalf("entry %d is %q", seen, e.Name)
				}
				seen++
				want(t, name, change(tmp, e.Name), Success)
			}
			if seen != files {
				t.Errorf("saw %d entries, want %d", seen, files)
			}
		})
	}
}

// What is added shows when reading starts over, and only then.
func TestNextEntryStartsOver(t *testing.T) {
	_, _, tmp := newFS(t)
	put(t, tmp, "a", "")
	first, _, _ := tmp.NextEntry(cookieDotDot)
	if first.Name != "" {
		t.Errorf("a handle opened before shows %q without starting over", first.Name)
	}
	if got := names(t, tmp); got != "a" {
		t.Errorf("got %q", got)
	}
	a, _, _ := tmp.NextEntry(cookieDotDot)
	put(t, tmp, "b", "")
	if e, ok, _ := tmp.NextEntry(a.Next); ok {
		t.Errorf("added while reading, seen: %q", e.Name)
	}
	if got := names(t, tmp); got != "a b" {
		t.Errorf("got %q", got)
	}
}
