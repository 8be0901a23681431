package wasi

import "testing"

func TestClockTimeGet(t *testing.T) {
	g := newGuest(t)
	at := g.alloc(8)
	g.ok("clock_time_get", clockRealtime, 1, at)
	if got := g.u64(at); got != wallStart {
		t.Errorf("real time is %d, want %d", got, wallStart)
	}
	g.ok("clock_time_get", clockMonotonic, all, at)
	if got := g.u64(at); got != 5_000 {
		t.Errorf("monotonic time is %d, want 5000", got)
	}
	// A host before 1970 is not one of the far future.
	g.world.wall = -1
	g.ok("clock_time_get", clockRealtime, 0, at)
	if got := g.u64(at); got != 0 {
		t.Errorf("real time is %d, want 0", got)
	}
}

func TestClockResGet(t *testing.T) {
	g := newGuest(t)
	for _, id := range []uint64{clockRealtime, clockMonotonic} {
		at := g.alloc(8)
		g.ok("clock_res_get", id, at)
		if got := g.u64(at); got != 1 {
			t.Errorf("clock %d has a resolution of %d ns, want 1", id, got)
		}
	}
}

func TestClocksThatDoNotExist(t *testing.T) {
	g := newGuest(t)
	at := g.alloc(8)
	for id, want := range map[uint64]Errno{
		clockProcessCPU: ENOTSUP, clockThreadCPU: ENOTSUP, 4: EINVAL, 0xffffffff: EINVAL,
	} {
		g.want(want, "clock_time_get", id, 0, at)
		g.want(want, "clock_res_get", id, at)
	}
	if g.u64(at) != 0xa5a5a5a5a5a5a5a5 {
		t.Error("a refused call wrote to memory")
	}
}
