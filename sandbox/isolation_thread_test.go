package sandbox_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// locked says whether this goroutine is locked to its thread.
func locked() bool {
	stack := make([]byte, 1<<10)
	header, _, _ := bytes.Cut(stack[:runtime.Stack(stack, false)], []byte("\n"))
	return bytes.Contains(header, []byte("locked to thread"))
}

// TestThreadsAreGivenBack: however an event ends, its caller's goroutine is as
// free as before, and as locked.
func TestThreadsAreGivenBack(t *testing.T) {
	runtime.LockOSThread()
	if !locked() {
		t.Error("a goroutine that is locked does not look so: nothing is shown")
	}
	runtime.UnlockOSThread()
	var fail atomic.Int64 // the call of Now that panics, counted down
	config := sandbox.Config{
		Limits: sandbox.Limits{Fuel: 5_000_000},
		Now: func() time.Time {
			if fail.Add(-1) == 0 {
				panic("no clock")
			}
			return time.Now()
		},
		Calls: sandbox.Calls{"slow": func(ctx context.Context, _ []byte) ([]byte, error) { <-ctx.Done(); return nil, nil }},
	}
	for _, mode := range []sandbox.Mode{sandbox.Pristine, sandbox.InitEach, sandbox.Reuse} {
		config.Manifest.Mode = string(mode)
		box := newBox(t, scriptGuest(), config)
		do := func(what string, ctx context.Context, r sandbox.Request) {
			for range 3 { // the first look for pages in any case
				func() {
					defer func() { recover() }()
					box.Do(ctx, r)
				}()
				if locked() {
					t.Fatalf("%s, %s: the goroutine is locked to its thread", mode, what)
				}
			}
			runtime.LockOSThread()
			func() {
				defer func() { recover() }()
				box.Do(ctx, r)
			}()
			if !locked() {
				t.Errorf("%s, %s: a goroutine that was locked before is not any more", mode, what)
			}
			runtime.UnlockOSThread()
		}
		for _, deed := range scriptLetters + scriptEnds + "?" {
			event := fmt.Appendf(nil, `"s1234%c0000"`, deed)
			do(string(event), t.Context(), sandbox.Request{Event: event})
			do("a tape", t.Context(), sandbox.Request{Event: event, Tape: new(sandbox.Recorder)})
			do("a sink that panics", t.Context(), sandbox.Request{Event: event, Log: func(sandbox.LogLine) { panic("full") }})
		}
		done, cancel := context.WithCancel(t.Context())
		cancel()
		do("a context that is done", done, sandbox.Request{Event: []byte(`"s0000"`)})
		do("a wait with a context that is done", done, sandbox.Request{Event: []byte(`"S0000"`)})
		for n := range int64(12) {
			fail.Store(n + 1)
			do("a clock that panics", t.Context(), sandbox.Request{Event: []byte(`"u0000S0000o0000"`)})
		}
		fail.Store(0)
		do("after all", t.Context(), sandbox.Request{Event: []byte(`"?0000"`)})
	}
}

// TestSinkEndsItsGoroutine has a log sink call runtime.Goexit, as a test's Fatal
// does: the event has no caller any more, the Sandbox goes on.
func TestSinkEndsItsGoroutine(t *testing.T) {
	box := newBox(t, scriptGuest(), sandbox.Config{})
	for _, script := range []string{`"l0000"`, `"s0001w0000"`} { // in the guest, and after it
		for range 3 {
			var all sync.WaitGroup
			all.Go(func() {
				box.Do(t.Context(), sandbox.Request{Event: []byte(script), Log: func(sandbox.LogLine) { runtime.Goexit() }})
				t.Error("Do returned")
			})
			all.Wait()
			if _, err := box.Run(t.Context(), []byte(`"s0002"`)); err != nil {
				t.Error(err)
			}
		}
	}
}
