package wasi

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

func TestFdRead(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "0123456789")
	fd := g.open("tmp/f", 0, uint64(RightFdRead|RightFdTell))
	list, count, buffers := g.iovecs(3, 0, 4)
	n := g.alloc(4)
	g.ok("fd_read", fd, list, count, n)
	if g.u32(n) != 7 || string(g.mem[buffers[0]:][:3]) != "012" || string(g.mem[buffers[2]:][:4]) != "3456" {
		t.Errorf("read %d bytes: %q %q", g.u32(n), g.mem[buffers[0]:][:3], g.mem[buffers[2]:][:4])
	}
	g.ok("fd_read", fd, list, count, n)
	if g.u32(n) != 3 || string(g.mem[buffers[2]:][:4]) != "3456" {
		t.Errorf("at the end: read %d bytes, then %q", g.u32(n), g.mem[buffers[2]:][:4])
	}
	g.ok("fd_read", fd, list, count, n)
	if g.u32(n) != 0 {
		t.Errorf("beyond the end: read %d bytes", g.u32(n))
	}
	at := g.alloc(8)
	g.ok("fd_tell", fd, at)
	if g.u64(at) != 10 {
		t.Errorf("the file stands at %d, want 10", g.u64(at))
	}
}

func TestFdReadThePackage(t *testing.T) {
	g := newGuest(t)
	if got := g.read(g.open("var/task/main.txt", 0, uint64(RightFdRead)), 100); got != "package" {
		t.Errorf("read %q", got)
	}
}

func TestFdReadRefused(t *testing.T) {
	g := newGuest(t)
	for fd, want := range map[uint64]Errno{
		99: EBADF, 0xffffffff: EBADF, preopenedFd: EISDIR,
		g.open("tmp/f", memfs.Create, uint64(RightFdWrite)): ENOTCAPABLE,
		g.open("tmp/f", 0, 0):                               ENOTCAPABLE,
	} {
		if got := g.readErr(fd); got != want {
			t.Errorf("reading %d = %v, want %v", fd, got, want)
		}
	}
}

// A buffer that is partly outside is not written, and the file stays where it
// stands.
func TestFdReadBadBuffers(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "0123456789")
	fd := g.open("tmp/f", 0, uint64(RightFdRead))
	list, count, buffers := g.iovecs(3, 4)
	n := g.alloc(4)
	before := bytes.Clone(g.mem)
	g.mem.PutUint32(uint32(list)+8, memorySize-2)
	g.want(EFAULT, "fd_read", fd, list, count, n)
	g.mem.PutUint32(uint32(list)+8, uint32(buffers[1]))
	g.want(EFAULT, "fd_read", fd, list, count, memorySize-3)
	g.want(EFAULT, "fd_read", fd, memorySize-15, count, n)
	g.want(EINVAL, "fd_read", fd, list, maxIovecs+1, n)
	g.want(EINVAL, "fd_read", fd, list, 0xffffffff, n)
	if !bytes.Equal(g.mem, before) {
		t.Error("a refused call wrote to memory")
	}
	if got := g.read(fd, 10); got != "0123456789" {
		t.Errorf("read %q after refused calls", got)
	}
}

func TestFdReadTooManyBytes(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdin = []byte("x") })
	g.mem = make(engine.Memory, 64<<20)
	const each = 16 << 20
	for i := range uint32(maxIovecs) {
		g.mem.PutUint32(i*8, 1<<20)
		g.mem.PutUint32(i*8+4, each)
	}
	g.want(EINVAL, "fd_read", 0, 0, 128, 1<<16) // 128 × 16 MiB = 2 GiB
	g.ok("fd_read", 0, 0, 127, 1<<16)
	if g.u32(1<<16) != 1 {
		t.Errorf("read %d bytes, want 1", g.u32(1<<16))
	}
}

// Buffers that overlap the list of buffers are used as they were listed.
func TestFdReadOntoItsOwnList(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdin = bytes.Repeat([]byte{0xff}, 16) })
	list := g.alloc(24)
	buf := g.alloc(8)
	for i, v := range []uint32{uint32(list), 16, uint32(buf), 8} {
		g.mem.PutUint32(uint32(list)+4*uint32(i), v)
	}
	g.ok("fd_read", 0, list, 2, list+4)
	if g.u32(list+4) != 16 {
		t.Errorf("read %d bytes, want 16", g.u32(list+4))
	}
	if g.u32(buf) != 0xa5a5a5a5 {
		t.Error("the second buffer was filled, too")
	}
}

func TestFdPread(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "0123456789")
	fd := g.open("tmp/f", 0, uint64(RightFdRead|RightFdSeek))
	list, count, buffers := g.iovecs(2, 2)
	n := g.alloc(4)
	for _, c := range []struct {
		offset uint64
		want   string
	}{{0, "0123"}, {8, "89"}, {9, "9"}, {10, ""}, {1 << 63, ""}, {all, ""}} {
		g.ok("fd_pread", fd, list, count, c.offset, n)
		got := append(bytes.Clone(g.mem[buffers[0]:][:2]), g.mem[buffers[1]:][:2]...)[:g.u32(n)]
		if string(got) != c.want {
			t.Errorf("at %d: read %q, want %q", c.offset, got, c.want)
		}
	}
	if got := g.read(fd, 2); got != "01" {
		t.Errorf("the file stood at %q, want its start", got)
	}
	g.want(EISDIR, "fd_pread", preopenedFd, list, count, 0, n)
	g.want(EBADF, "fd_pread", 99, list, count, 0, n)
	g.want(ENOTCAPABLE, "fd_pread", g.open("tmp/f", 0, uint64(RightFdRead)), list, count, 0, n)
	g.want(ENOTCAPABLE, "fd_pread", g.open("tmp/f", 0, uint64(RightFdWrite|RightFdSeek)), list, count, 0, n)
}

func TestReadWhatIsNotReady(t *testing.T) {
	g := newGuest(t)
	st := newStream("answer")
	n, _ := g.s.Insert(st)
	fd := uint64(n)
	if got := g.readErr(fd); got != EAGAIN {
		t.Errorf("reading = %v, want EAGAIN", got)
	}
	close(st.open)
	for _, want := range []string{"answ", "er", ""} {
		if got := g.read(fd, 4); got != want {
			t.Errorf("read %q, want %q", got, want)
		}
	}
	for i, timeout := range g.world.waits {
		if timeout != 0 {
			t.Errorf("wait %d had the timeout %v, want 0", i, timeout)
		}
	}
	if len(g.world.waits) != 4 {
		t.Errorf("World was asked %d times, want once for each read", len(g.world.waits))
	}
}

// Without NonBlock a read waits, also for what becomes ready only then, and no
// longer than the context.
func TestReadWaits(t *testing.T) {
	g := newGuest(t)
	st := newStream("answer")
	n, _ := g.s.Insert(st)
	fd := uint64(n)
	g.ok("fd_fdstat_set_flags", fd, 0)
	g.world.whileIdle = func() { close(st.open) }
	list, count, buffers := g.iovecs(4, 10)
	bytesRead := g.alloc(4)
	g.ok("fd_read", fd, list, count, bytesRead)
	if g.u32(bytesRead) != 6 || string(g.mem[buffers[0]:][:4])+string(g.mem[buffers[1]:][:2]) != "answer" {
		t.Errorf("read %d bytes: %q %q", g.u32(bytesRead), g.mem[buffers[0]:][:4], g.mem[buffers[1]:][:2])
	}
	if len(g.world.waits) != 1 || g.world.waits[0] != forever {
		t.Errorf("World waited %v, want once, for ever", g.world.waits)
	}

	n, _ = g.s.Insert(newStream(""))
	g.ok("fd_fdstat_set_flags", uint64(n), 0)
	g.world.whileIdle = nil
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Hour, errors.New("unused"))
	defer cancel()
	g.ctx = ctx
	if err := stopped(func() { g.readErr(uint64(n)) }); !errors.Is(err, errDeadlock) {
		t.Errorf("the guest was stopped by %v, want the World's error", err)
	}
}

// No view of guest memory outlives the call, even if the guest was stopped.
func TestNoViewIsKept(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdout = func([]byte) Errno { panic("sink") } })
	func() {
		defer func() { _ = recover() }()
		g.writeErr(1)
	}()
	g.readErr(0)
	for _, v := range g.s.views[:cap(g.s.views)] {
		if v != nil {
			t.Fatal("a view of guest memory was kept")
		}
	}
}

// A file of the package that takes long to read holds up nobody whose time is
// over.
func TestFdReadOfSlowFile(t *testing.T) {
	goOn := make(chan struct{})
	base, err := memfs.NewBase(slowFS{fstest.MapFS{"slow": {Data: []byte("text")}}, goOn}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := newGuest(t, func(c *Config) {
		c.FS = memfs.New(base, memfs.Quota{}, func() int64 { return 0 })
	})
	fd := g.open("var/task/slow", 0, uint64(RightFdRead|RightFdSeek))
	ctx, cancel := context.WithCancelCause(t.Context())
	over := errors.New("over")
	cancel(over)
	g.ctx = ctx
	list, count, _ := g.iovecs(9)
	n := g.alloc(4)
	for name, read := range map[string]func(){
		"fd_read":  func() { g.call("fd_read", fd, list, count, n) },
		"fd_pread": func() { g.call("fd_pread", fd, list, count, 0, n) },
	} {
		if err := stopped(read); !errors.Is(err, engine.ErrInterrupted) || !errors.Is(err, over) {
			t.Errorf("%s was stopped by %v, want an interruption", name, err)
		}
	}
	close(goOn)
	g.ctx = t.Context()
	if got := g.read(fd, 9); got != "text" {
		t.Errorf("read %q", got)
	}
}

// slowFS lets nobody open its file before goOn is closed.
type slowFS struct {
	fs.FS
	goOn chan struct{}
}

func (s slowFS) Open(name string) (fs.File, error) {
	if name == "slow" {
		<-s.goOn
	}
	return s.FS.Open(name)
}
