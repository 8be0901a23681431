package image

import (
	"encoding/binary"
	"slices"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/stored"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// Segments are active data segments: of each the offset, the size and the bytes,
// where numbers are unsigned LEB128. A Go module has tens of thousands, most of a
// few bytes.
type Segments []byte

// Segment is an active data segment.
type Segment struct {
	Offset uint32
	Bytes  []byte
}

// appended returns the segments with one more.
func (s Segments) appended(one Segment) Segments {
	return stored.AppendBytes(binary.AppendUvarint(s, uint64(one.Offset)), one.Bytes)
}

// next reads one segment.
func next(r *stored.Reader) Segment { return Segment{r.Uint32(), r.Bytes()} }

// Apply writes the data segments to the memory of a new instance, before its
// start function is called. If one does not fit, it returns a *engine.Trap of
// kind TrapMemoryBounds, as the specification says; those before it have been
// written. Segments that were read and are damaged are an error too.
func (p *Program) Apply(memory []byte) error {
	r := stored.NewReader(p.Data)
	for r.More() {
		s := next(r)
		if uint64(s.Offset)+uint64(len(s.Bytes)) > uint64(len(memory)) {
			return &engine.Trap{Kind: engine.TrapMemoryBounds}
		}
		copy(memory[s.Offset:], s.Bytes)
	}
	return r.End()
}

// Segments implements wasm.SegmentHook: it takes the active segments out of the
// module.
func (s *pass) Segments(data []wasm.DataSegment) {
	active, size := 0, 0
	for _, d := range data {
		if d.Active && !d.Known {
			return
		}
		if d.Active {
			active++
			size += 2*binary.MaxVarintLen32 + len(d.Bytes)
		}
	}
	s.program.Data = make(Segments, 0, size)
	for _, d := range data {
		if d.Active {
			s.program.Data = s.program.Data.appended(Segment{d.Offset, d.Bytes})
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
