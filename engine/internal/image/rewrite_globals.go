package image

import (
	"strconv"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// Global is a mutable global of a module.
type Global struct {
	// Export is the name that it is exported by: one that the module gave it,
	// the first, or else one that Rewrite gave it.
	Export string
	// Type is its value type, as the binary encodes it.
	Type byte
}

// globalExport begins the names of globals that the module does not export. The
// index of the global follows.
const globalExport = "__lambent_g"

// exportGlobals makes all mutable globals accessible from outside. The meter
// sees to its own.
func (s *pass) exportGlobals() {
	m := s.w.Module()
	exported := make(map[uint32]string)
	for _, e := range m.Exports {
		if _, ok := exported[e.Index]; e.Kind == wasm.KindGlobal && !ok {
			exported[e.Index] = e.Name
		}
	}
	for i, g := range m.Globals {
		if !g.Mutable {
			continue
		}
		name, ok := exported[uint32(i)]
		if !ok {
			name = globalExport + strconv.Itoa(i)
			s.w.Export(name, wasm.KindGlobal, uint32(i))
		}
		s.program.Globals = append(s.program.Globals, Global{name, g.Type})
	}
}
