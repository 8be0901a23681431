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

// TestDeletionInDoubtOfReserved: a deletion that was in doubt, and had happened, left
// what was reserved for the function to the next one of its name.
func TestDeletionInDoubtOfReserved(t *testing.T) {
	broken := &shaky{Store: openStore(t, t.TempDir())}
	broken.set(func(method string) (fails, doubt bool) { return method == "DeleteFunction", true })
	s := newService(t, function.Config{Store: broken})
	active(t, s, "f", packGuest(t, "echo"))
	if err := s.PutConcurrency(t.Context(), ref("f", ""), 900); err != nil {
		t.Fatal(err)
	}
	wantFault(t, "the deletion", s.Delete(t.Context(), ref("f", "")), fault.ServiceUnavailable, "try again later")
	if own, others := s.Allotted("f"); own || others != 1000 {
		t.Errorf("f has its own: %t, others have %d, want 1000", own, others)
	}
}
