package image

import (
	"encoding/binary"
	"slices"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// Segment is an active data segment.
type Segment struct {
	Offset uint32
	Bytes  []byte // a view of the original module
}

// Apply writes the data segments to the memory of a new instance, before its
// start function is called. If one does not fit, it returns a *engine.Trap of
// kind TrapMemoryBounds, as the specification says; those before it have been
// written.
func (p *Program) Apply(memory []byte) error {
	for _, s := range p.Data {
		if uint64(s.Offset)+uint64(len(s.Bytes)) > uint64(len(memory)) {
			return &engine.Trap{Kind: engine.TrapMemoryBounds}
		}
		copy(memory[s.Offset:], s.Bytes)
	}
	return nil
}

// Segments implements wasm.SegmentHook: it takes the active segments out of the
// module.
func (s *pass) Segments(data []wasm.DataSegment) {
	active := 0
	for _, d := range data {
		if d.Active && !d.Known {
			return
		}
		if d.Active {
			active++
		}
	}
	s.program.Data = make([]Segment, 0, active)
	for _, d := range data {
		if d.Active {
			s.program.Data = append(s.program.Data, Segment{d.Offset, d.Bytes})
		}
	}
	if !s.usesData {
		s.w.Omit(wasm.SectionData)
		s.w.Omit(wasm.SectionDataCount)
	} else if active > 0 {
		s.w.Replace(wasm.SectionData, len(data), dropped(data))
	}
}

// dropped returns the segments as the code finds them after instantiation: the
// active ones have been dropped, and those are like empty passive ones.
func dropped(data []wasm.DataSegment) []byte {
	size := 0
	for _, d := range data {
		if size += 2; !d.Active {
			size += len(d.Bytes) + binary.MaxVarintLen32
		}
	}
	items := slices.Grow([]byte(nil), size)
	for _, d := range data {
		content := d.Bytes
		if d.Active {
			content = nil
		}
		items = append(items, 1) // passive
		items = binary.AppendUvarint(items, uint64(len(content)))
		items = append(items, content...)
	}
	return items
}
