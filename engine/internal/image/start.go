package image

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// startExport is the name under which the start function is exported.
const startExport = "__lambent_start"

// takeStart leaves the start to the host, which applies data first.
func (s *pass) takeStart() {
	m := s.w.Module()
	if !m.HasStart {
		return
	}
	s.w.Omit(wasm.SectionStart)
	s.w.Export(startExport, wasm.KindFunc, s.w.Renumber(m.Start))
	s.program.Start = startExport
}
