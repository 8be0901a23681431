package sandbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// restoredAnswer is what testdata/go/restored answers.
type restoredAnswer struct {
	Colour, Name, InitStream, Stream, Set string

	Random map[string]string
	Events int
	Ticks  []int64
	Since  time.Duration
	Took   time.Duration
	Left   string
}

// TestGoRestored: a Go function finds with every event what init left, nothing
// of other events, and randomness, clocks and an environment of its own.
func TestGoRestored(t *testing.T) {
	const events = 24
	box := newBox(t, buildGo(t, "go/restored"), sandbox.Config{
		Verify: 1, Name: "greeter", Env: map[string]string{"COLOUR": "blue"},
	})
	if mode, why := box.Mode(); mode != sandbox.Pristine || why != nil {
		t.Fatalf("mode %q: %v", mode, why)
	}
	drawn := make(map[string]bool)
	var since time.Duration
	for i := range events {
		stream := "stream " + strings.Repeat("x", i%3)
		res, err := box.Do(t.Context(), sandbox.Request{Event: []byte(`{"Stay":2000000}`), LogStream: stream})
		if err != nil {
			t.Fatal(err)
		}
		a := decode[restoredAnswer](t, string(res.Response))
		if a.Colour != "blue" || a.Name != "greeter" || a.Set != "yes" {
			t.Errorf("event %d: init saw colour %q, name %q; main set %q", i, a.Colour, a.Name, a.Set)
		}
		if a.Stream != stream || a.InitStream == "" || a.InitStream == stream {
			t.Errorf("event %d: the log stream is %q, want %q; that of init %q", i, a.Stream, stream, a.InitStream)
		}
		if a.Events != 0 || a.Left != "" {
			t.Errorf("event %d found %d events before it, and %q", i, a.Events, a.Left)
		}
		if a.Ticks[0] != 1 || a.Ticks[1] != 2 {
			t.Errorf("event %d: the ticker of init counts %v, want 1 and 2", i, a.Ticks)
		}
		if a.Took < time.Millisecond {
			t.Errorf("event %d: a millisecond took %v", i, a.Took)
		}
		if a.Since <= since {
			t.Errorf("event %d came %v after init, the one before it %v", i, a.Since, since)
		}
		since = a.Since
		if len(a.Random) != 10 {
			t.Fatalf("event %d drew %d values", i, len(a.Random))
		}
		for source, value := range a.Random {
			if drawn[source+value] {
				t.Errorf("event %d: %s drew %s, as another event did", i, source, value)
			}
			drawn[source+value] = true
		}
	}
}

// TestGoRestoredSideBySide: instances of one image that run at the same time
// draw different values.
func TestGoRestoredSideBySide(t *testing.T) {
	const callers = 8
	box := newBox(t, buildGo(t, "go/restored"), sandbox.Config{})
	answers := make(chan string, 3*callers)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range cap(answers) / callers {
				res, err := box.Run(context.Background(), []byte(`{"Stay":5000000}`))
				if err != nil {
					t.Error(err)
				}
				answers <- string(res.Response)
			}
		})
	}
	group.Wait()
	close(answers)
	drawn := make(map[string]bool)
	for answer := range answers {
		for source, value := range decode[restoredAnswer](t, answer).Random {
			if drawn[source+value] {
				t.Errorf("%s drew %s twice", source, value)
			}
			drawn[source+value] = true
		}
	}
}
