package function_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestDeletedWhileStarting deletes a function that is being made ready, which may
// take it 15 minutes. The only worker leaves it and takes up the next.
func TestDeletedWhileStarting(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compile, Compilers: 1})
	create(t, s, "stuck", packGuest(t, "json"))
	g.held() // and never let go
	create(t, s, "next", packGuest(t, "echo"))
	if err := s.Delete(t.Context(), function.Ref{Name: "stuck"}); err != nil {
		t.Fatal(err)
	}
	g.held()
	g.verdict <- nil
	if got := settle(t, s, "next"); got.State.Is != function.Active {
		t.Errorf("the next deployment: %+v", got.State)
	}
}
