package function_test

import (
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestDeletionInDoubtDuringUpdate: between a deployment's entering the table and its
// commit, a deletion failed and the old deployment was loaded; it went on answering.
func TestDeletionInDoubtDuringUpdate(t *testing.T) {
	broken, g := &shaky{Store: openStore(t, t.TempDir())}, newGate()
	var armed atomic.Bool
	var between func()
	broken.before = func(method string) {
		if method == "ChangeFunction" && armed.CompareAndSwap(true, false) {
			between()
		}
	}
	broken.set(func(method string) (fails, doubt bool) { return method == "DeleteFunction", false })
	s := newService(t, function.Config{Store: broken, Compile: g.compile})
	create(t, s, "f", packGuest(t, "echo"))
	g.pass(t, nil)
	settle(t, s, "f")
	between = func() {
		wantFault(t, "the deletion", s.Delete(t.Context(), ref("f", "")), fault.ServiceUnavailable, "try again later")
		invoke(t, s, "f", greetEvent)
	}
	if _, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref("f", ""), Zip: packGuest(t, "json")}); err != nil {
		t.Fatal(err)
	}
	g.held()
	armed.Store(true)
	g.verdict <- nil
	settle(t, s, "f")
	if got := invoke(t, s, "f", greetEvent); got != greeting {
		t.Errorf("after the update it answered %s", got)
	}
}
