package image

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// guards keep wazero from its known mistakes: one field for each kind. What they
// emit goes before operations, changes no result and costs no fuel.
type guards struct {
	comparisons comparisons
	reloads     reloads
}

// begin comes before a function's first operation.
func (g *guards) begin(c *wasm.Code) {
	g.comparisons.begin(c.Locals)
	g.reloads.begin()
}

// operation comes before an operation is written.
func (g *guards) operation(m *wasm.Module, c *wasm.Code) {
	g.comparisons.operation(m, c)
	g.reloads.operation(m, c)
}
