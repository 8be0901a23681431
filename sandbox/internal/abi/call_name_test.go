package abi

import (
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// TestCallNameIsNotCopied calls a function whose name is all of memory. There
// is no World to ask: the name must be refused where it lies.
func TestCallNameIsNotCopied(t *testing.T) {
	s := &State{Limits: Limits{Calls: 1, CallBytes: 1}}
	for _, n := range []uint64{MaxCallName + 1, 64 << 20} {
		if got := s.call(t.Context(), make(engine.Memory, n), []uint64{0, n, 0, 0}); got != fail(wasi.ENOSYS) {
			t.Errorf("a name of %d bytes: %d, want %d", n, got, fail(wasi.ENOSYS))
		}
	}
}
