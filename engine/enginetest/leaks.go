package enginetest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// held is what a process holds that a forgotten instance would add to. What
// the system does not tell is 0.
type held struct{ mappings, goroutines, descriptors int }

func holds() held {
	h := held{goroutines: runtime.NumGoroutine()}
	if maps, err := os.ReadFile("/proc/self/maps"); err == nil {
		h.mappings = bytes.Count(maps, []byte("\n"))
	}
	if list, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.descriptors = len(list)
	}
	return h
}

// noLeaks runs f, which is to make count of something, and compares what the
// process holds afterwards. The Go runtime may hold somewhat more.
func noLeaks(t *testing.T, count int, f func()) {
	t.Helper()
	f() // whatever is made once
	runtime.GC()
	before := holds()
	for range count {
		f()
	}
	slack := count / 4
	var after held
	// Goroutines end, and finalizers run, in their own time.
	for range 600 {
		runtime.GC()
		after = holds()
		if after.mappings <= before.mappings+slack && after.goroutines <= before.goroutines && after.descriptors <= before.descriptors {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("the process held %+v, after %d times %+v", before, count, after)
}

func testLeaks(t *testing.T, eng engine.Engine) {
	m := compile(t, eng, memoryModule(1, NoMax))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	noLeaks(t, 1000, func() {
		in, err := m.Instantiate(ctx, engine.InstanceConfig{MemoryLimit: 128 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := call(ctx, t, in, "grow", 3); err != nil || uint32(v) != 1 {
			t.Fatalf("grow: %d, %v", v, err)
		}
		in.Close()
	})
}

// testLeaksAfterFailures: start functions that trap, stop or are interrupted,
// guests that are, and modules that are compiled and closed.
func testLeaksAfterFailures(t *testing.T, eng engine.Engine) {
	errStop := errors.New("stop")
	var b Builder
	nothing := b.Type(nil, nil)
	b.ImportFunc("env", "act", nothing)
	b.Memory(1, NoMax)
	spinning := b.Func(nothing, nil, spin)
	b.Start(spinning)
	actions := map[string]func(cancel func()){
		"stop":      func(func()) { engine.Stop(errStop) },
		"panic":     func(func()) { panic("on purpose") },
		"interrupt": func(cancel func()) { cancel() },
	}
	var act func()
	host := engine.NewHost(hostFunc("act", nil, nil, func(context.Context, engine.Instance, []uint64) { act() }))
	binary := check(t, &b)
	for name, action := range actions {
		t.Run(name, func(t *testing.T) {
			noLeaks(t, 200, func() {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				act = func() { action(cancel) }
				m, err := eng.Compile(ctx, binary, host)
				if err != nil {
					t.Fatal(err)
				}
				defer m.Close()
				if _, err := m.Instantiate(ctx, engine.InstanceConfig{MemoryLimit: 16 << 20}); err == nil {
					t.Fatal("the start function never ends, yet there is an instance")
				}
			})
		})
	}
}
