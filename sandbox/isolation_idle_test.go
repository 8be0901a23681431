package sandbox_test

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestIdleInstancesHoldNothing: an instance that waits for its next event used to
// keep the last one, with its context and its files in /tmp, which no limit of
// idle instances counts.
func TestIdleInstancesHoldNothing(t *testing.T) {
	type key struct{}
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{Limits: sandbox.Limits{Tmp: 64 << 20}})
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	use := func(deed string) (event, value weak.Pointer[[1 << 10]byte]) {
		e, v := new([1 << 10]byte), new([1 << 10]byte)
		for i := range e {
			e[i] = ' '
		}
		copy(e[:], deed)
		if _, err := box.Run(context.WithValue(context.Background(), key{}, v), e[:]); err != nil {
			t.Fatal(err)
		}
		return weak.Make(e), weak.Make(v)
	}
	use(`"keep"`)
	before := heap()
	event, value := use(`"tmpfill"`)
	after := heap()
	if n, _ := box.Idle(); n != 1 {
		t.Fatalf("%d instances are idle, want 1", n)
	}
	if event.Value() != nil || value.Value() != nil {
		t.Errorf("the event is held: %t, its context: %t", event.Value() != nil, value.Value() != nil)
	}
	if after > before+16<<20 {
		t.Errorf("%d bytes are held", after-before)
	}
}

// TestReusedFilesCount: what a reused instance has in /tmp is memory that it holds.
func TestReusedFilesCount(t *testing.T) {
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{
		Limits:   sandbox.Limits{Tmp: 8 << 20, IdleBytes: 1 << 30},
		Manifest: sandbox.Manifest{Mode: "reuse"},
	})
	run(t, box, `"tmpfill"`)
	if n, bytes := box.Idle(); n != 1 || bytes < 8<<20 {
		t.Errorf("%d idle instances hold %d bytes, want 1 with 8 MiB in /tmp", n, bytes)
	}
}
