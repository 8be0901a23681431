package wasm

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Read reads and checks a whole module. Its errors are *Error. The Module's
// slices are views of b.
func Read(b []byte, limits Limits) (*Module, error) {
	r := newReader(b, limits.withDefaults())
	r.module()
	if r.err != nil {
		return nil, r.err
	}
	return r.m, nil
}

// reader fills a Module.
type reader struct {
	cursor
	limits   Limits
	m        *Module
	rewriter *Rewriter // copies what is read; nil if it is only read

	dataCount    int // of the data count section
	hasDataCount bool
	bodies       int // of the code section
	typeValues   int
	elementItems int
	tableEntries int
	custom       int
	moduleWork   uint64
	mutable      int // globals
	expr         constExpr
	globalValues []constant // of m.Globals
}

func newReader(b []byte, limits Limits) *reader {
	return &reader{
		cursor: cursor{b: b, end: len(b), index: -1},
		limits: limits,
		m:      &Module{source: b, limits: limits},
	}
}

// sectionOrder is where a section stands among the others: data count before
// code, which needs it; tags before the globals.
var sectionOrder = [...]int{
	SectionType: 1, SectionImport: 2, SectionFunction: 3, SectionTable: 4, SectionMemory: 5, SectionTag: 6,
	SectionGlobal: 7, SectionExport: 8, SectionStart: 9, SectionElement: 10, SectionDataCount: 11,
	SectionCode: 12, SectionData: 13,
}

func (r *reader) module() {
	if len(r.b) > r.limits.Module {
		r.fail(ErrTooLarge, 0, fmt.Sprintf("%d bytes", len(r.b)), fmt.Sprintf("a module may have at most %d bytes", r.limits.Module))
		return
	}
	r.header()
	order, last := 0, SectionCustom
	for r.err == nil && r.pos < r.end {
		r.at("", -1)
		start := r.pos
		id := SectionID(r.byte())
		if int(id) >= len(sectionOrder) {
			r.fail(ErrMalformed, start, fmt.Sprintf("section number %d", id), fmt.Sprintf("sections are numbered 0 to %d", len(sectionOrder)-1))
			return
		}
		if id != SectionCustom {
			if sectionOrder[id] <= order {
				r.fail(ErrMalformed, start, fmt.Sprintf("the %s section after the %s section", id, last), "each section comes once, in the order of the specification")
				return
			}
			order, last = sectionOrder[id], id
		}
		r.section(id)
	}
	if r.err == nil {
		r.at("", -1)
		r.checkCounts()
	}
}

func (r *reader) header() {
	if !bytes.HasPrefix(r.b, []byte("\x00asm")) {
		r.fail(ErrMalformed, 0, "no magic number", "a module begins with 00 61 73 6d")
		return
	}
	if len(r.b) < 8 {
		r.fail(ErrMalformed, len(r.b), "unexpected end", "a module begins with 8 bytes of magic number and version")
		return
	}
	version, layer := binary.LittleEndian.Uint16(r.b[4:]), binary.LittleEndian.Uint16(r.b[6:])
	switch {
	case layer == 1:
		r.fail(ErrUnsupported, 4, "a WebAssembly component", "core modules are supported; build for WASI preview 1 (wasip1) rather than for the component model")
	case version != 1 || layer != 0:
		r.fail(ErrMalformed, 4, fmt.Sprintf("binary version %#x", binary.LittleEndian.Uint32(r.b[4:])), "core modules of version 1 are supported")
	}
	r.pos = 8
}

// section reads one section, whose number is read.
func (r *reader) section(id SectionID) {
	start := r.pos
	size := r.u32()
	if uint64(size) > uint64(r.left()) {
		r.fail(ErrMalformed, start, fmt.Sprintf("a %s section of %d bytes", id, size), fmt.Sprintf("the module has %d more bytes", r.left()))
	}
	if r.err != nil {
		return
	}
	whole := r.end
	r.end = r.pos + int(size)
	s := Section{ID: id, Start: r.pos, End: r.end}
	r.at(id.String()+" section", -1)
	if r.rewriter != nil {
		r.rewriter.open(r, id)
	}
	r.content(id, &s)
	if r.err == nil && r.pos != r.end {
		r.at(id.String()+" section", -1)
		r.fail(ErrMalformed, r.pos, fmt.Sprintf("%d bytes too many", r.left()), "a section is as long as its content")
	}
	if r.rewriter != nil && r.err == nil {
		r.rewriter.close(r, s)
	}
	r.end = whole
	r.m.Sections = append(r.m.Sections, s)
}

func (r *reader) content(id SectionID, s *Section) {
	switch id {
	case SectionCustom:
		if r.custom++; r.custom > r.limits.Custom {
			r.tooMany(r.pos, uint64(r.custom), "custom sections", r.limits.Custom)
		}
		s.Name = r.name()
		r.pos = r.end
	case SectionType:
		r.types()
	case SectionImport:
		r.imports()
	case SectionFunction:
		r.functions()
	case SectionTable:
		r.tables()
	case SectionMemory:
		r.memories()
	case SectionTag:
		r.tags()
	case SectionGlobal:
		r.globals()
	case SectionExport:
		r.exports()
	case SectionStart:
		r.start()
	case SectionElement:
		r.elements()
	case SectionDataCount:
		r.dataCount, r.hasDataCount = r.count("data segments", 0, r.limits.Data), true
	case SectionCode:
		r.code()
	case SectionData:
		r.data()
	}
}

// checkCounts compares what two sections say of the same thing.
func (r *reader) checkCounts() {
	if declared := len(r.m.Functions) - r.m.Imported[KindFunc]; r.bodies != declared {
		r.fail(ErrMalformed, len(r.b), fmt.Sprintf("%d function bodies", r.bodies), fmt.Sprintf("the function section declares %d", declared))
	}
	if r.hasDataCount && r.m.Data != r.dataCount {
		r.fail(ErrMalformed, len(r.b), fmt.Sprintf("%d data segments", r.m.Data), fmt.Sprintf("the data count section declares %d", r.dataCount))
	}
}
