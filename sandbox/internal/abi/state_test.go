package abi

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// world is a host whose clock stands still and whose calls are answered when
// the test says so.
type world struct {
	wasi.World // what this package does not ask
	wall       int64
	deadline   int64
	replies    []*reply
}

type reply struct {
	ready  chan struct{}
	status int
	body   []byte
	ctx    context.Context
	asked  int // how often Answer was called
}

func (r *reply) Ready() <-chan struct{} { return r.ready }
func (r *reply) Answer() (int, []byte)  { r.asked++; return r.status, r.body }

func (w *world) Wall() int64     { return w.wall }
func (w *world) Deadline() int64 { return w.deadline }

func (w *world) Wait(_ context.Context, ready []<-chan struct{}, timeout time.Duration) []bool {
	fired := make([]bool, len(ready))
	for i, c := range ready {
		select {
		case <-c:
			fired[i] = true
		default:
		}
	}
	return fired
}

func (w *world) Call(ctx context.Context, name string, in []byte) (Reply, wasi.Errno) {
	if name != "known" {
		return nil, wasi.ENOSYS
	}
	r := &reply{ready: make(chan struct{}), status: 200, body: bytes.Clone(in), ctx: ctx}
	w.replies = append(w.replies, r)
	return r, wasi.ESUCCESS
}

// border calls host functions as an engine would.
type border struct {
	t      *testing.T
	s      *State
	world  *world
	memory engine.Memory
	meter  engine.Meter
	logged []string
}

func newBorder(t *testing.T) *border {
	t.Helper()
	base, err := memfs.NewBase(fstest.MapFS{}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &border{t: t, world: &world{}, memory: make(engine.Memory, 512<<10)}
	b.meter = engine.NewMeter(new(gauge), 0)
	b.meter.Begin(0)
	b.s = &State{
		World: b.world, Limits: Limits{Response: 100, Calls: 3, CallBytes: 50},
		Log: func(level int32, line []byte) { b.logged = append(b.logged, fmt.Sprintf("%d %s", level, line)) },
	}
	b.s.WASI = wasi.New(wasi.Config{
		FS:    memfs.New(base, memfs.Quota{Bytes: 1 << 20, Files: 100}, func() int64 { return 0 }),
		World: b.world, OpenFiles: 16,
	})
	return b
}

// fakeInstance is an engine.Instance with nothing but memory and data.
type fakeInstance struct {
	engine.Instance
	b *border
}

func (i fakeInstance) Memory() engine.Memory { return i.b.memory }
func (i fakeInstance) Data() any             { return i.b.s }
func (i fakeInstance) Meter() *engine.Meter  { return &i.b.meter }

// gauge is the fuel that the guest has left.
type gauge int64

func (g *gauge) Left() int64        { return int64(*g) }
func (g *gauge) SetLeft(left int64) { *g = gauge(left) }

// call calls one function; a string becomes pointer and length.
func (b *border) call(name string, args ...any) int64 {
	b.t.Helper()
	var stack []uint64
	next := uint32(1024)
	for _, a := range args {
		switch a := a.(type) {
		case int:
			stack = append(stack, uint64(uint32(a))|0xbad<<32) // the upper half is garbage
		case string:
			copy(b.memory[next:], a)
			stack = append(stack, uint64(next), uint64(len(a)))
			next += uint32(len(a))
		}
	}
	for _, f := range Functions(func(data any) *State { return data.(*State) }) {
		if f.Name != name {
			continue
		}
		if len(stack) != len(f.Params) {
			b.t.Fatalf("%s takes %d parameters, not %d", name, len(f.Params), len(stack))
		}
		stack = append(stack, 0)
		f.Call(b.t.Context(), fakeInstance{b: b}, stack)
		if f.Results[0] == engine.I64 {
			return int64(stack[0])
		}
		return int64(int32(uint32(stack[0])))
	}
	b.t.Fatalf("no function %s", name)
	return 0
}

func (b *border) want(want int64, name string, args ...any) {
	b.t.Helper()
	if got := b.call(name, args...); got != want {
		b.t.Errorf("%s(%.60q) = %d, want %d", name, args, got, want)
	}
}

func TestRegister(t *testing.T) {
	b := newBorder(t)
	b.want(0, "register", "one")
	b.want(1, "register", "main.handle/ü")
	b.want(-int64(wasi.EEXIST), "register", "one")
	for _, name := range []string{"", " ", "a b", " a", "a ", "a\n", "\u00a0", "a\xff", strings.Repeat("x", MaxHandlerName+1)} {
		b.want(-int64(wasi.EINVAL), "register", name)
	}
	b.want(2, "register", strings.Repeat("x", MaxHandlerName))
	for i := 3; i < MaxHandlers; i++ {
		b.want(int64(i), "register", fmt.Sprint(i))
	}
	b.want(-int64(wasi.E2BIG), "register", "one too many")
	b.s.InitDone()
	b.want(-int64(wasi.EPERM), "register", "late")
	if len(b.s.Handlers) != MaxHandlers || !slices.Equal(b.s.Handlers[:2], []string{"one", "main.handle/ü"}) {
		t.Errorf("there are %d handlers, beginning with %q", len(b.s.Handlers), b.s.Handlers[:2])
	}
}

func TestLogLevels(t *testing.T) {
	b := newBorder(t)
	for level := range 5 {
		b.want(4, "log", level, "line")
	}
	b.want(0, "log", 2, "")
	for _, level := range []int{-1, 5, 1 << 30} {
		b.want(-int64(wasi.EINVAL), "log", level, "line")
	}
	want := []string{"0 line", "1 line", "2 line", "3 line", "4 line", "2 "}
	if !slices.Equal(b.logged, want) {
		t.Errorf("logged %q, want %q", b.logged, want)
	}
}

func TestEventRead(t *testing.T) {
	b := newBorder(t)
	b.s.Event = []byte("0123456789")
	b.want(10, "event_len")
	for _, c := range []struct {
		capacity, offset int
		want             string
	}{{100, 0, "0123456789"}, {10, 0, "0123456789"}, {4, 0, "0123"}, {4, 8, "89"}, {4, 10, ""}, {4, 1 << 30, ""}, {4, -1, ""}, {0, 0, ""}, {-1, 7, "789"}} {
		clear(b.memory)
		b.want(int64(len(c.want)), "event_read", 64, c.capacity, c.offset)
		if got := string(b.memory[64:80]); got != c.want+strings.Repeat("\x00", 16-len(c.want)) {
			t.Errorf("read(%d, %d) wrote %q, want %q", c.capacity, c.offset, got, c.want)
		}
	}
}

func TestResponse(t *testing.T) {
	b := newBorder(t)
	b.want(-int64(wasi.EINVAL), "response_meta", `[]`)
	b.want(-int64(wasi.EINVAL), "response_meta", `null`)
	b.want(-int64(wasi.EINVAL), "response_meta", ``)
	b.want(-int64(wasi.E2BIG), "response_meta", `{}`+strings.Repeat(" ", MaxMeta-1))
	b.want(11, "response_meta", `{"first":1}`)
	b.want(MaxMeta, "response_meta", `{}`+strings.Repeat(" ", MaxMeta-2))
	b.want(12, "response_meta", `{"second":2}`)
	b.want(0, "response_write", "")
	b.want(2, "response_meta", `{}`) // nothing has begun yet
	b.want(12, "response_meta", `{"second":2}`)
	b.want(5, "response_write", "hello")
	b.want(-int64(wasi.EINVAL), "response_meta", `{"late":3}`)
	if got := string(b.s.Meta); got != `{"second":2}` {
		t.Errorf("the prelude is %q", got)
	}
	b.want(95, "response_write", strings.Repeat("x", 95))
	if b.s.TooLarge {
		t.Error("100 bytes of 100 are too large")
	}
	b.want(-int64(wasi.E2BIG), "response_write", "x")
	b.want(0, "response_write", "")
	if !b.s.TooLarge || len(b.s.Response) != 100 {
		t.Errorf("TooLarge is %v after %d bytes and one more", b.s.TooLarge, len(b.s.Response))
	}
	b.want(-int64(wasi.E2BIG), "response_error", `{}`+strings.Repeat(" ", MaxError-1))
	b.want(MaxError, "response_error", `{}`+strings.Repeat(" ", MaxError-2))
	b.want(10, "response_error", `{"last":1}`)
	b.want(-int64(wasi.EINVAL), "response_error", `"later"`)
	clear(b.memory) // what was said was copied
	if got := string(b.s.Error); got != `{"last":1}` {
		t.Errorf("the error is %.100q", got)
	}
}

func TestContext(t *testing.T) {
	b := newBorder(t)
	b.s.Context = func(key string) (string, bool) {
		value, ok := map[string]string{"tenant": "", "request_id": "r-1"}[key]
		return value, ok
	}
	b.world.wall, b.world.deadline = 10_000_999_999, 13_000_000_000
	b.want(3, "ctx_get", "request_id", 64, 2)
	if got := string(b.memory[64:68]); got != "r-\x00\x00" {
		t.Errorf("wrote %q, want the first two bytes", got)
	}
	b.want(3, "ctx_get", "request_id", 64, -1)
	b.want(0, "ctx_get", "tenant", 64, 10)
	b.want(-int64(wasi.ENOENT), "ctx_get", "Tenant", 64, 10)
	b.want(13_000, "deadline_ms")
	b.want(2_999, "remaining_ms")
	b.world.wall = 14_000_000_000
	b.want(0, "remaining_ms")
	b.want(1, "feature", "call")
	b.want(0, "feature", "http")
	b.want(0, "feature", "")
	if b.s.WASI.Calls != 10 {
		t.Errorf("%d calls were counted, want 10", b.s.WASI.Calls)
	}
}
