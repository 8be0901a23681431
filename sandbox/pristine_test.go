package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// pristine is what the deed "keep" answers in an instance that nobody used.
func pristine(t *testing.T) string {
	t.Helper()
	binary, err := engine.Check(guest(t, "c/bad"), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"counter":0,"memory":0,"pages":%d,"tmp":-44}`, binary.Memory.Min)
}

// TestEveryEventMeetsAPristineInstance runs a guest that leaves marks in its
// data, in memory that it grows and in /tmp, and looks for them.
func TestEveryEventMeetsAPristineInstance(t *testing.T) {
	pristine := pristine(t)
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{})
	for i := range 20 {
		if got := run(t, box, `"keep"`); got != pristine {
			t.Fatalf("event %d: answered %s, want %s", i, got, pristine)
		}
	}
}

// TestPristineAmongFailures does the same on 8 goroutines, beside events that
// trap, exit and take what they can.
func TestPristineAmongFailures(t *testing.T) {
	pristine := pristine(t)
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{Limits: sandbox.Limits{Memory: 8 << 20, Tmp: 1 << 20, Files: 20}})
	deeds := []string{"trap", "exit7", "grow", "tmpfill", "tmpfiles", "openfiles", "error", "hugeresponse-ignored"}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 15 {
				deed := deeds[(g+i)%len(deeds)]
				_, err := box.Run(context.Background(), fmt.Appendf(nil, "%q", deed))
				if _, ok := errors.AsType[*sandbox.FunctionError](err); err != nil && !ok {
					t.Errorf("%s: %v", deed, err)
				}
				res, err := box.Run(context.Background(), []byte(`"keep"`))
				if got := string(res.Response); err != nil || got != pristine {
					t.Errorf("after %s: answered %s, %v; want %s", deed, got, err, pristine)
				}
			}
		})
	}
	all.Wait()
}
