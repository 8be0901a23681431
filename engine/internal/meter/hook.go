package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// Hook adds to a module what the meter needs, and returns the hook that
// charges: for a rewriting pass that does more than Instrument.
func Hook(w *wasm.Rewriter) wasm.Hook { return newMeter(w) }
