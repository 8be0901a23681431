package wasi

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// sub is a subscription as a guest writes it. With clock set it is to a clock.
type sub struct {
	kind    uint8
	fd      uint64
	clock   uint32
	timeout uint64
	flags   uint16
}

// event is what the guest is told; sub is the index of its subscription.
type event struct {
	sub   int
	errno Errno
	kind  uint8
	bytes uint64
}

const userdata = 0x0123_4567_89ab_0000 // of subscription 0

func (g *guest) putSubs(at uint64, subs []sub) {
	for i, s := range subs {
		b := g.mem[at+uint64(i)*subscriptionSize:][:subscriptionSize]
		binary.LittleEndian.PutUint64(b, userdata+uint64(i))
		b[8] = s.kind
		if s.kind == eventClock {
			binary.LittleEndian.PutUint32(b[16:], s.clock)
			binary.LittleEndian.PutUint64(b[24:], s.timeout)
			binary.LittleEndian.PutUint16(b[40:], s.flags)
		} else {
			binary.LittleEndian.PutUint32(b[16:], uint32(s.fd))
		}
	}
}

func (g *guest) events(at uint64, n uint32) []event {
	var events []event
	for i := range uint64(n) {
		b := g.mem[at+i*eventSize:][:eventSize]
		events = append(events, event{
			sub:   int(binary.LittleEndian.Uint64(b) - userdata),
			errno: Errno(binary.LittleEndian.Uint16(b[8:])),
			kind:  b[10],
			bytes: binary.LittleEndian.Uint64(b[16:]),
		})
		if b[11]|b[12]|b[13]|b[14]|b[15] != 0 || binary.LittleEndian.Uint64(b[24:]) != 0 {
			g.t.Errorf("event %d is not zero where it says nothing: %x", i, b)
		}
	}
	return events
}

// poll returns the events of subs.
func (g *guest) poll(subs ...sub) []event {
	g.t.Helper()
	in, out, n := g.alloc(len(subs)*subscriptionSize), g.alloc(len(subs)*eventSize+1), g.alloc(4)
	g.putSubs(in, subs)
	g.ok("poll_oneoff", in, out, uint64(len(subs)), n)
	if end := out + uint64(g.u32(n))*eventSize; g.u32(n) > uint32(len(subs)) || g.mem[end] != 0xa5 {
		g.t.Fatalf("%d events for %d subscriptions, and the byte behind is %#x", g.u32(n), len(subs), g.mem[end])
	}
	return g.events(out, g.u32(n))
}

func (g *guest) wantEvents(want []event, subs ...sub) {
	g.t.Helper()
	if got := g.poll(subs...); !slices.Equal(got, want) {
		g.t.Errorf("polling %+v: %+v, want %+v", subs, got, want)
	}
}

func (g *guest) wantWaits(want ...time.Duration) {
	g.t.Helper()
	if !slices.Equal(g.world.waits, want) {
		g.t.Errorf("World waited %v, want %v", g.world.waits, want)
	}
	g.world.waits = nil
}

var clockDone = event{kind: eventClock}

func TestPollSleeps(t *testing.T) {
	g := newGuest(t)
	g.wantEvents([]event{clockDone}, sub{clock: clockMonotonic, timeout: 1_000})
	g.wantWaits(1_000)
	g.wantEvents([]event{clockDone}, sub{clock: clockRealtime, timeout: 2_000})
	g.wantWaits(2_000)
	if g.world.mono != 5_000+3_000 {
		t.Errorf("the guest slept %d ns, want 3000", g.world.mono-5_000)
	}
	// No time at all is not waited for.
	g.wantEvents([]event{clockDone}, sub{clock: clockMonotonic})
	g.wantWaits()
}

func TestPollAbsoluteTime(t *testing.T) {
	g := newGuest(t)
	const abstime = 1
	g.wantEvents([]event{clockDone}, sub{clock: clockMonotonic, timeout: 5_700, flags: abstime})
	g.wantWaits(700)
	g.wantEvents([]event{clockDone}, sub{clock: clockRealtime, timeout: wallStart + 1_000, flags: abstime})
	g.wantWaits(300)
	// The past is now.
	g.wantEvents([]event{clockDone}, sub{clock: clockMonotonic, timeout: 1, flags: abstime})
	g.wantEvents([]event{clockDone}, sub{clock: clockRealtime, timeout: 0, flags: abstime})
	g.wantWaits()
}

// The longest time there is ends with the context, not by overflow.
func TestPollForEver(t *testing.T) {
	g := newGuest(t)
	for _, s := range []sub{
		{clock: clockMonotonic, timeout: all},
		{clock: clockMonotonic, timeout: all, flags: 1},
		{clock: clockRealtime, timeout: all, flags: 1},
		{clock: clockMonotonic, timeout: 1 << 63},
	} {
		g.world.mono, g.world.wall, g.world.waits = 0, 0, nil
		g.wantEvents([]event{clockDone}, s)
		g.wantWaits(math.MaxInt64)
	}
}

func TestPollClocksThatDoNotExist(t *testing.T) {
	g := newGuest(t)
	g.wantEvents([]event{
		{sub: 0, errno: ENOTSUP}, {sub: 1, errno: ENOTSUP}, {sub: 2, errno: EINVAL}, {sub: 3, errno: EINVAL},
	},
		sub{clock: clockProcessCPU, timeout: 1},
		sub{clock: clockThreadCPU, timeout: 1},
		sub{clock: 4, timeout: 1},
		sub{clock: clockMonotonic, timeout: 1, flags: 2},
		sub{clock: clockMonotonic, timeout: 1},
	)
	g.wantWaits()
}

// The shortest of several clocks is waited for, and those as short are due.
func TestPollSeveralClocks(t *testing.T) {
	g := newGuest(t)
	g.wantEvents([]event{{sub: 1}, {sub: 3}},
		sub{clock: clockMonotonic, timeout: 300},
		sub{clock: clockMonotonic, timeout: 100},
		sub{clock: clockRealtime, timeout: all},
		sub{clock: clockRealtime, timeout: 100},
	)
	g.wantWaits(100)
}

func TestPollWhatIsReady(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdin = []byte("12345") })
	g.create("tmp/f", "1234567890")
	fd := g.open("tmp/f", 0, readWrite)
	g.read(fd, 3)
	g.wantEvents([]event{
		{sub: 1, kind: eventFdRead, bytes: 5},
		{sub: 2, kind: eventFdWrite},
		{sub: 3, kind: eventFdWrite},
		{sub: 4, kind: eventFdRead, bytes: 7},
		{sub: 5, kind: eventFdWrite},
	},
		sub{clock: clockMonotonic, timeout: 200_000_000},
		sub{kind: eventFdRead, fd: 0},
		sub{kind: eventFdWrite, fd: 1},
		sub{kind: eventFdWrite, fd: 2},
		sub{kind: eventFdRead, fd: fd},
		sub{kind: eventFdWrite, fd: fd},
	)
	g.wantWaits()
}

func TestPollDescriptorsThatCannot(t *testing.T) {
	g := newGuest(t)
	g.wantEvents([]event{
		{sub: 0, kind: eventFdRead, errno: EBADF},
		{sub: 1, kind: eventFdWrite, errno: EBADF},
		{sub: 2, kind: eventFdWrite, errno: ENOTCAPABLE},
		{sub: 3, kind: eventFdRead, errno: ENOTCAPABLE},
		{sub: 4, kind: eventFdRead, errno: ENOTCAPABLE},
	},
		sub{kind: eventFdRead, fd: 99},
		sub{kind: eventFdWrite, fd: 0xffffffff},
		sub{kind: eventFdWrite, fd: 0},
		sub{kind: eventFdRead, fd: 1},
		sub{kind: eventFdRead, fd: preopenedFd},
		sub{clock: clockMonotonic, timeout: 1},
	)
	g.wantWaits()
}

func TestPollStreams(t *testing.T) {
	g := newGuest(t)
	a, b := newStream("a"), newStream("b")
	fa, _ := g.s.Insert(a)
	fb, _ := g.s.Insert(b)
	subs := []sub{
		{clock: clockMonotonic, timeout: 500},
		{kind: eventFdRead, fd: uint64(fa)},
		{kind: eventFdRead, fd: uint64(fb)},
		{kind: eventFdRead, fd: uint64(fb)},
	}
	g.wantEvents([]event{clockDone}, subs...)
	g.wantWaits(500)

	g.world.whileIdle = func() { close(b.open) }
	ready := []event{{sub: 2, kind: eventFdRead}, {sub: 3, kind: eventFdRead}}
	g.wantEvents(ready, subs...)
	g.wantWaits(500)
	g.wantEvents(ready, subs...) // closed already
	g.wantWaits(500)

	g.world.whileIdle = func() { close(a.open) }
	g.wantEvents([]event{{sub: 0, kind: eventFdRead}}, subs[1])
	g.wantWaits(forever)
}

// What is ready at once does not hide what a stream has become.
func TestPollStreamBesideWhatIsReady(t *testing.T) {
	g := newGuest(t)
	st := newStream("x")
	fd, _ := g.s.Insert(st)
	subs := []sub{{kind: eventFdWrite, fd: 1}, {kind: eventFdRead, fd: uint64(fd)}}
	g.wantEvents([]event{{sub: 0, kind: eventFdWrite}}, subs...)
	close(st.open)
	g.wantEvents([]event{{sub: 0, kind: eventFdWrite}, {sub: 1, kind: eventFdRead}}, subs...)
	g.wantWaits(0, 0)
}

func TestPollEndsWithTheContext(t *testing.T) {
	g := newGuest(t)
	st, _ := g.s.Insert(newStream(""))
	cause := errors.New("over")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	g.ctx = ctx
	if err := stopped(func() { g.poll(sub{clock: clockMonotonic, timeout: all}) }); !errors.Is(err, cause) {
		t.Errorf("waiting: stopped by %v, want %v", err, cause)
	}
	// Nor does a guest go on for ever that polls only what is ready.
	if err := stopped(func() { g.poll(sub{kind: eventFdWrite, fd: 1}) }); !errors.Is(err, cause) || !errors.Is(err, engine.ErrInterrupted) {
		t.Errorf("not waiting: stopped by %v, want an interruption for %v", err, cause)
	}
	if err := stopped(func() { g.poll(sub{kind: eventFdRead, fd: uint64(st)}) }); !errors.Is(err, cause) {
		t.Errorf("waiting for a stream: stopped by %v, want %v", err, cause)
	}
	for _, c := range g.s.poll.ready[:cap(g.s.poll.ready)] {
		if c != nil {
			t.Error("a channel was kept")
		}
	}
}

func TestPollBounds(t *testing.T) {
	g := newGuest(t)
	g.mem = make(engine.Memory, 1<<20)
	const in, out, n = 0, 1 << 16, 1<<17 + 1<<16
	subs := make([]sub, maxSubscriptions)
	g.putSubs(in, subs)
	g.want(EINVAL, "poll_oneoff", in, out, 0, n)
	g.want(EINVAL, "poll_oneoff", in, out, maxSubscriptions+1, n)
	g.want(EINVAL, "poll_oneoff", in, out, 0xffffffff, n)
	g.want(EFAULT, "poll_oneoff", 1<<20-47, out, 1, n)
	g.want(EFAULT, "poll_oneoff", in, 1<<20-31, 1, n)
	g.want(EFAULT, "poll_oneoff", in, out, 1, 1<<20-3)
	if !bytes.Equal(g.mem[out:], make([]byte, 1<<20-out)) {
		t.Error("a refused call wrote to memory")
	}
	g.ok("poll_oneoff", in, out, maxSubscriptions, n)
	if got := g.u32(n); got != maxSubscriptions {
		t.Errorf("%d events, want %d", got, maxSubscriptions)
	}
	g.mem[in+8] = 3
	g.want(EINVAL, "poll_oneoff", in, out, 1, n)
}

// Events may be written over the subscriptions that were read.
func TestPollOntoItself(t *testing.T) {
	g := newGuest(t)
	at := g.alloc(4 * subscriptionSize)
	g.putSubs(at, []sub{
		{kind: eventFdWrite, fd: 1}, {kind: eventFdRead, fd: 77}, {clock: clockMonotonic}, {kind: eventFdWrite, fd: 2},
	})
	n := g.alloc(4)
	g.ok("poll_oneoff", at, at, 4, n)
	want := []event{
		{sub: 0, kind: eventFdWrite}, {sub: 1, kind: eventFdRead, errno: EBADF}, {sub: 2}, {sub: 3, kind: eventFdWrite},
	}
	if got := g.events(at, g.u32(n)); !slices.Equal(got, want) {
		t.Errorf("events are %+v, want %+v", got, want)
	}
}

func TestPollStandardInputToItsEnd(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdin = []byte("x") })
	g.read(0, 1)
	g.wantEvents([]event{{kind: eventFdRead}}, sub{kind: eventFdRead, fd: 0})
	g.ok("fd_close", 0)
	g.wantEvents([]event{{kind: eventFdRead, errno: EBADF}}, sub{kind: eventFdRead, fd: 0})
	fd := g.open("tmp/f", memfs.Create, readWrite)
	if fd != 0 {
		t.Fatalf("opened as %d, want 0", fd)
	}
	g.wantEvents([]event{{kind: eventFdRead}}, sub{kind: eventFdRead, fd: 0})
}
