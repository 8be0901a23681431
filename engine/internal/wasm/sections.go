package wasm

import (
	"fmt"
	"strings"
)

// Names that belong to what is added to modules after they are checked. A
// guest that used them could name the added parts.
const (
	reservedPrefix = "__lambent" // of exports and imports
	reservedModule = "__meter"   // of imports
)

func (r *reader) imports() {
	n := r.count("imports", 0, r.limits.Imports)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("import", i)
		start := r.pos
		im := Import{Module: r.name(), Name: r.name()}
		if im.Module == reservedModule || strings.HasPrefix(im.Module, reservedPrefix) || strings.HasPrefix(im.Name, reservedPrefix) {
			r.fail(ErrUnsupported, start, fmt.Sprintf("%.100q.%.100q", im.Module, im.Name), "names beginning with "+reservedPrefix+" and the module "+reservedModule+" are reserved")
		}
		start = r.pos
		im.Kind = Kind(r.byte())
		if r.err != nil {
			return
		}
		if im.Kind > KindTag {
			r.fail(ErrMalformed, start, fmt.Sprintf("kind %d", im.Kind), "kinds are 0 to 4")
			return
		}
		im.Index = uint32(r.m.Imported[im.Kind])
		r.imported(im.Kind)
		r.m.Imported[im.Kind]++
		r.m.Imports = append(r.m.Imports, im)
	}
}

// imported reads the type of an import.
func (r *reader) imported(kind Kind) {
	switch kind {
	case KindFunc:
		r.function()
	case KindTable:
		r.tableType()
	case KindMemory:
		r.memoryType()
	case KindGlobal:
		g := r.globalType()
		r.global(g, constant{typ: g.Type})
	case KindTag:
		r.tagType()
	}
}

// function reads the type index of a function.
func (r *reader) function() {
	start := r.pos
	i, _ := r.typeIndex()
	if len(r.m.Functions) >= r.limits.Functions {
		r.tooMany(start, uint64(len(r.m.Functions))+1, "functions", r.limits.Functions)
		return
	}
	r.m.Functions = append(r.m.Functions, i)
}

func (r *reader) global(g Global, value constant) {
	if len(r.m.Globals) >= r.limits.Globals {
		r.tooMany(r.pos, uint64(len(r.m.Globals))+1, "globals", r.limits.Globals)
		return
	}
	r.m.Globals = append(r.m.Globals, g)
	if g.Mutable {
		r.mutable++
	}
	r.globalValues = append(r.globalValues, value)
}

func (r *reader) functions() {
	n := r.count("functions", len(r.m.Functions), r.limits.Functions)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("function", len(r.m.Functions))
		r.function()
	}
}

func (r *reader) tables() {
	n := r.count("tables", len(r.m.Tables), r.limits.Tables)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("table", len(r.m.Tables))
		r.tableType()
	}
}

func (r *reader) memories() {
	n := r.u32()
	for i := uint32(0); i < n && r.err == nil; i++ {
		r.at("memory", len(r.m.Memories))
		r.memoryType()
	}
}

func (r *reader) tags() {
	n := r.count("tags", len(r.m.Tags), r.limits.Tags)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("tag", len(r.m.Tags))
		r.tagType()
	}
}

func (r *reader) globals() {
	n := r.count("globals", len(r.m.Globals), r.limits.Globals)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("global", len(r.m.Globals))
		g := r.globalType()
		r.global(g, r.constant(g.Type)) // which may refer to the globals before this one
	}
}

func (r *reader) exports() {
	n := r.count("exports", 0, r.limits.Exports)
	seen := make(map[string]struct{})
	for i := 0; i < n && r.err == nil; i++ {
		r.at("export", i)
		start := r.pos
		ex := Export{Name: r.name()}
		if strings.HasPrefix(ex.Name, reservedPrefix) {
			r.fail(ErrUnsupported, start, fmt.Sprintf("%.100q", ex.Name), "names beginning with "+reservedPrefix+" are reserved")
		}
		if _, twice := seen[ex.Name]; twice {
			r.fail(ErrInvalid, start, fmt.Sprintf("%.100q twice", ex.Name), "export names are unique")
		}
		seen[ex.Name] = struct{}{}
		start = r.pos
		ex.Kind = Kind(r.byte())
		if ex.Kind > KindTag {
			r.fail(ErrMalformed, start, fmt.Sprintf("kind %d", ex.Kind), "kinds are 0 to 4")
			return
		}
		start = r.pos
		if ex.Kind == KindFunc {
			ex.Index = r.functionIndex(start)
		} else {
			ex.Index = r.u32()
		}
		if r.err == nil && r.checkIndex(start, ex.Index, r.m.size(ex.Kind), ex.Kind.singular(), ex.Kind.plural(), "module") {
			r.m.Exports = append(r.m.Exports, ex)
		}
	}
}

func (r *reader) start() {
	at := r.pos
	i := r.functionIndex(at)
	if r.err != nil {
		return
	}
	if t := r.m.Types[r.m.Functions[i]]; len(t.Params)+len(t.Results) > 0 {
		r.fail(ErrInvalid, at, fmt.Sprintf("function %d with %d parameters and %d results", i, len(t.Params), len(t.Results)), "a start function has none")
	}
	r.m.Start, r.m.HasStart = i, true
}

func (r *reader) data() {
	n := r.count("data segments", 0, r.limits.Data)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("data segment", i)
		start := r.pos
		flags := r.u32()
		if flags > 2 {
			r.fail(ErrMalformed, start, fmt.Sprintf("flags %d", flags), "0 to 2 are allowed")
		}
		var s DataSegment
		if flags == 0 || flags == 2 {
			memory := uint32(0)
			if flags == 2 {
				start = r.pos
				memory = r.u32()
			}
			r.checkIndex(start, memory, len(r.m.Memories), "memory", "memories", "module")
			offset := r.constant(typeI32)
			s.Active, s.Known, s.Offset = true, offset.known, offset.value
		}
		size := r.u32()
		s.Bytes = r.bytes(uint64(size))
		r.m.Data++
		r.m.DataSizes = append(r.m.DataSizes, size)
		if r.rewriter != nil {
			r.rewriter.segment(s)
		}
	}
}
