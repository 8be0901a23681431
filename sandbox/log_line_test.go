package sandbox_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestLogLinesNameTheirInvocation lets invocations that run side by side log to
// one sink: a guest prints its request id, and the line must bear the same.
func TestLogLinesNameTheirInvocation(t *testing.T) {
	var (
		mu   sync.Mutex
		seen = map[string]int{} // lines by request id
	)
	box := newBox(t, guest(t, "c/stdio"), sandbox.Config{Log: func(l sandbox.LogLine) {
		mu.Lock()
		defer mu.Unlock()
		seen[l.RequestID]++
		if id, ok := strings.CutPrefix(string(l.Message), "LAMBENT_REQUEST_ID="); ok && id != l.RequestID {
			t.Errorf("a line of %s says it is of %s", id, l.RequestID)
		}
	}})
	var all sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		all.Go(func() {
			res, err := box.Run(t.Context(), []byte("{}"))
			if err != nil {
				t.Error(err)
			}
			ids[i] = res.RequestID
		})
	}
	all.Wait()
	for _, id := range ids {
		if seen[id] != 6 {
			t.Errorf("%d lines are of %q, want 6", seen[id], id)
		}
	}
	if len(seen) != len(ids) {
		t.Errorf("lines of %d invocations, want %d: %v", len(seen), len(ids), seen)
	}
}
