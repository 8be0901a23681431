package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// started is a Config whose invocations of wasm "bad" with the deed flood-forever
// say when they run.
func started() (sandbox.Config, <-chan struct{}) {
	running := make(chan struct{}, 100)
	return sandbox.Config{Log: func(l sandbox.LogLine) {
		select {
		case running <- struct{}{}:
		default:
		}
	}}, running
}

// TestCallerGivesUp cancels the context of a guest that computes, and of one
// that waits. That is not the function's error.
func TestCallerGivesUp(t *testing.T) {
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{})
	reason := errors.New("nobody waits any more")
	for _, deed := range []string{"spin", "sleep"} {
		cancelled, cancel := context.WithCancelCause(context.Background())
		expired, stop := context.WithTimeout(context.Background(), briefly)
		defer stop()
		time.AfterFunc(briefly, func() { cancel(reason) })
		for ctx, want := range map[context.Context]error{cancelled: reason, expired: context.DeadlineExceeded} {
			res, err := box.Run(ctx, fmt.Appendf(nil, "%q", deed))
			if _, ok := errors.AsType[*sandbox.FunctionError](err); ok || !errors.Is(err, want) || !errors.Is(err, engine.ErrInterrupted) {
				t.Errorf("%s: %v, want %v and no error of the function", deed, err, want)
			}
			if res.RequestID == "" {
				t.Errorf("%s: the result does not hold the request id", deed)
			}
		}
	}
	// Before anything runs.
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := box.Run(done, []byte(`"spin"`)); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is done: %v", err)
	}
	if _, err := sandbox.New(done, testEngine(t), guest(t, "c/tiny"), sandbox.Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("New with a context that is done: %v", err)
	}
}

// TestCloseEndsWhatRuns closes a Sandbox under guests that never end.
func TestCloseEndsWhatRuns(t *testing.T) {
	before := holdings(t)
	config, running := started()
	box, err := sandbox.New(t.Context(), testEngine(t), guest(t, "c/bad"), patient(config))
	if err != nil {
		t.Fatal(err)
	}
	errs := make(chan error)
	deeds := []string{"flood-forever", "spin", "sleep", "flood-forever"}
	for _, deed := range deeds {
		go func() {
			_, err := box.Run(context.Background(), fmt.Appendf(nil, "%q", deed))
			errs <- err
		}()
	}
	<-running
	closed := make(chan error)
	for range 2 {
		go func() { closed <- box.Close() }()
	}
	for range deeds {
		if err := <-errs; !errors.Is(err, sandbox.ErrClosed) {
			t.Errorf("Run under way: %v, want ErrClosed", err)
		}
	}
	for range 2 {
		if err := <-closed; err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := box.Run(t.Context(), []byte("1")); !errors.Is(err, sandbox.ErrClosed) {
		t.Errorf("Run after Close: %v, want ErrClosed", err)
	}
	if err := box.Close(); err != nil {
		t.Errorf("Close after Close: %v", err)
	}
	before.compare(t)
}

// TestRunAndCloseAtOnce lets them race; each Run answers or is told that the
// Sandbox is closed.
func TestRunAndCloseAtOnce(t *testing.T) {
	for range 5 {
		box, err := sandbox.New(t.Context(), testEngine(t), guest(t, "c/tiny"), patient(sandbox.Config{}))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for {
					res, err := box.Run(context.Background(), []byte("100"))
					if err != nil && !errors.Is(err, sandbox.ErrClosed) {
						t.Errorf("Run: %v", err)
					}
					if err != nil {
						return
					}
					if string(res.Response) != "3" {
						t.Errorf("answered %q", res.Response)
					}
				}
			})
		}
		run(t, box, "1")
		if err := box.Close(); err != nil {
			t.Error(err)
		}
		all.Wait()
	}
}

// TestLogSinkPanics is the embedder's mistake: the process goes on, and so does
// the Sandbox.
func TestLogSinkPanics(t *testing.T) {
	before := holdings(t)
	box, err := sandbox.New(t.Context(), testEngine(t), guest(t, "c/bad"), patient(sandbox.Config{}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = box.Do(t.Context(), sandbox.Request{Event: []byte(`"flood"`), Log: func(sandbox.LogLine) { panic("full") }})
	if !errors.Is(err, engine.ErrHostPanic) {
		t.Errorf("a sink that panics: %v, want ErrHostPanic", err)
	}
	run(t, box, `"keep"`)
	if err := box.Close(); err != nil {
		t.Error(err)
	}
	before.compare(t)
}

// TestRandomnessFails has a source of randomness that is empty: guests that
// need it end, and New says why.
func TestRandomnessFails(t *testing.T) {
	_, err := sandbox.New(t.Context(), testEngine(t), guest(t, "c/tiny"), sandbox.Config{Random: nothing{}})
	if _, ok := errors.AsType[*sandbox.InitError](err); !ok || !errors.Is(err, errNoRandomness) {
		t.Errorf("New: %v", err)
	}
}

var errNoRandomness = errors.New("no randomness")

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, errNoRandomness }

// TestCloseWaitsForAll: neither does a module end while somebody gives up an
// instance of it, nor does a second Close return before the module has ended.
func TestCloseWaitsForAll(t *testing.T) {
	const wrong = 50 * time.Millisecond // is time enough to go wrong
	g := &gates{Engine: testEngine(t)}
	box, err := sandbox.New(t.Context(), g, guest(t, "c/tiny"), patient(sandbox.Config{}))
	if err != nil {
		t.Fatal(err)
	}
	run(t, box, "1") // leaves an instance
	closed := make(chan error, 2)
	ending := make(chan struct{})
	var instances atomic.Int32
	instances.Store(1)
	g.closeInstance = func() {
		go func() { closed <- box.Close() }()
		select {
		case <-ending:
		case <-time.After(wrong):
		}
		instances.Add(-1)
	}
	g.closeModule = func() {
		close(ending)
		if n := instances.Load(); n > 0 {
			t.Errorf("the module is closed with %d instances", n)
		}
		go func() { closed <- box.Close() }()
		select {
		case err := <-closed:
			t.Error("a second Close returned before the module was closed")
			closed <- err
		case <-time.After(wrong):
		}
	}
	box.Shed(0)
	for range 2 {
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
}
