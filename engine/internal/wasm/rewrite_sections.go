package wasm

// Omit leaves a section out, or all custom sections. What it held is read and
// checked all the same.
func (w *Rewriter) Omit(id SectionID) { w.omitted[id] = true }

// Replace puts n items, encoded one after the other, in place of those of a
// section that the module has and that is a vector. What is added follows them.
func (w *Rewriter) Replace(id SectionID, n int, items []byte) {
	w.replaced[id] = &vector{uint64(n), items}
}

// SegmentHook is a Hook that wants to know the data segments.
type SegmentHook interface {
	Hook
	// Segments comes once, when the whole module has been read: it may still
	// call Omit and Replace. It gets all data segments, in order.
	Segments(data []DataSegment)
}

// DataSegment is one data segment. Bytes are a view of the module.
type DataSegment struct {
	Bytes []byte
	// Active: it is written to memory when the module is instantiated, the
	// first byte at Offset. That means something only if Known; it is not if it
	// depends on a global that is imported.
	Active, Known bool
	Offset        uint32
}

// segment keeps a segment that was read.
func (w *Rewriter) segment(s DataSegment) {
	if _, ok := w.hook.(SegmentHook); !ok {
		return
	}
	if w.segments == nil {
		w.segments = make([]DataSegment, 0, w.m.Data) // so many were read before
	}
	w.segments = append(w.segments, s)
}
