package wasi

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// guest calls the functions as an engine would, over memory that is its own.
type guest struct {
	t               testing.TB
	ctx             context.Context
	engine.Instance // nil: no other methods

	s     *State
	mem   engine.Memory
	world *world
	funcs []engine.HostFunc
	meter engine.Meter
	next  uint32 // free memory starts here
}

const (
	memorySize  = 1 << 16
	firstPlace  = 64 // of alloc
	deadTop     = 0xdead_beef << 32
	wallStart   = 1_700_000_000_000_000_000
	preopenedFd = 3
)

// newGuest makes a guest over the files below, changed by each of opts.
func newGuest(t testing.TB, opts ...func(*Config)) *guest {
	t.Helper()
	w := &world{wall: wallStart, mono: 5_000}
	task := fstest.MapFS{"main.txt": {Data: []byte("package")}}
	base, err := memfs.NewBase(task, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		FS:        memfs.New(base, memfs.Quota{Bytes: 1 << 20, Files: 100}, w.Wall),
		World:     w,
		OpenFiles: 16,
	}
	for _, opt := range opts {
		opt(&cfg)
	}
	g := &guest{t: t, ctx: context.Background(), mem: make(engine.Memory, memorySize), world: w, next: firstPlace}
	g.s = New(cfg)
	g.meter = engine.NewMeter(new(gauge), 0)
	g.meter.Begin(0)
	g.funcs = Functions(func(data any) *State { return data.(*State) })
	return g
}

// The methods of engine.Instance that host functions use.
func (g *guest) Memory() engine.Memory     { return g.mem }
func (g *guest) Meter() *engine.Meter      { return &g.meter }
func (g *guest) Data() any                 { return g.s }
func (g *guest) Restorer() engine.Restorer { return nil }

// gauge is the fuel that the guest has left.
type gauge int64

func (g *gauge) Left() int64        { return int64(*g) }
func (g *gauge) SetLeft(left int64) { *g = gauge(left) }

// call calls the function of that name and number of parameters. The upper
// half of what is an i32 is garbage, as it may be.
func (g *guest) call(name string, args ...uint64) Errno {
	g.t.Helper()
	for _, f := range g.funcs {
		if f.Name == name && len(f.Params) == len(args) {
			return g.invoke(f, args)
		}
	}
	g.t.Fatalf("there is no %s with %d parameters", name, len(args))
	return 0
}

func (g *guest) invoke(f engine.HostFunc, args []uint64) Errno {
	stack := make([]uint64, max(len(args), 1))
	for i, v := range args {
		stack[i] = v
		if f.Params[i] == engine.I32 {
			stack[i] = deadTop | uint64(uint32(v))
		}
	}
	f.Call(g.ctx, g, stack)
	return Errno(stack[0])
}

// want calls and fails the test unless the answer is errno.
func (g *guest) want(errno Errno, name string, args ...uint64) {
	g.t.Helper()
	if got := g.call(name, args...); got != errno {
		g.t.Errorf("%s(%d) = %v, want %v", name, args, got, errno)
	}
}

// ok calls and ends the test unless the answer is success.
func (g *guest) ok(name string, args ...uint64) {
	g.t.Helper()
	if got := g.call(name, args...); got != ESUCCESS {
		g.t.Fatalf("%s(%d) = %v", name, args, got)
	}
}

// stopped runs f and returns the error that it stopped the guest with, nil if
// it returned.
func stopped(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(error)
			if !ok {
				panic(r)
			}
			if err, ok = engine.Stopped(e); !ok {
				panic(r)
			}
		}
	}()
	f()
	return nil
}

// alloc returns n bytes of memory, filled with a pattern.
func (g *guest) alloc(n int) uint64 {
	g.t.Helper()
	ptr := (g.next + 7) &^ 7
	if int(ptr)+n > len(g.mem) {
		g.t.Fatal("the test's guest has no memory left")
	}
	g.next = ptr + uint32(n)
	for i := range n {
		g.mem[int(ptr)+i] = 0xa5
	}
	return uint64(ptr)
}

// str puts a string into memory and returns its pointer and length.
func (g *guest) str(s string) (ptr, n uint64) {
	ptr = g.alloc(len(s))
	copy(g.mem[ptr:], s)
	return ptr, uint64(len(s))
}

func (g *guest) u16(ptr uint64) uint16 { return binary.LittleEndian.Uint16(g.mem[ptr:]) }
func (g *guest) u32(ptr uint64) uint32 { return binary.LittleEndian.Uint32(g.mem[ptr:]) }
func (g *guest) u64(ptr uint64) uint64 { return binary.LittleEndian.Uint64(g.mem[ptr:]) }

// iovecs puts a list of buffers of the given sizes into memory.
func (g *guest) iovecs(sizes ...int) (list, count uint64, buffers []uint64) {
	list = g.alloc(8 * len(sizes))
	for i, n := range sizes {
		b := g.alloc(n)
		buffers = append(buffers, b)
		g.mem.PutUint32(uint32(list)+8*uint32(i), uint32(b))
		g.mem.PutUint32(uint32(list)+8*uint32(i)+4, uint32(n))
	}
	return list, uint64(len(sizes)), buffers
}

const (
	readWrite = uint64(RightFdRead | RightFdWrite)
	all       = math.MaxUint64
)

// open opens path below the root, with every right there is.
func (g *guest) open(path string, oflags memfs.OpenFlags, rights uint64) uint64 {
	g.t.Helper()
	return g.openAt(preopenedFd, path, oflags, rights, all, 0)
}

func (g *guest) openAt(fd uint64, path string, oflags memfs.OpenFlags, base, inheriting uint64, flags Fdflags) uint64 {
	g.t.Helper()
	result := g.alloc(4)
	ptr, n := g.str(path)
	g.ok("path_open", fd, 1, ptr, n, uint64(oflags), base, inheriting, uint64(flags), result)
	return uint64(g.u32(result))
}

// openErr is the errno of opening path relative to fd.
func (g *guest) openErr(fd uint64, path string, oflags memfs.OpenFlags, base uint64) Errno {
	g.t.Helper()
	result := g.alloc(4)
	ptr, n := g.str(path)
	return g.call("path_open", fd, 0, ptr, n, uint64(oflags), base, all, 0, result)
}

// create makes the file with that content and closes it.
func (g *guest) create(path, content string) {
	g.t.Helper()
	fd := g.open(path, memfs.Create|memfs.Truncate, readWrite)
	g.write(fd, content)
	g.ok("fd_close", fd)
}

// write writes all of s at once.
func (g *guest) write(fd uint64, s string) {
	g.t.Helper()
	list, count, buffers := g.iovecs(len(s))
	copy(g.mem[buffers[0]:], s)
	result := g.alloc(4)
	g.ok("fd_write", fd, list, count, result)
	if n := g.u32(result); n != uint32(len(s)) {
		g.t.Fatalf("fd_write wrote %d bytes of %d", n, len(s))
	}
}

// read reads at most n bytes at once.
func (g *guest) read(fd uint64, n int) string {
	g.t.Helper()
	list, count, buffers := g.iovecs(n)
	result := g.alloc(4)
	g.ok("fd_read", fd, list, count, result)
	return string(g.mem[buffers[0]:][:g.u32(result)])
}

// readErr and writeErr are the errno of reading or writing 4 bytes.
func (g *guest) readErr(fd uint64) Errno  { return g.transferErr("fd_read", fd) }
func (g *guest) writeErr(fd uint64) Errno { return g.transferErr("fd_write", fd) }

func (g *guest) transferErr(name string, fd uint64) Errno {
	g.t.Helper()
	list, count, _ := g.iovecs(4)
	return g.call(name, fd, list, count, g.alloc(4))
}

// rights returns what fd_fdstat_get says.
func (g *guest) rights(fd uint64) (base, inheriting Rights) {
	g.t.Helper()
	stat := g.alloc(fdstatSize)
	g.ok("fd_fdstat_get", fd, stat)
	return Rights(g.u64(stat + 8)), Rights(g.u64(stat + 16))
}

// world is a World whose time passes only while it waits.
type world struct {
	wall, mono int64
	random     byte
	waits      []time.Duration // timeouts asked for
	whileIdle  func()          // called before a wait that nothing would end
	filled     int             // random bytes given
	largest    int             // of them, at once
}

var errDeadlock = errors.New("waiting for nothing")

func (w *world) Wall() int64      { return w.wall }
func (w *world) Monotonic() int64 { return w.mono }

func (w *world) Random(p []byte) {
	for i := range p {
		w.random++
		p[i] = w.random
	}
	w.filled += len(p)
	w.largest = max(w.largest, len(p))
}

func (w *world) Wait(ctx context.Context, ready []<-chan struct{}, timeout time.Duration) []bool {
	w.waits = append(w.waits, timeout)
	if ctx.Err() != nil {
		engine.Stop(context.Cause(ctx))
	}
	closed := make([]bool, len(ready))
	look := func() bool {
		found := false
		for i, c := range ready {
			select {
			case <-c:
				closed[i], found = true, true
			default:
			}
		}
		return found
	}
	if look() || timeout == 0 {
		return closed
	}
	if w.whileIdle != nil {
		w.whileIdle()
		if look() {
			return closed
		}
	}
	if timeout < 0 {
		engine.Stop(errDeadlock)
	}
	w.mono += int64(timeout)
	w.wall += int64(timeout)
	return closed
}

// stream is a Waiter that has something to read once open is closed.
type stream struct {
	open   chan struct{}
	data   []byte
	closes int
}

func newStream(data string) *stream { return &stream{open: make(chan struct{}), data: []byte(data)} }

func (*stream) Filetype() Filetype       { return SocketStream }
func (*stream) Fdflags() Fdflags         { return NonBlock }
func (s *stream) Ready() <-chan struct{} { return s.open }
func (s *stream) Close()                 { s.closes++ }
func (s *stream) Available() uint64      { return uint64(len(s.data)) }

func (s *stream) Read(_ context.Context, p []byte) (int, Errno) {
	n := copy(p, s.data)
	s.data = s.data[n:]
	return n, ESUCCESS
}
