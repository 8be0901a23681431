package wasi

import (
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

func TestInsertTakesTheLowestFreeNumber(t *testing.T) {
	g := newGuest(t)
	a, b := newStream("a"), newStream("b")
	for want, d := range []Descriptor{a, b} {
		fd, errno := g.s.Insert(d)
		if errno != ESUCCESS || fd != uint32(want)+4 {
			t.Fatalf("Insert = %d, %v, want %d", fd, errno, want+4)
		}
	}
	g.ok("fd_close", 4)
	if a.closes != 1 || b.closes != 0 {
		t.Errorf("the streams were closed %d and %d times, want 1 and 0", a.closes, b.closes)
	}
	g.ok("fd_close", 0)
	c, d := newStream("c"), newStream("d")
	for _, want := range []struct {
		d  Descriptor
		fd uint32
	}{{c, 0}, {d, 4}} {
		if fd, errno := g.s.Insert(want.d); errno != ESUCCESS || fd != want.fd {
			t.Errorf("Insert = %d, %v, want %d", fd, errno, want.fd)
		}
	}
	if got, ok := g.s.Descriptor(5); !ok || got != Descriptor(b) {
		t.Errorf("Descriptor(5) = %v, %v, want the second stream", got, ok)
	}
	for _, fd := range []uint32{6, 0xffffffff} {
		if got, ok := g.s.Descriptor(fd); ok {
			t.Errorf("Descriptor(%d) = %v", fd, got)
		}
	}
	g.s.Close()
	for name, st := range map[string]*stream{"a": a, "b": b, "c": c, "d": d} {
		if st.closes != 1 {
			t.Errorf("stream %s was closed %d times, want once", name, st.closes)
		}
	}
	if _, ok := g.s.Descriptor(1); ok {
		t.Error("standard output is open after Close")
	}
}

func TestInsertedStream(t *testing.T) {
	g := newGuest(t)
	fd, _ := g.s.Insert(newStream(""))
	stat := g.alloc(fdstatSize)
	g.ok("fd_fdstat_get", uint64(fd), stat)
	if got := Filetype(g.mem[stat]); got != SocketStream {
		t.Errorf("its type is %d, want %d", got, SocketStream)
	}
	if got := Fdflags(g.u16(stat + 2)); got != NonBlock {
		t.Errorf("its flags are %d, want %d", got, NonBlock)
	}
	for _, name := range []string{"fd_tell", "fd_sync", "fd_datasync"} {
		args := []uint64{uint64(fd), g.alloc(8)}
		if name != "fd_tell" {
			args = args[:1]
		}
		if got := g.call(name, args...); got != ESPIPE && got != EINVAL {
			t.Errorf("%s = %v, want ESPIPE or EINVAL", name, got)
		}
	}
	if got := g.writeErr(uint64(fd)); got != ENOTCAPABLE {
		t.Errorf("writing it = %v, want ENOTCAPABLE", got)
	}
}

func TestTooManyOpenFiles(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.OpenFiles = 6 })
	g.open("tmp", 0, 0)
	if _, errno := g.s.Insert(newStream("")); errno != ESUCCESS {
		t.Fatal(errno)
	}
	last := newStream("")
	if fd, errno := g.s.Insert(last); errno != EMFILE {
		t.Errorf("Insert = %d, %v, want EMFILE", fd, errno)
	}
	// What cannot be opened is not created.
	if got := g.openErr(preopenedFd, "tmp/new", memfs.Create, readWrite); got != EMFILE {
		t.Errorf("path_open = %v, want EMFILE", got)
	}
	ptr, n := g.str("tmp/new")
	g.want(ENOENT, "path_filestat_get", preopenedFd, 0, ptr, n, g.alloc(filestatSize))
	g.ok("fd_close", 5)
	if fd := g.open("tmp", 0, 0); fd != 5 {
		t.Errorf("opened as %d, want 5", fd)
	}
}

// The first four are open whatever the limit says.
func TestOpenFilesOfZero(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.OpenFiles = 0 })
	g.ok("fd_close", 2)
	if fd := g.open("tmp", 0, 0); fd != 2 {
		t.Errorf("opened as %d, want 2", fd)
	}
	if got := g.openErr(preopenedFd, "tmp", 0, 0); got != EMFILE {
		t.Errorf("path_open = %v, want EMFILE", got)
	}
}

func TestCallsAreCounted(t *testing.T) {
	g := newGuest(t)
	g.ok("sched_yield")
	g.want(EBADF, "fd_close", 99)
	g.s.Begin(g.ctx, &g.meter)
	if g.s.Calls != 3 {
		t.Errorf("%d calls counted, want 3", g.s.Calls)
	}
}

// TestPristine: what was opened and closed again leaves nothing that a guest could
// notice.
func TestPristine(t *testing.T) {
	g := newGuest(t)
	pristine := func(want bool, after string) {
		t.Helper()
		if got := g.s.Pristine(); got != want {
			t.Errorf("Pristine after %s is %t, want %t", after, got, want)
		}
	}
	insert := func() {
		t.Helper()
		if _, errno := g.s.Insert(newStream("")); errno != ESUCCESS {
			t.Fatal(errno)
		}
	}
	pristine(true, "nothing")
	insert() // as 4
	pristine(false, "one was opened")
	insert() // as 5
	g.ok("fd_close", 4)
	pristine(false, "the first of two was closed")
	g.ok("fd_close", 5)
	pristine(true, "both were closed")
	g.ok("fd_close", 0)
	pristine(false, "standard input was closed")
	insert() // as 0
	pristine(false, "something else took its number")
}
