package function

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestRest has the clock go on beside an idle function.
func TestRest(t *testing.T) {
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	module, err := os.ReadFile("../../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.New(t.Context(), eng, module, sandbox.Config{Limits: sandbox.Limits{Time: 10 * time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	busy := func() {
		var all sync.WaitGroup
		for range 8 { // at least two side by side, once
			all.Go(func() {
				for range 100 {
					if _, err := box.Run(t.Context(), []byte("1")); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
	}
	var config Config
	config.complete()
	l := newLive(2, 1<<40)
	s, _ := l.get("f")
	l.fill(s, box, 0, nil)
	now := time.Now()
	rests := func(what string, after time.Duration, most int) {
		t.Helper()
		now = now.Add(after)
		l.rest(now, &config)
		if n, _ := box.Idle(); n > most || most == 1 && n != 1 {
			t.Errorf("%s: %d instances are idle", what, n)
		}
	}
	busy()
	rests("in use", time.Hour, 64)
	rests("in use for long", time.Hour, 64)
	if n, _ := box.Idle(); n == 0 {
		t.Error("instances of a function in use are gone")
	}
	l.release(s)
	rests("just used", 0, 64)
	if n, _ := box.Idle(); n == 0 {
		t.Error("instances of a function that was just used are gone")
	}
	rests("shrunk", DefaultShrinkAfter, 1)
	rests("parked", DefaultParkAfter-DefaultShrinkAfter, 0)
	again, mine := l.get("f")
	if mine {
		t.Fatal("the sandbox is gone")
	}
	busy()
	l.release(again)
	rests("used again", 0, 64)
	rests("shrunk again", DefaultShrinkAfter, 1)
	rests("dropped", DefaultDropAfter-DefaultShrinkAfter, 0)
	l.wants(t, "dropped")
	if _, err := box.Run(t.Context(), []byte("1")); err == nil {
		t.Error("the sandbox was not closed")
	}
}

// TestParkedIsBounded: of many functions at rest, those used last keep their
// sandboxes.
func TestParkedIsBounded(t *testing.T) {
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	module, err := os.ReadFile("../../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	config := Config{Sandboxes: 8}
	config.complete()
	l := newLive(config.Sandboxes, config.SandboxMemory)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		box, err := sandbox.New(t.Context(), eng, module, sandbox.Config{})
		if err != nil {
			t.Fatal(err)
		}
		s, _ := l.get(name)
		l.fill(s, box, 0, nil)
		l.release(s)
	}
	now := time.Now()
	l.rest(now, &config)
	l.rest(now.Add(DefaultParkAfter-time.Second), &config)
	l.wants(t, "not parked", "a", "b", "c", "d", "e")
	l.rest(now.Add(DefaultParkAfter), &config)
	l.wants(t, "parked", "d", "e")
	l.rest(now.Add(DefaultDropAfter), &config)
	l.wants(t, "dropped")
}
