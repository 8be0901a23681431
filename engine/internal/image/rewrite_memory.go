package image

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// MemoryExport is the name that Options.ExportMemory gives to the memory.
const MemoryExport = "__lambent_memory"

// openMemory takes away the maximum of the module's own memory.
func (s *pass) openMemory() {
	m := s.w.Module()
	own := m.Memories[m.Imported[wasm.KindMemory]:]
	if len(own) != 1 || !own[0].HasMax {
		return
	}
	s.w.Replace(wasm.SectionMemory, 1, binary.AppendUvarint([]byte{0}, uint64(own[0].Min)))
}
