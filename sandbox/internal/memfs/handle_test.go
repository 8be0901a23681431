package memfs

import "testing"

func TestOpen(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "file", "text")
	want(t, "mkdir", tmp.Mkdir("dir"), Success)

	for _, c := range []struct {
		name   string
		dir    *Handle
		path   string
		flags  OpenFlags
		access Access
		want   Errno
	}{
		{"file", tmp, "file", 0, Read, Success},
		{"file without access", tmp, "file", 0, 0, Success},
		{"file to create", tmp, "file", Create, Write, Success},
		{"file to create alone", tmp, "file", Create | Exclusive, Write, EEXIST},
		{"file as folder", tmp, "file", MustBeDir, Read, ENOTDIR},
		{"missing", tmp, "none", 0, Read, ENOENT},
		{"missing folder", tmp, "none", MustBeDir, Read, ENOENT},
		{"missing to truncate", tmp, "none", Truncate, Write, ENOENT},
		{"create in missing folder", tmp, "none/file", Create, Write, ENOENT},
		{"create in file", tmp, "file/file", Create, Write, ENOTDIR},
		{"create with slash", tmp, "none/", Create, Write, EISDIR},
		{"create file with slash", tmp, "file/", Create, Write, ENOTDIR},
		{"create folder", tmp, "none", Create | MustBeDir, Read, EINVAL},
		{"folder", tmp, "dir", 0, Read, Success},
		{"folder as folder", tmp, "dir", MustBeDir, Read, Success},
		{"folder without access", tmp, "dir", 0, 0, Success},
		{"folder to write", tmp, "dir", 0, Read | Write, EISDIR},
		{"folder to write, as folder", tmp, "dir", MustBeDir, Write, EISDIR},
		{"folder to truncate", tmp, "dir", Truncate, Read, EISDIR},
		{"folder to create", tmp, "dir", Create, Read, EISDIR},
		{"folder to create alone", tmp, "dir", Create | Exclusive, Read, EEXIST},
		{"itself to create", tmp, ".", Create | Exclusive, Read, EEXIST},

		{"read-only file", root, "var/task/bootstrap", 0, Read, Success},
		{"read-only file to write", root, "var/task/bootstrap", 0, Write, EROFS},
		{"read-only file to truncate", root, "var/task/bootstrap", Truncate, Read, EROFS},
		{"read-only file to create and read", root, "var/task/bootstrap", Create, Read, Success},
		{"read-only file to create alone", root, "var/task/bootstrap", Create | Exclusive, Write, EEXIST},
		{"read-only folder", root, "var/task", MustBeDir, Read, Success},
		{"read-only folder to write", root, "var/task", 0, Write, EISDIR},
		{"create in package", root, "var/task/new", Create, Write, EROFS},
		{"create in root", root, "new", Create, Write, EROFS},
		{"create in /etc", root, "etc/new", Create, Write, EROFS},
		{"create in /tmp", root, "tmp/new", Create | Exclusive, Write, Success},
		{"null", root, "dev/null", Create | Truncate, Read | Write, Success},
		{"null alone", root, "dev/null", Create | Exclusive, Write, EEXIST},
		{"null as folder", root, "dev/null", MustBeDir, Read, ENOTDIR},
		{"below null", root, "dev/null/x", 0, Read, ENOTDIR},
	} {
		h, errno := c.dir.Open(c.path, c.flags, c.access)
		want(t, c.name, errno, c.want)
		if errno != Success {
			continue
		}
		if h.Access() != c.access {
			t.Errorf("%s: access %b, want %b", c.name, h.Access(), c.access)
		}
		if s, _ := c.dir.StatAt(c.path); s != h.Stat() || s.Type != h.Type() {
			t.Errorf("%s: opened %+v, found %+v", c.name, h.Stat(), s)
		}
		h.Close()
	}
	if got := get(t, tmp, "file"); got != "text" {
		t.Errorf("opening changed the file to %q", got)
	}
	open(t, tmp, "file", Truncate, Read).Close()
	if got := get(t, tmp, "file"); got != "" {
		t.Errorf("truncated file holds %q", got)
	}
}

func TestCloseTwice(t *testing.T) {
	f, _, tmp := newFS(t)
	h := open(t, tmp, "file", Create, Write)
	want(t, "unlink", tmp.Unlink("file"), Success)
	h.Close()
	h.Close()
	verify(t, f)
	if f.Used() != 0 {
		t.Errorf("%d bytes used, want 0", f.Used())
	}
}

// A removed file lives until its last handle is closed.
func TestUnlinkOpenFile(t *testing.T) {
	f, _, tmp := newFS(t)
	a := open(t, tmp, "file", Create, Read|Write)
	b := open(t, tmp, "file", 0, Read)
	want(t, "unlink", tmp.Unlink("file"), Success)
	if s := a.Stat(); s.Links != 0 || s.Type != Regular {
		t.Errorf("removed file: %+v", s)
	}
	put(t, tmp, "file", "another")
	if n, errno := a.WriteAt([]byte("first"), 0); n != 5 || errno != Success {
		t.Errorf("wrote %d, %v", n, errno)
	}
	a.Close()
	if got := read(t, b); got != "first" {
		t.Errorf("removed file holds %q", got)
	}
	if got := get(t, tmp, "file"); got != "another" {
		t.Errorf("new file holds %q", got)
	}
	verify(t, f, b)
	held := f.Used()
	b.Close()
	verify(t, f)
	if gave := held - f.Used(); gave != entryCharge+4+pageEntry+pageMin {
		t.Errorf("closing gave back %d bytes", gave)
	}
}

// A removed folder is empty, and nothing can be made in it.
func TestRemovedOpenFolder(t *testing.T) {
	f, _, tmp := newFS(t)
	want(t, "mkdir", tmp.Mkdir("dir"), Success)
	dir := open(t, tmp, "dir", MustBeDir, Read)
	put(t, tmp, "file", "")
	want(t, "rmdir", tmp.Rmdir("dir"), Success)

	if s, errno := dir.StatAt("."); errno != Success || s.Links != 0 || s != dir.Stat() {
		t.Errorf("removed folder: %+v, %v", s, errno)
	}
	_, errno := dir.Open("file", Create, Write)
	want(t, "create", errno, ENOENT)
	want(t, "mkdir", dir.Mkdir("sub"), ENOENT)
	want(t, "rename into", tmp.Rename("file", dir, "file"), ENOENT)
	_, errno = dir.StatAt("file")
	want(t, "stat", errno, ENOENT)
	_, errno = dir.StatAt("..")
	want(t, "stat above", errno, EPERM)
	_, ok, errno := dir.NextEntry(0)
	want(t, "read", errno, ENOENT)
	if ok {
		t.Error("removed folder has an entry")
	}
	verify(t, f, dir)
	dir.Close()
	want(t, "unlink", tmp.Unlink("file"), Success)
	if f.Used() != 0 {
		t.Errorf("%d bytes used, want 0", f.Used())
	}
}
