package memfs

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

func TestLayers(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	b, err := NewBase(nil, []fs.FS{
		fstest.MapFS{"same": file("1"), "only1": file("1"), "lib/a": file("1"), "lib/b": file("1"), "was/a/folder": file("1"), "was-file": file("1")},
		fstest.MapFS{"same": file("2"), "lib/b": file("2"), "lib/deep/c": file("2"), "was": file("2"), "was-file/now": file("2")},
		nil,
		fstest.MapFS{"same": file("3"), "lib/deep/d": file("3")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	root := New(b, Quota{}, new(clock).now).Root()
	for path, text := range map[string]string{
		"opt/same": "3", "opt/only1": "1", "opt/lib/a": "1", "opt/lib/b": "2", "opt/lib/deep/c": "2", "opt/lib/deep/d": "3",
		"opt/was": "2", "opt/was-file/now": "2",
	} {
		if got := get(t, root, path); got != text {
			t.Errorf("%s holds %q, want %q", path, got, text)
		}
	}
	for path, list := range map[string]string{"opt": "lib/ same was was-file/ only1", "opt/lib": "deep/ b a", "opt/lib/deep": "d c", "opt/was-file": "now"} {
		if got := names(t, open(t, root, path, 0, Read)); got != list {
			t.Errorf("%s: %q, want %q", path, got, list)
		}
	}
	want(t, "making a folder", root.Mkdir("opt/new"), EROFS)
	want(t, "removing a file", root.Unlink("opt/same"), EROFS)
	if _, errno := root.Open("opt/same", 0, Read|Write); errno != EROFS {
		t.Errorf("opening a file to write: %v", errno)
	}
}

// What a layer has against it is said also if it comes after others, and the limits
// are those of all together.
func TestLayersRefused(t *testing.T) {
	for name, c := range map[string]struct {
		layers []fs.FS
		want   string
	}{
		"twice":  {[]fs.FS{listing{"a", "a"}, fstest.MapFS{"b": {}}}, "is there twice"},
		"bytes":  {[]fs.FS{sizes{"a": maxBytes}, sizes{"b": 1}}, "at most"},
		"broken": {[]fs.FS{listing{"a\x00"}, fstest.MapFS{"b": {}}}, "not allowed"},
	} {
		if _, err := NewBase(nil, c.layers, map[string]string{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := NewBase(nil, []fs.FS{sizes{"a": maxBytes}, sizes{"a": 1}}, map[string]string{}); err != nil {
		t.Errorf("what is hidden counts: %v", err)
	}
}

// shared is an fs.FS that has its files in memory.
type shared struct {
	fstest.MapFS
	err error
}

func (s *shared) ReadShared(name string) ([]byte, error) { return s.MapFS[name].Data, s.err }

func TestSharedFiles(t *testing.T) {
	s := &shared{MapFS: fstest.MapFS{"f": {Data: []byte("text")}}}
	var kept atomic.Int64
	read := readOnce(s, "f", 4, &kept)
	got, err := read(context.Background())
	if err != nil || &got[0] != &s.MapFS["f"].Data[0] {
		t.Errorf("read %q, %v: not the bytes themselves", got, err)
	}
	if _, err := readOnce(s, "f", 3, &kept)(context.Background()); err == nil {
		t.Error("a file that is longer than it is said to be was read")
	}
	if kept.Load() != 0 {
		t.Errorf("%d bytes are counted of what is shared", kept.Load())
	}
	s.err = errors.New("of the test")
	if _, err := readOnce(s, "f", 4, &kept)(context.Background()); !errors.Is(err, s.err) {
		t.Error(err)
	}
}

// TestBaseSize: what was read is counted once, and so is each entry.
func TestBaseSize(t *testing.T) {
	b, err := NewBase(fstest.MapFS{"f": {Data: []byte("text")}}, []fs.FS{fstest.MapFS{"g/h": {}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	const entries = 3 * entrySize
	if got := b.Size(); got != entries {
		t.Errorf("%d bytes before anything was read, want %d", got, entries)
	}
	task := b.entries[entryKey{b.entries[entryKey{b.root, "var"}], "task"}]
	for range 2 {
		if _, err := b.entries[entryKey{task, "f"}].read(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := b.Size(); got != entries+4 {
			t.Errorf("%d bytes, want %d", got, entries+4)
		}
	}
}
