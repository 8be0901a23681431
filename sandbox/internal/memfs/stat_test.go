package memfs

import (
	"context"
	"math"
	"testing"
)

func TestInodes(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "a", "")
	want(t, "mkdir", tmp.Mkdir("b"), Success)
	seen := map[uint64]string{}
	for _, path := range []string{".", "dev", "dev/null", "etc", "etc/hosts", "etc/passwd", "etc/ssl", "opt", "tmp", "tmp/a", "tmp/b",
		"var", "var/task", "var/task/bootstrap", "var/task/lib", "var/task/lib/a.txt", "var/task/lib/b", "var/task/lib/b/c.txt"} {
		s, errno := root.StatAt(path)
		want(t, "stat", errno, Success)
		if other, used := seen[s.Ino]; used {
			t.Errorf("%s and %s have inode %d", other, path, s.Ino)
		}
		seen[s.Ino] = path
		if s.Links != 1 {
			t.Errorf("%s has %d links", path, s.Links)
		}
	}
	// Numbers are not used again.
	want(t, "unlink", tmp.Unlink("a"), Success)
	put(t, tmp, "a", "")
	if s, _ := tmp.StatAt("a"); seen[s.Ino] != "" {
		t.Errorf("the new file has the inode of %s", seen[s.Ino])
	}
}

// Every change moves the times that POSIX says it moves, and no other.
func TestTimes(t *testing.T) {
	_, _, tmp := newFS(t)
	for _, d := range []string{"from", "to"} {
		want(t, "mkdir", tmp.Mkdir(d), Success)
	}
	put(t, tmp, "from/file", "text")
	put(t, tmp, "to/old", "text")
	h := open(t, tmp, "from/file", 0, Read|Write)

	const none, atim, mtim, ctim = 0, 1, 2, 4
	for _, c := range []struct {
		name           string
		do             func() Errno
		from, to, file int
	}{
		{"read", func() Errno { _, e := h.ReadAt(context.Background(), make([]byte, 9), 0); return e }, none, none, none},
		{"list", func() Errno { names(t, tmp); return Success }, none, none, none},
		{"write nothing", func() Errno { _, e := h.WriteAt(nil, 0); return e }, none, none, none},
		{"write", func() Errno { _, e := h.WriteAt([]byte("x"), 0); return e }, none, none, mtim | ctim},
		{"append", func() Errno { _, _, e := h.Append([]byte("x")); return e }, none, none, mtim | ctim},
		{"truncate", func() Errno { return h.Truncate(1) }, none, none, mtim | ctim},
		{"allocate", func() Errno { return h.Allocate(0, 9) }, none, none, mtim | ctim},
		{"fail to write", func() Errno { h.WriteAt([]byte("x"), math.MaxUint64); return Success }, none, none, none},
		{"fail to truncate", func() Errno { h.Truncate(math.MaxUint64); return Success }, none, none, none},
		{"open to truncate", func() Errno { put(t, tmp, "from/file", ""); return Success }, none, none, mtim | ctim},
		{"create", func() Errno { put(t, tmp, "from/b", ""); return Success }, mtim | ctim, none, none},
		{"mkdir", func() Errno { return tmp.Mkdir("from/c") }, mtim | ctim, none, none},
		{"unlink", func() Errno { return tmp.Unlink("from/b") }, mtim | ctim, none, none},
		{"rmdir", func() Errno { return tmp.Rmdir("from/c") }, mtim | ctim, none, none},
		{"rename in place", func() Errno { return tmp.Rename("from/file", tmp, "from/new") }, mtim | ctim, none, ctim},
		{"rename", func() Errno { return tmp.Rename("from/new", tmp, "to/new") }, mtim | ctim, mtim | ctim, ctim},
		{"rename onto", func() Errno { return tmp.Rename("to/new", tmp, "to/old") }, none, mtim | ctim, ctim},
		{"rename onto itself", func() Errno { return tmp.Rename("to/old", tmp, "to/old") }, none, none, none},
		{"set nothing", func() Errno { return h.SetTimes(0, 7, 7) }, none, none, none},
		{"set atim", func() Errno { return h.SetTimes(SetAtim, 7, 8) }, none, none, atim | ctim},
		{"set mtim", func() Errno { return h.SetTimes(SetMtim, 7, 8) }, none, none, mtim | ctim},
		{"set both", func() Errno { return tmp.SetTimesAt("to/old", SetAtimNow|SetMtimNow, 7, 8) }, none, none, atim | mtim | ctim},
		{"set both ways", func() Errno { return h.SetTimes(SetAtim|SetMtimNow, math.MaxUint64, 8) }, none, none, atim | mtim | ctim},
	} {
		from, _ := tmp.StatAt("from")
		to, _ := tmp.StatAt("to")
		file := h.Stat()
		want(t, c.name, c.do(), Success)
		from2, _ := tmp.StatAt("from")
		to2, _ := tmp.StatAt("to")
		for _, s := range []struct {
			what          string
			before, after Stat
			moved         int
		}{{"source", from, from2, c.from}, {"destination", to, to2, c.to}, {"file", file, h.Stat(), c.file}} {
			moved := 0
			if s.before.Atim != s.after.Atim {
				moved |= atim
			}
			if s.before.Mtim != s.after.Mtim {
				moved |= mtim
			}
			if s.before.Ctim != s.after.Ctim {
				moved |= ctim
			}
			if moved != s.moved {
				t.Errorf("%s moved times %03b of the %s, want %03b", c.name, moved, s.what, s.moved)
			}
		}
	}
	if s := h.Stat(); s.Atim != math.MaxUint64 || s.Mtim < 20 || s.Mtim != s.Ctim {
		t.Errorf("times are %+v", s)
	}
}

func TestSetTimesErrors(t *testing.T) {
	_, root, tmp := newFS(t)
	put(t, tmp, "file", "")
	for _, c := range []struct {
		path  string
		flags TimeFlags
		want  Errno
	}{
		{"tmp/file", SetAtim | SetAtimNow, EINVAL},
		{"tmp/file", SetMtim | SetMtimNow, EINVAL},
		{"tmp/file", SetAtim | SetAtimNow | SetMtim | SetMtimNow, EINVAL},
		{"tmp/file", 16, EINVAL},
		{"tmp/file", 1 << 15, EINVAL},
		{"tmp/none", SetAtim, ENOENT},
		{"tmp", SetAtim, Success},
		{"var", SetAtim, EROFS},
		{"dev/null", SetAtim, EROFS},
		{"var/task/bootstrap", SetMtimNow, EROFS},
		{"var/task/bootstrap", SetMtim | SetMtimNow, EINVAL},
	} {
		before, _ := root.StatAt(c.path)
		want(t, c.path, root.SetTimesAt(c.path, c.flags, 5, 5), c.want)
		if h, errno := root.Open(c.path, 0, 0); errno == Success {
			want(t, c.path+" by handle", h.SetTimes(c.flags, 5, 5), c.want)
			if c.want != Success && h.Stat() != before {
				t.Errorf("%s: failed, and changed %+v to %+v", c.path, before, h.Stat())
			}
		}
	}
}
