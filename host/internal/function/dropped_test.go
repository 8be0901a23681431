package function_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestDroppedByMistake drops the deployment of a function that is there, while it
// waits and while it is made ready: it is begun again.
func TestDroppedByMistake(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compile, Compilers: 1})
	create(t, s, "first", packGuest(t, "json"))
	g.held()
	create(t, s, "f", packGuest(t, "echo"))
	s.DropDeployments("f") // waits
	g.verdict <- nil
	g.held()
	s.DropDeployments("f") // is made ready
	g.held()
	g.verdict <- nil
	if got := settle(t, s, "f"); got.State.Is != function.Active {
		t.Errorf("the deployment: %+v", got.State)
	}
}
