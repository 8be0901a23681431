package wasm

import "fmt"

// Value types, as the binary encodes them.
const (
	typeI32    byte = 0x7f
	typeI64    byte = 0x7e
	typeF32    byte = 0x7d
	typeF64    byte = 0x7c
	typeV128   byte = 0x7b
	typeFunc   byte = 0x70
	typeExtern byte = 0x6f
	typeExn    byte = 0x69

	typeEmpty byte = 0x40 // of a block without parameters and results
)

func isReference(t byte) bool { return t == typeFunc || t == typeExtern || t == typeExn }

func isValueType(t byte) bool { return t >= typeV128 && t <= typeI32 || isReference(t) }

// valueType reads a value type.
func (r *reader) valueType() byte {
	start := r.pos
	t := r.byte()
	r.checkValueType(start, t)
	return t
}

func (r *reader) checkValueType(offset int, t byte) {
	switch {
	case isValueType(t) || r.err != nil:
	case t >= 0x63 && t <= 0x74 && t != 0x65 && t != 0x66 && t != 0x67:
		r.fail(ErrUnsupported, offset, fmt.Sprintf("type 0x%02x", t), "references are funcref, externref and exnref; typed references and garbage collection are not supported")
	default:
		r.fail(ErrMalformed, offset, fmt.Sprintf("type 0x%02x", t), "that is no value type")
	}
}

// referenceType reads the type of a reference.
func (r *reader) referenceType() byte {
	start := r.pos
	t := r.valueType()
	if r.err == nil && !isReference(t) {
		r.fail(ErrMalformed, start, fmt.Sprintf("type 0x%02x", t), "a reference type is needed")
	}
	return t
}

// types reads the type section.
func (r *reader) types() {
	n := r.count("types", 0, r.limits.Types)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("type", i)
		start := r.pos
		switch form := r.byte(); {
		case r.err != nil:
		case form == 0x60:
			t := FuncType{Params: r.values("parameters")}
			t.Results = r.values("results")
			r.typeValues += len(t.Params) + len(t.Results)
			if r.typeValues > r.limits.TypeValues {
				r.tooMany(start, uint64(r.typeValues), "parameters and results of types so far", r.limits.TypeValues)
				return
			}
			r.m.Types = append(r.m.Types, t)
		case form >= 0x4d && form <= 0x5f:
			r.fail(ErrUnsupported, start, fmt.Sprintf("type form 0x%02x", form), "function types (0x60) are supported; garbage collection is not")
		default:
			r.fail(ErrMalformed, start, fmt.Sprintf("type form 0x%02x", form), "function types begin with 0x60")
		}
	}
}

// values reads a vector of value types.
func (r *reader) values(what string) []byte {
	n := r.count(what, 0, r.limits.Values)
	start := r.pos
	list := r.bytes(uint64(n))
	for i, t := range list {
		r.checkValueType(start+i, t)
	}
	return list
}

// typeIndex reads the index of a type and returns both.
func (r *reader) typeIndex() (uint32, FuncType) {
	start := r.pos
	i := r.u32()
	if r.err != nil || !r.checkIndex(start, i, len(r.m.Types), "type", "types", "module") {
		return 0, FuncType{}
	}
	return i, r.m.Types[i]
}

// functionIndex reads the index of a function outside of code, and reports a
// wrong one at offset. When the module is rewritten, it copies the index too:
// what is renumbered has been checked against the original functions here.
func (r *reader) functionIndex(offset int) uint32 {
	start := r.pos
	i := r.u32()
	if r.err != nil || !r.checkIndex(offset, i, len(r.m.Functions), "function", "functions", "module") {
		return 0
	}
	if r.rewriter != nil {
		r.rewriter.function(r, start, i)
	}
	return i
}

// bounds reads the size of a table or memory, whose flags, 0 or 1, are read.
func (r *reader) bounds(flags byte) (min, max uint32, hasMax bool) {
	min = r.u32()
	if flags&1 != 0 {
		start := r.pos
		max, hasMax = r.u32(), true
		if r.err == nil && max < min {
			r.fail(ErrInvalid, start, fmt.Sprintf("a maximum of %d", max), fmt.Sprintf("it must not be below the minimum of %d", min))
		}
	}
	return min, max, hasMax
}

// tableType reads the type of a table.
func (r *reader) tableType() {
	begin := r.pos
	if r.left() > 0 && r.b[r.pos] == 0x40 {
		r.fail(ErrUnsupported, begin, "a table with an initial value", "tables begin with null; typed references are not supported")
		return
	}
	t := Table{Elem: r.referenceType()}
	start := r.pos
	switch flags := r.byte(); {
	case r.err != nil:
		return
	case flags <= 1:
		t.Min, t.Max, t.HasMax = r.bounds(flags)
	case flags <= 7:
		r.fail(ErrUnsupported, start, fmt.Sprintf("table flags 0x%02x", flags), "shared and 64-bit tables are not supported")
	default:
		r.fail(ErrMalformed, start, fmt.Sprintf("table flags 0x%02x", flags), "0 and 1 are allowed")
	}
	if n := uint64(r.tableEntries) + uint64(t.Min); n > uint64(r.limits.Table) {
		r.tooMany(start, n, "table entries", r.limits.Table)
		return
	}
	r.tableEntries += int(t.Min)
	if len(r.m.Tables) >= r.limits.Tables {
		r.tooMany(begin, uint64(len(r.m.Tables))+1, "tables", r.limits.Tables)
		return
	}
	r.m.Tables = append(r.m.Tables, t)
}

// memoryType reads the type of a memory.
func (r *reader) memoryType() {
	start := r.pos
	var m Memory
	switch flags := r.byte(); {
	case r.err != nil:
		return
	case flags <= 1:
		m.Min, m.Max, m.HasMax = r.bounds(flags)
	case flags <= 3:
		r.fail(ErrUnsupported, start, "a shared memory", "a memory belongs to one instance")
	case flags <= 7:
		r.fail(ErrUnsupported, start, "a 64-bit memory", "32-bit memories are supported")
	default:
		r.fail(ErrMalformed, start, fmt.Sprintf("memory flags 0x%02x", flags), "0 and 1 are allowed")
	}
	if pages := max(m.Min, m.Max); pages > MaxPages {
		r.fail(ErrInvalid, start, fmt.Sprintf("a memory of %d pages", pages), fmt.Sprintf("at most %d pages (4 GiB) are allowed", MaxPages))
	}
	if len(r.m.Memories) > 0 {
		r.fail(ErrUnsupported, start, "a second memory", "a module may have one memory")
	}
	r.m.Memories = append(r.m.Memories, m)
}

// globalType reads the type of a global.
func (r *reader) globalType() Global {
	g := Global{Type: r.valueType()}
	start := r.pos
	flag := r.byte()
	if flag > 1 {
		r.fail(ErrMalformed, start, fmt.Sprintf("mutability 0x%02x", flag), "0 and 1 are allowed")
	}
	g.Mutable = flag == 1
	return g
}

// tagType reads the type of a tag.
func (r *reader) tagType() {
	start := r.pos
	if attribute := r.byte(); attribute != 0 {
		r.fail(ErrMalformed, start, fmt.Sprintf("tag attribute 0x%02x", attribute), "0, an exception, is allowed")
	}
	start = r.pos
	i, t := r.typeIndex()
	if len(t.Results) > 0 {
		r.fail(ErrInvalid, start, fmt.Sprintf("type %d with %d results", i, len(t.Results)), "a tag has none")
	}
	if len(r.m.Tags) >= r.limits.Tags {
		r.tooMany(start, uint64(len(r.m.Tags))+1, "tags", r.limits.Tags)
		return
	}
	r.m.Tags = append(r.m.Tags, i)
}
