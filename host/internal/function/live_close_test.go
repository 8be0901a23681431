package function

import (
	"errors"
	"os"
	"testing"

	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestFilledAfterClose completes a slot when the table is closed: what waits for it
// must not run.
func TestFilledAfterClose(t *testing.T) {
	module, err := os.ReadFile("../../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	box, err := sandbox.New(t.Context(), eng, module, sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	l := newLive(2, 1<<40)
	s, _ := l.get("f")
	l.close()
	l.fill(s, box, 0, nil)
	if _, err := s.box.Run(t.Context(), []byte("1")); !errors.Is(err, sandbox.ErrClosed) {
		t.Errorf("it ran: %v", err)
	}
	if l.release(s); len(l.all) != 0 {
		t.Errorf("%d slots are alive, want none", len(l.all))
	}
}
