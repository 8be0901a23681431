package memfs

import "testing"

func TestRename(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     Errno
		left     string // what "ls /tmp" shows then; dir/sub is an empty folder
	}{
		{"file", "new", Success, "dir/ empty/ new other"},
		{"file", "other", Success, "dir/ empty/ other"},
		{"file", "dir/new", Success, "dir/ empty/ other"},
		{"file", "dir/../empty/./new", Success, "dir/ empty/ other"},
		{"file", "dir/sub/../f", Success, "dir/ empty/ other"},
		{"file", "file", Success, "dir/ empty/ file other"},
		{"file", "./dir/../file", Success, "dir/ empty/ file other"},
		{"dir", "dir", Success, "dir/ empty/ file other"},
		{"dir", "dir/", Success, "dir/ empty/ file other"},
		{"dir", "new", Success, "empty/ file new/ other"},
		{"dir/", "new", Success, "empty/ file new/ other"},
		{"dir", "new/", Success, "empty/ file new/ other"},
		{"dir/", "new/", Success, "empty/ file new/ other"},
		{"dir", "empty", Success, "empty/ file other"},
		{"dir", "empty/new", Success, "empty/ file other"},
		{"dir/sub", "empty", Success, "dir/ empty/ file other"},
		{"dir/sub", "new", Success, "dir/ empty/ file new/ other"},

		{"none", "new", ENOENT, ""},
		{"none", "dir", ENOENT, ""},
		{"file", "none/new", ENOENT, ""},
		{"file", "other/new", ENOTDIR, ""},
		{"file/", "new", ENOTDIR, ""},
		{"file", "new/", ENOTDIR, ""},
		{"file", "other/", ENOTDIR, ""},
		{"file", "empty", EISDIR, ""},
		{"file", "dir", EISDIR, ""},
		{"empty", "file", ENOTDIR, ""},
		{"empty", "dir", ENOTEMPTY, ""},
		{"dir/sub", "dir", ENOTEMPTY, ""},
		{"dir", "dir/new", EINVAL, ""},
		{"dir", "dir/sub", EINVAL, ""},
		{"dir", "dir/sub/new", EINVAL, ""},
		{"dir", "empty/../dir/sub/new", EINVAL, ""},
		{".", "new", EBUSY, ""},
		{"dir/.", "new", EBUSY, ""},
		{"dir/..", "new", EBUSY, ""},
		{"file", ".", EBUSY, ""},
		{"file", "dir/..", EBUSY, ""},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			f, _, tmp := newFS(t)
			for _, d := range []string{"dir", "dir/sub", "empty"} {
				want(t, "mkdir", tmp.Mkdir(d), Success)
			}
			put(t, tmp, "file", "from file")
			put(t, tmp, "other", "from other")
			before, _ := tmp.StatAt(c.from)
			want(t, "rename", tmp.Rename(c.from, tmp, c.to), c.want)
			if c.want != Success {
				c.left = "dir/ empty/ file other"
			}
			if got := sorted(names(t, tmp)); got != c.left {
				t.Errorf("got %q, want %q", got, c.left)
			}
			if after, _ := tmp.StatAt(c.to); c.want == Success && after.Ino != before.Ino {
				t.Errorf("moved %+v, found %+v", before, after)
			}
			verify(t, f)
		})
	}
}

func TestRenameAcrossTrees(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "file", "")
	want(t, "mkdir", tmp.Mkdir("dir"), Success)
	for _, c := range []struct {
		from, to string
		want     Errno
	}{
		{"tmp", "tmp2", EBUSY},
		{"tmp", "tmp", EBUSY},
		{"tmp/dir", "tmp", EBUSY},
		{"tmp", "tmp/dir", EBUSY},
		{"var", "tmp", EBUSY},
		{"tmp/file", "file", EROFS},
		{"tmp/file", "var/task/bootstrap", EROFS},
		{"tmp/dir", "opt", EROFS},
		{"var/task/bootstrap", "tmp/file", EROFS},
		{"var/task/bootstrap", "var/task/x", EROFS},
		{"var/task/none", "tmp/file", ENOENT},
		{"tmp/file", "tmp/dir/file", Success},
	} {
		want(t, "rename "+c.from+" to "+c.to, root.Rename(c.from, root, c.to), c.want)
	}
}

// Handles stay with what they opened: what is moved, and what it replaces.
func TestRenameOpenFiles(t *testing.T) {
	f, _, tmp := newFS(t)
	put(t, tmp, "a", "from a")
	put(t, tmp, "b", "from b")
	want(t, "mkdir", tmp.Mkdir("dir"), Success)
	a := open(t, tmp, "a", 0, Read|Write)
	b := open(t, tmp, "b", 0, Read)
	dir := open(t, tmp, "dir", 0, Read)
	want(t, "rename", tmp.Rename("a", tmp, "b"), Success)
	want(t, "rename", tmp.Rename("b", dir, "c"), Success)
	verify(t, f, b)
	if _, errno := a.WriteAt([]byte("F"), 0); errno != Success {
		t.Error(errno)
	}
	if got := get(t, tmp, "dir/c"); got != "From a" {
		t.Errorf("moved file holds %q", got)
	}
	if got := read(t, b); got != "from b" {
		t.Errorf("replaced file holds %q", got)
	}
	if b.Stat().Links != 0 || a.Stat().Links != 1 {
		t.Errorf("links: moved %d, replaced %d", a.Stat().Links, b.Stat().Links)
	}
	b.Close()
	verify(t, f)
}

// A longer name needs room, a shorter one gives it back.
func TestRenameQuota(t *testing.T) {
	f, _, tmp := newFSOf(t, Quota{Bytes: entryCharge + 4, Files: 1})
	open(t, tmp, "ab", Create, Write).Close()
	want(t, "rename", tmp.Rename("ab", tmp, "abcd"), Success)
	want(t, "rename", tmp.Rename("abcd", tmp, "abcde"), ENOSPC)
	want(t, "rename", tmp.Rename("abcd", tmp, "a"), Success)
	if got := names(t, tmp); got != "a" || f.Used() != entryCharge+1 {
		t.Errorf("got %q, %d bytes", got, f.Used())
	}
}
