package memfs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
)

func TestBaseFiles(t *testing.T) {
	day := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	task := fstest.MapFS{
		"main.py":  {Data: []byte("print()"), ModTime: day},
		"a":        {Mode: fs.ModeDir, ModTime: day},
		"a/b/long": {Data: []byte(strings.Repeat("0123456789", 20_000))},
		"empty":    {},
		"old":      {ModTime: time.Date(1812, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	opt := fstest.MapFS{"layer": {Data: []byte("layered")}}
	b, err := NewBase(task, []fs.FS{opt}, map[string]string{"hosts": "localhost", "ssl/certs/": "", "ssl/cert.pem": "PEM", "empty/": ""})
	if err != nil {
		t.Fatal(err)
	}
	f := New(b, Quota{}, new(clock).now)
	root := f.Root()
	for path, text := range map[string]string{
		"var/task/main.py": "print()", "var/task/empty": "", "var/task/a/b/long": strings.Repeat("0123456789", 20_000),
		"opt/layer": "layered", "etc/hosts": "localhost", "etc/ssl/cert.pem": "PEM",
	} {
		if got := get(t, root, path); got != text {
			t.Errorf("%s holds %q", path, got)
		}
	}
	for path, mtim := range map[string]time.Time{"var/task/main.py": day, "var/task/a": day, "var/task/old": time.Unix(0, 0), "var/task/empty": time.Unix(0, 0)} {
		if s, _ := root.StatAt(path); s.Mtim != uint64(mtim.UnixNano()) || s.Atim != s.Mtim || s.Ctim != s.Mtim {
			t.Errorf("%s: %+v, want %v", path, s, mtim)
		}
	}
	if got := names(t, open(t, root, "etc", 0, Read)); got != "empty/ hosts ssl/" {
		t.Errorf("/etc: %q", got)
	}
	if got := names(t, open(t, root, "etc/ssl", 0, Read)); got != "cert.pem certs/" {
		t.Errorf("/etc/ssl: %q", got)
	}
	h := open(t, root, "var/task/a/b/long", 0, Read)
	p := make([]byte, 20)
	if n, errno := h.ReadAt(context.Background(), p, 199_995); n != 5 || errno != Success || string(p[:n]) != "56789" {
		t.Errorf("read %d bytes, %v: %q", n, errno, p[:n])
	}
	if n, errno := h.ReadAt(context.Background(), p, 1<<63); n != 0 || errno != Success {
		t.Errorf("read %d bytes, %v", n, errno)
	}
}

func TestDefaultEtc(t *testing.T) {
	_, root, _ := newFS(t)
	if got := get(t, root, "etc/hosts"); !strings.Contains(got, "localhost") {
		t.Errorf("hosts: %q", got)
	}
	if got := get(t, root, "etc/passwd"); strings.Count(got, ":") != 6 || strings.Count(got, "\n") != 1 {
		t.Errorf("passwd: %q", got)
	}
}

func TestBaseRefuses(t *testing.T) {
	deep := strings.Repeat("d/", maxDepth)
	many := fstest.MapFS{}
	for i := range maxEntries {
		many[fmt.Sprint(i)] = &fstest.MapFile{}
	}
	unreadable, err := fs.Sub(fstest.MapFS{}, "none")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		task fs.FS
		etc  map[string]string
		want string // in the error; "" means none
	}{
		{"deepest", fstest.MapFS{deep + "x": {}}, nil, ""},
		{"too deep", fstest.MapFS{deep + "d/x": {}}, nil, "deeper than the 64 folders"},
		{"longest name", fstest.MapFS{strings.Repeat("n", NameMax): {}}, nil, ""},
		{"name too long", fstest.MapFS{strings.Repeat("n", NameMax+1): {}}, nil, "256 bytes, at most 255"},
		{"path too long", fstest.MapFS{strings.Repeat(strings.Repeat("n", NameMax)+"/", 16) + "x": {}}, nil, "at most 4086"},
		{"NUL", fstest.MapFS{"a\x00b": {}}, nil, `the name "a\x00b" is not allowed`},
		{"not UTF-8", listing{"\xff"}, nil, `the name "\xff" is not allowed`},
		{"parent", listing{".."}, nil, `the name ".." is not allowed`},
		{"itself", listing{"."}, nil, `the name "." is not allowed`},
		{"slash", listing{"a/b"}, nil, `the name "a/b" is not allowed`},
		{"no name", listing{""}, nil, `the name "" is not allowed`},
		{"twice", listing{"a", "a"}, nil, `"a" is there twice`},
		{"symlink", fstest.MapFS{"link": {Data: []byte("x"), Mode: fs.ModeSymlink}}, nil, `"link" is of type L`},
		{"device", fstest.MapFS{"null": {Mode: fs.ModeDevice}}, nil, `"null" is of type D`},
		{"too many", many, nil, "at most 65536 files"},
		{"too large", sizes{"a": maxBytes, "b": 1}, map[string]string{}, `"b" has 1 bytes after 1073741824 of others`},
		{"overflow", sizes{"a": 1, "b": 1<<63 - 1}, map[string]string{}, `"b" has 9223372036854775807 bytes after 1 of`},
		{"negative", sizes{"a": -1}, nil, `"a" has -1 bytes`},
		{"unreadable", unreadable, nil, "does not exist"},
		{"etc: no name", nil, map[string]string{"": ""}, "is not allowed"},
		{"etc: absolute", nil, map[string]string{"/hosts": ""}, "is not allowed"},
		{"etc: parent", nil, map[string]string{"../hosts": ""}, "is not allowed"},
		{"etc: slashes", nil, map[string]string{"a//b": ""}, "is not allowed"},
		{"etc: file as folder", nil, map[string]string{"a": "", "a/b": ""}, "is there twice"},
		{"etc: folder and file", nil, map[string]string{"a/": "", "a/b": "", "a/b/c": ""}, "is there twice"},
		{"etc: nothing", nil, map[string]string{}, ""},
	} {
		_, err := NewBase(c.task, nil, c.etc)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if c.task != nil && c.want != "" {
			if _, err := NewBase(nil, []fs.FS{c.task}, nil); err == nil || !strings.Contains(err.Error(), "/opt") {
				t.Errorf("%s in /opt: %v", c.name, err)
			}
		}
	}
}

// A file that is not what it was said to be cannot be read, and hurts nobody.
func TestBaseFileThatLies(t *testing.T) {
	for name, fsys := range map[string]fs.FS{
		"short":   sized{fstest.MapFS{"f": {Data: []byte("abc")}}, 4},
		"long":    sized{fstest.MapFS{"f": {Data: []byte("abc")}}, 2},
		"missing": sizes{"f": 3},
	} {
		b, err := NewBase(fsys, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		h := open(t, New(b, Quota{}, new(clock).now).Root(), "var/task/f", 0, Read)
		for range 2 {
			n, errno := h.ReadAt(context.Background(), make([]byte, 9), 0)
			want(t, name, errno, EIO)
			if n != 0 {
				t.Errorf("%s: read %d bytes", name, n)
			}
		}
	}
}

// Many instances share a Base; each file is opened once.
func TestBaseIsShared(t *testing.T) {
	counted := &counting{FS: fstest.MapFS{"f": {Data: []byte("shared")}}}
	b, err := NewBase(counted, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	counted.opened.Store(0)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			f := New(b, Quota{Bytes: 1 << 20, Files: 10}, new(clock).now)
			root := f.Root()
			put(t, root, "tmp/mine", fmt.Sprint(i))
			for range 100 {
				if got := get(t, root, "var/task/f"); got != "shared" {
					t.Errorf("got %q", got)
				}
				names(t, root)
			}
			if got := get(t, root, "tmp/mine"); got != fmt.Sprint(i) {
				t.Errorf("instance %d has the file of %s", i, got)
			}
		})
	}
	wg.Wait()
	if n := counted.opened.Load(); n != 1 {
		t.Errorf("opened %d times", n)
	}
}

// counting counts what is opened.
type counting struct {
	fs.FS
	opened atomic.Int64
}

func (c *counting) Open(name string) (fs.File, error) {
	c.opened.Add(1)
	return c.FS.Open(name)
}

// listing is a file system that lists empty files with these names, whatever
// they are.
type listing []string

func (l listing) Open(name string) (fs.File, error) { return nil, errors.ErrUnsupported }

func (l listing) ReadDir(string) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for _, name := range l {
		list = append(list, entry{name, 0})
	}
	return list, nil
}

// sizes is a file system that says its files have these sizes, and opens none.
type sizes map[string]int64

func (s sizes) Open(name string) (fs.File, error) { return nil, errors.ErrUnsupported }

func (s sizes) ReadDir(string) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for _, name := range []string{"a", "b", "f"} {
		if size, ok := s[name]; ok {
			list = append(list, entry{name, size})
		}
	}
	return list, nil
}

// sized is a file system that says its file f has another size than it has.
type sized struct {
	fs.FS
	size int64
}

func (s sized) ReadDir(string) ([]fs.DirEntry, error) { return []fs.DirEntry{entry{"f", s.size}}, nil }

type entry struct {
	name string
	size int64
}

func (e entry) Name() string               { return e.name }
func (e entry) Size() int64                { return e.size }
func (e entry) IsDir() bool                { return false }
func (e entry) Type() fs.FileMode          { return 0 }
func (e entry) Mode() fs.FileMode          { return 0o444 }
func (e entry) ModTime() time.Time         { return time.Time{} }
func (e entry) Sys() any                   { return nil }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }
