package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// Options are what compilers differ in. What a module is charged does not depend
// on them.
type Options struct {
	// SavesLocals is for compilers that keep in memory, throughout a loop, what
	// lives on when more is asked for behind the loop, as wasmtime's does: the
	// locals of loops are then put into globals while it is asked for. See saved.go.
	SavesLocals bool
}

// Hook adds to a module what the meter needs, and returns the hook that
// charges: for a rewriting pass that does more than Instrument.
func Hook(w *wasm.Rewriter, o Options) wasm.Hook {
	m := newMeter(w)
	m.Options = o
	return m
}
