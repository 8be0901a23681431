package wasm

import (
	"encoding/binary"
	"slices"
)

// Rewriter writes a module anew while it is read once more: everything that
// Read knows is copied, what is added comes after what is there, and functions
// are renumbered by the number of imports that are added.
//
// The reader checks every index against the original module before it is
// copied, so that none can name what is added.
//
// Custom sections are copied too, but for name sections that are malformed or
// name functions that do not exist, and debug information, which would speak of
// code that has moved.
type Rewriter struct {
	m    *Module
	hook Hook

	imports uint32                 // functions that are imported in addition
	added   [SectionTag + 1]vector // what follows the items of a section
	parts   []part                 // sections so far
	items   []byte                 // of the section that is read
	copied  int                    // bytes of the module before this one are copied
	present [SectionTag + 1]bool   // sections that are written, in assemble
	types   map[string]uint32      // function types that were added

	omitted  [SectionTag + 1]bool
	replaced [SectionTag + 1]*vector
	segments []DataSegment // for a SegmentHook

	body     Code
	declared []byte // locals of the body
}

// vector is n items, encoded.
type vector struct {
	n     uint64
	items []byte
}

// part is one section: a vector, or bytes.
type part struct {
	id SectionID
	vector
	plain bool // no vector: n means nothing
}

// Rewrite reads the module again and returns it as the hook, which edit
// returns, wants it. edit may add to the module, and only edit may add imports.
// The bytes that Read got must not have changed; errors are those of Read.
func (m *Module) Rewrite(edit func(*Rewriter) Hook) ([]byte, error) {
	w := &Rewriter{m: m, types: map[string]uint32{}}
	w.hook = edit(w)
	r := newReader(m.source, m.limits)
	r.rewriter = w
	r.module()
	if r.err != nil {
		return nil, r.err
	}
	if h, ok := w.hook.(SegmentHook); ok {
		h.Segments(w.segments)
	}
	return w.assemble(), nil
}

// Module is the original module.
func (w *Rewriter) Module() *Module { return w.m }

func (w *Rewriter) add(id SectionID, item []byte) {
	w.added[id].n++
	w.added[id].items = append(w.added[id].items, item...)
}

// Type adds a function type, if it was not added before, and returns its index.
func (w *Rewriter) Type(t FuncType) uint32 {
	item := appendSized([]byte{0x60}, t.Params)
	item = appendSized(item, t.Results)
	if i, ok := w.types[string(item)]; ok {
		return i
	}
	i := uint32(uint64(len(w.m.Types)) + w.added[SectionType].n)
	w.types[string(item)] = i
	w.add(SectionType, item)
	return i
}

// Import adds an imported function and returns its index.
func (w *Rewriter) Import(module, name string, t FuncType) uint32 {
	item := appendSized(nil, []byte(module))
	item = appendSized(item, []byte(name))
	item = append(item, byte(KindFunc))
	w.add(SectionImport, binary.AppendUvarint(item, uint64(w.Type(t))))
	w.imports++
	return uint32(w.m.Imported[KindFunc]) + w.imports - 1
}

// Function adds a function and returns its index. Its body begins with the
// declarations of its locals and ends with the final end.
func (w *Rewriter) Function(t FuncType, body []byte) uint32 {
	i := uint32(len(w.m.Functions)) + w.imports + uint32(w.added[SectionFunction].n)
	w.add(SectionFunction, binary.AppendUvarint(nil, uint64(w.Type(t))))
	w.add(SectionCode, appendSized(nil, body))
	return i
}

// Global adds a global and returns its index. Its first value is the constant
// expression init, without the final end.
func (w *Rewriter) Global(g Global, init []byte) uint32 {
	item := []byte{g.Type, 0}
	if g.Mutable {
		item[1] = 1
	}
	i := uint32(uint64(len(w.m.Globals)) + w.added[SectionGlobal].n)
	w.add(SectionGlobal, append(append(item, init...), byte(OpEnd)))
	return i
}

// Export adds an export. The index is that in the module as it is rewritten.
func (w *Rewriter) Export(name string, kind Kind, index uint32) {
	item := append(appendSized(nil, []byte(name)), byte(kind))
	w.add(SectionExport, binary.AppendUvarint(item, uint64(index)))
}

// Renumber returns the new index of an original function, once all imports are
// added.
func (w *Rewriter) Renumber(i uint32) uint32 {
	if uint64(i) < uint64(w.m.Imported[KindFunc]) {
		return i
	}
	return i + w.imports
}

// function copies the index of a function that the reader found at start.
func (w *Rewriter) function(r *reader, start int, i uint32) {
	w.items = append(w.items, r.b[w.copied:start]...)
	w.items = binary.AppendUvarint(w.items, uint64(w.Renumber(i)))
	w.copied = r.pos
}

// plain says whether a section is no vector.
func (id SectionID) plain() bool {
	return id == SectionCustom || id == SectionStart || id == SectionDataCount
}

// open begins a section whose content the reader is about to read.
func (w *Rewriter) open(r *reader, id SectionID) {
	p := part{id: id, plain: id.plain()}
	w.items, w.copied = nil, r.pos
	if id == SectionCode { // it grows most, and in small steps
		w.items = make([]byte, 0, 2*(r.end-r.pos))
	}
	if !p.plain {
		count := r.cursor // the reader reads it again
		p.n = uint64(count.u32())
		w.copied = count.pos
	}
	w.parts = append(w.parts, p)
}

// close ends the section.
func (w *Rewriter) close(r *reader, s Section) {
	p := &w.parts[len(w.parts)-1]
	if w.omitted[s.ID] {
		w.parts = w.parts[:len(w.parts)-1]
		return
	}
	if s.ID == SectionCustom {
		content, ok := w.custom(r.b[s.Start:s.End], s.Name)
		if !ok {
			w.parts = w.parts[:len(w.parts)-1]
		}
		p.items = content
		return
	}
	p.items = r.b[w.copied:s.End]
	if w.items != nil {
		p.items = append(w.items, p.items...)
	}
}

// assemble joins the sections and what is added to them.
func (w *Rewriter) assemble() []byte {
	size := 0
	w.parts = slices.DeleteFunc(w.parts, func(p part) bool { return w.omitted[p.id] })
	for i := range w.parts {
		p := &w.parts[i]
		if v := w.replaced[p.id]; v != nil {
			p.vector = *v
		}
		size += len(p.items) + len(w.added[p.id].items) + 16
	}
	out := append(make([]byte, 0, size+1024), w.m.source[:8]...)
	for _, p := range w.parts {
		if p.id != SectionCustom {
			out = w.missing(out, sectionOrder[p.id])
		}
		out = w.section(out, p)
	}
	return w.missing(out, len(sectionOrder))
}

// missing writes the sections before a place in the order that the original
// module does not have.
func (w *Rewriter) missing(out []byte, order int) []byte {
	ids := []SectionID{SectionType, SectionImport, SectionFunction, SectionGlobal, SectionExport, SectionCode}
	for _, id := range ids {
		has := slices.ContainsFunc(w.parts, func(p part) bool { return p.id == id })
		if !has && !w.present[id] && sectionOrder[id] < order && w.added[id].n > 0 {
			out = w.section(out, part{id: id})
		}
	}
	return out
}

func (w *Rewriter) section(out []byte, p part) []byte {
	w.present[p.id] = true
	var count []byte
	more := w.added[p.id]
	if !p.plain {
		count = binary.AppendUvarint(nil, p.n+more.n)
	}
	out = append(out, byte(p.id))
	out = binary.AppendUvarint(out, uint64(len(count)+len(p.items)+len(more.items)))
	out = append(out, count...)
	out = append(out, p.items...)
	return append(out, more.items...)
}

// appendSized appends the length of b, then b.
func appendSized(out, b []byte) []byte {
	return append(binary.AppendUvarint(out, uint64(len(b))), b...)
}
