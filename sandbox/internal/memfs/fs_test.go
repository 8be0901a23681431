package memfs

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// clock counts: every time it gives is later than the one before.
type clock int64

func (c *clock) now() int64 { *c++; return int64(*c) }

func testBase(t testing.TB) *Base {
	t.Helper()
	task := fstest.MapFS{
		"bootstrap":   {Data: []byte("the module")},
		"lib/a.txt":   {Data: []byte("aaa")},
		"lib/b/c.txt": {Data: []byte("ccc")},
	}
	b, err := NewBase(task, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newFS returns an FS of 1 MiB and 100 files, with handles to / and /tmp.
func newFS(t testing.TB) (f *FS, root, tmp *Handle) {
	t.Helper()
	return newFSOf(t, Quota{Bytes: 1 << 20, Files: 100})
}

func newFSOf(t testing.TB, q Quota) (f *FS, root, tmp *Handle) {
	t.Helper()
	f = New(testBase(t), q, new(clock).now)
	t.Cleanup(func() { verify(t, f) })
	root = f.Root()
	return f, root, open(t, root, "tmp", MustBeDir, Read)
}

func open(t testing.TB, dir *Handle, path string, flags OpenFlags, access Access) *Handle {
	t.Helper()
	h, errno := dir.Open(path, flags, access)
	if errno != Success {
		t.Fatalf("open %q: %v", path, errno)
	}
	return h
}

// put makes a file that holds text.
func put(t testing.TB, dir *Handle, path, text string) {
	t.Helper()
	h := open(t, dir, path, Create|Truncate, Write)
	defer h.Close()
	if n, errno := h.WriteAt([]byte(text), 0); n != len(text) || errno != Success {
		t.Fatalf("write %q: %d bytes, %v", path, n, errno)
	}
}

// get returns what the file at path holds.
func get(t testing.TB, dir *Handle, path string) string {
	t.Helper()
	h := open(t, dir, path, 0, Read)
	defer h.Close()
	return read(t, h)
}

func read(t testing.TB, h *Handle) string {
	t.Helper()
	p := make([]byte, h.Stat().Size+1)
	n, errno := h.ReadAt(context.Background(), p, 0)
	if errno != Success || n != len(p)-1 {
		t.Fatalf("read %d bytes of %d, %v", n, len(p)-1, errno)
	}
	return string(p[:n])
}

func want(t testing.TB, what string, got, want Errno) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// names lists a folder, with a slash behind folders, without "." and "..".
func names(t testing.TB, h *Handle) string {
	t.Helper()
	var list []string
	for cookie := uint64(0); ; {
		e, ok, errno := h.NextEntry(cookie)
		if errno != Success {
			t.Fatalf("entry at %d: %v", cookie, errno)
		}
		if !ok {
			return strings.Join(list, " ")
		}
		if e.Next <= cookie {
			t.Fatalf("cookie %d follows %d", e.Next, cookie)
		}
		cookie = e.Next
		switch {
		case e.Name == "." || e.Name == "..":
		case e.Type == Directory:
			list = append(list, e.Name+"/")
		default:
			list = append(list, e.Name)
		}
	}
}

func sorted(list string) string {
	fields := strings.Fields(list)
	slices.Sort(fields)
	return strings.Join(fields, " ")
}

// verify checks what must always hold: the folders agree with the map of
// entries, and the account with what is there. Files that are removed but open
// are given as open handles.
func verify(t testing.TB, f *FS, open ...*Handle) {
	t.Helper()
	var used int64
	count, seen := 0, map[*node]bool{}
	weigh := func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		count++
		used += entryCharge + int64(len(n.name))
		if n.data == nil {
			return
		}
		used += pageEntry * int64(cap(n.data.pages))
		for i, page := range n.data.pages {
			used += int64(len(page))
			start := uint64(i) * pageSize
			beyond := page[min(uint64(len(page)), max(n.data.size, start)-start):]
			if strings.Trim(string(beyond), "\x00") != "" {
				t.Fatalf("%q: a byte beyond its %d is not zero", n.name, n.data.size)
			}
		}
		if n.data.size > uint64(f.account.quota.Bytes) {
			t.Fatalf("%q has %d bytes, quota is %d", n.name, n.data.size, f.account.quota.Bytes)
		}
	}
	linked := 0
	for todo := []*node{f.tmp}; len(todo) > 0; todo = todo[1:] {
		dir := todo[0]
		last := uint64(cookieDotDot)
		for _, n := range dir.order {
			linked++
			if n.parent != dir || n.cookie <= last || n.cookie > dir.lastCookie {
				t.Fatalf("%q: has cookie %d after %d, last given is %d", n.name, n.cookie, last, dir.lastCookie)
			}
			last = n.cookie
			if f.entries[entryKey{dir, n.name}] != n {
				t.Fatalf("%q is listed but cannot be found", n.name)
			}
			weigh(n)
			if n.kind == Directory {
				todo = append(todo, n)
			}
		}
	}
	if linked != len(f.entries) {
		t.Fatalf("folders list %d entries, the map has %d", linked, len(f.entries))
	}
	for _, h := range open {
		if h.node != nil && h.node.writable && h.node != f.tmp {
			weigh(h.node)
		}
	}
	a := f.account
	if a.files != count || a.used != used {
		t.Fatalf("account says %d files, %d bytes; there are %d and %d", a.files, a.used, count, used)
	}
	if a.used > a.peak || a.peak > a.quota.Bytes || a.files > a.quota.Files {
		t.Fatalf("account is out of bounds: %+v", a)
	}
}
