package wasm

import "fmt"

// Flags of an element segment.
const (
	elementPassive     = 1 << 0 // or declarative, with elementExplicit
	elementExplicit    = 1 << 1 // of an active one: the table is named
	elementExpressions = 1 << 2 // items are constant expressions, not functions
)

// elements reads the element section.
func (r *reader) elements() {
	n := r.count("element segments", 0, r.limits.Elements)
	for i := 0; i < n && r.err == nil; i++ {
		r.at("element segment", i)
		r.element()
		r.m.Elements++
	}
}

func (r *reader) element() {
	start := r.pos
	flags := r.u32()
	if flags > 7 {
		r.fail(ErrMalformed, start, fmt.Sprintf("flags %d", flags), "0 to 7 are allowed")
	}
	active, table := flags&elementPassive == 0, uint32(0)
	if active {
		if flags&elementExplicit != 0 {
			start = r.pos
			table = r.u32()
		}
		if r.err == nil {
			r.checkIndex(start, table, len(r.m.Tables), "table", "tables", "module")
		}
		r.constant(typeI32)
	}
	if r.err != nil {
		return
	}
	elem := typeFunc
	if start = r.pos; flags&(elementPassive|elementExplicit) != 0 {
		elem = r.elementType(flags&elementExpressions != 0)
	}
	if r.err == nil && active && elem != r.m.Tables[table].Elem {
		r.fail(ErrInvalid, start, fmt.Sprintf("elements of type 0x%02x", elem), fmt.Sprintf("table %d holds type 0x%02x", table, r.m.Tables[table].Elem))
	}
	n := r.count("element items", r.elementItems, r.limits.Table)
	r.elementItems += n
	for i := 0; i < n && r.err == nil; i++ {
		if flags&elementExpressions != 0 {
			r.constant(elem)
			continue
		}
		r.functionIndex(r.pos)
	}
}

// elementType reads what a segment holds: a type, or in the older form a kind,
// of which there is one.
func (r *reader) elementType(expressions bool) byte {
	if expressions {
		return r.referenceType()
	}
	start := r.pos
	if kind := r.byte(); kind != 0 {
		r.fail(ErrMalformed, start, fmt.Sprintf("element kind 0x%02x", kind), "0, functions, is allowed")
	}
	return typeFunc
}
