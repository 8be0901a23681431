package image

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// boundTables gives the module's own tables maxima, so that no table can outgrow
// its share of entries.
func (s *pass) boundTables(entries uint32) {
	m := s.w.Module()
	own := m.Tables[m.Imported[wasm.KindTable]:]
	if len(own) == 0 {
		return
	}
	var items []byte
	for _, t := range own {
		most := max(t.Min, entries/uint32(len(own)))
		if t.HasMax {
			most = min(most, t.Max)
		}
		items = append(items, t.Elem, 1) // 1: with a maximum
		items = binary.AppendUvarint(items, uint64(t.Min))
		items = binary.AppendUvarint(items, uint64(most))
	}
	s.w.Replace(wasm.SectionTable, len(own), items)
}
