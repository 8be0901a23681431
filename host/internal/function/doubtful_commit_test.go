package function_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestCommitInDoubtOfAnother: between two attempts to commit a deployment its function
// was deleted and made again, both in doubt; the deployment answered for the new one.
func TestCommitInDoubtOfAnother(t *testing.T) {
	broken, g := &shaky{Store: openStore(t, t.TempDir())}, newGate()
	var s *function.Service
	var changes atomic.Int64
	changes.Store(-1) // that it is created
	broken.before = func(method string) {
		if method == "ChangeFunction" && changes.Add(1) == 2 {
			wantFault(t, "the deletion", s.Delete(t.Context(), ref("f", "")), fault.ServiceUnavailable, "try again later")
			_, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "json"), Settings: settings()})
			wantFault(t, "the creation", err, fault.ServiceUnavailable, "try again later")
		}
	}
	broken.set(func(method string) (fails, doubt bool) {
		n := changes.Load()
		switch {
		case method == "DeleteFunction":
			return true, true
		case method == "ChangeFunction": // the first attempt does not happen, the creation does
			return n == 1 || n == 3, n == 3
		}
		return false, false
	})
	s = newService(t, function.Config{Store: broken, Compile: g.compile, Compilers: 1, Patience: time.Millisecond})
	create(t, s, "f", packGuest(t, "echo"))
	g.held()
	g.verdict <- nil
	g.held() // the new one, by the same worker
	_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref("f", ""), Event: []byte(greetEvent)})
	wantFault(t, "before the new one is ready", err, fault.ResourceConflict, "Pending")
	g.verdict <- nil
	settle(t, s, "f")
	if got := invoke(t, s, "f", greetEvent); got != greeting {
		t.Errorf("the new one answered %s", got)
	}
}
