package enginetest

import (
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// operation takes values and leaves one.
type operation struct {
	code   []byte
	params []byte
}

// span is the operations from one code to another, of the same type.
func span(first, last byte, params ...byte) (list []operation) {
	for code := int(first); code <= int(last); code++ {
		list = append(list, operation{[]byte{byte(code)}, params})
	}
	return list
}

// vector is operations on vectors, by their numbers.
func vector(params []byte, numbers ...uint32) (list []operation) {
	for _, n := range numbers {
		list = append(list, operation{Cat([]byte{0xfd}, Uint(uint64(n))), params})
	}
	return list
}

// lane is operations that take one lane of a vector.
func lane(number uint32, lanes byte) (list []operation) {
	for i := range lanes {
		list = append(list, operation{Cat([]byte{0xfd}, Uint(uint64(number)), []byte{i}), []byte{V128}})
	}
	return list
}

// until lists the numbers from one to another.
func until(first, last uint32) (list []uint32) {
	for ; first <= last; first++ {
		list = append(list, first)
	}
	return list
}

func joined[T any](lists ...[]T) (all []T) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// operations are those that leave a value of a type, of as much of the instruction
// set as needs no memory.
var operations = map[byte][]operation{
	I32: joined(
		span(0x6a, 0x78, I32, I32), span(0x67, 0x69, I32), span(0x45, 0x45, I32), span(0x46, 0x4f, I32, I32),
		span(0x50, 0x50, I64), span(0x51, 0x5a, I64, I64), span(0x5b, 0x60, F32, F32), span(0x61, 0x66, F64, F64),
		span(0xa7, 0xa7, I64), span(0xa8, 0xa9, F32), span(0xaa, 0xab, F64), span(0xbc, 0xbc, F32), span(0xc0, 0xc1, I32),
		[]operation{{Raw(0xfc, 0), Types{F32}}, {Raw(0xfc, 1), Types{F32}}, {Raw(0xfc, 2), Types{F64}}, {Raw(0xfc, 3), Types{F64}}},
		vector(Types{V128}, 0x53, 0x63, 0x64, 0x83, 0x84, 0xa3, 0xa4, 0xc3, 0xc4),
		lane(0x15, 16), lane(0x16, 16), lane(0x18, 8), lane(0x19, 8), lane(0x1b, 4),
	),
	I64: joined(
		span(0x7c, 0x8a, I64, I64), span(0x79, 0x7b, I64), span(0xac, 0xad, I32), span(0xae, 0xaf, F32), span(0xb0, 0xb1, F64),
		span(0xbd, 0xbd, F64), span(0xc2, 0xc4, I64),
		[]operation{{Raw(0xfc, 4), Types{F32}}, {Raw(0xfc, 5), Types{F32}}, {Raw(0xfc, 6), Types{F64}}, {Raw(0xfc, 7), Types{F64}}},
		lane(0x1d, 2),
	),
	F32: joined(span(0x8b, 0x91, F32), span(0x92, 0x98, F32, F32), span(0xb2, 0xb3, I32), span(0xb4, 0xb5, I64), span(0xb6, 0xb6, F64), span(0xbe, 0xbe, I32)),
	F64: joined(span(0x99, 0x9f, F64), span(0xa0, 0xa6, F64, F64), span(0xb7, 0xb8, I32), span(0xb9, 0xba, I64), span(0xbb, 0xbb, F32), span(0xbf, 0xbf, I64)),
	V128: joined(
		vector(Types{V128, V128}, joined(until(0x0e, 0x0e), until(0x23, 0x40), until(0x4e, 0x51), until(0x65, 0x66), until(0x6e, 0x73),
			until(0x76, 0x79), []uint32{0x7b, 0x82, 0x85, 0x86}, until(0x8e, 0x93), until(0x95, 0x99), until(0x9b, 0x9f),
			[]uint32{0xae, 0xb1}, until(0xb5, 0xba), until(0xbc, 0xbf), []uint32{0xce, 0xd1}, until(0xd5, 0xdf))...),
		vector(Types{V128}, joined([]uint32{0x4d}, until(0x60, 0x62), until(0x7c, 0x81), until(0x87, 0x8a), until(0xa0, 0xa1),
			until(0xa7, 0xaa), until(0xc0, 0xc1), until(0xc7, 0xca))...),
		vector(Types{V128, I32}, joined(until(0x6b, 0x6d), until(0x8b, 0x8d), until(0xab, 0xad), until(0xcb, 0xcd))...),
		vector(Types{V128, V128, V128}, 0x52),
		vector(Types{I32}, 0x0f, 0x10, 0x11), vector(Types{I64}, 0x12),
	),
}

// loads and stores by type.
var (
	loads = map[byte][][]byte{
		I32: {{0x28}, {0x2c}, {0x2d}, {0x2e}, {0x2f}}, I64: {{0x29}, {0x30}, {0x31}, {0x32}, {0x33}, {0x34}, {0x35}},
		F32: {{0x2a}}, F64: {{0x2b}}, V128: {{0xfd, 0x00}, {0xfd, 0x01}, {0xfd, 0x07}, {0xfd, 0x08}, {0xfd, 0x09}, {0xfd, 0x0a}},
	}
	stores = map[byte][][]byte{
		I32: {{0x36}, {0x3a}, {0x3b}}, I64: {{0x37}, {0x3c}, {0x3d}, {0x3e}}, F32: {{0x38}}, F64: {{0x39}}, V128: {{0xfd, 0x0b}},
	}
)

// address is an i32 that mostly lies in memory.
func (g *random) address(depth int) []byte {
	if g.IntN(50) == 0 {
		return g.value(I32, depth)
	}
	return Cat(g.value(I32, depth), I32Const(0xffff), I32And)
}

func (g *random) offset() []byte { return Cat([]byte{0}, Uint(uint64(g.IntN(64)))) }

// value is code that leaves a value of a type.
func (g *random) value(t byte, depth int) []byte {
	g.size--
	if depth > 6 || g.size < 0 {
		return g.simple(t)
	}
	switch g.IntN(12) {
	case 0, 1:
		return g.simple(t)
	case 2:
		return Cat(g.address(depth+1), loads[t][g.IntN(len(loads[t]))], g.offset(), g.denan(t))
	case 3:
		return Cat(g.value(I32, depth+1), If(t), g.inFrame(t, depth), Else, g.inFrame(t, depth), End)
	case 4:
		return Cat(Block(t), g.inFrame(t, depth), End)
	case 5:
		if t != V128 {
			return Cat(g.value(t, depth+1), g.value(t, depth+1), g.value(I32, depth+1), Select)
		}
	case 6:
		if t != V128 {
			return g.call(t, depth)
		}
	case 7:
		if t == I32 {
			return Cat(I32Const(int32(g.IntN(2))), MemoryGrow)
		}
	}
	op := operations[t][g.IntN(len(operations[t]))]
	var code []byte
	for _, p := range op.params {
		code = append(code, g.value(p, depth+1)...)
	}
	return Cat(code, op.code, g.denan(t))
}

// simple is a constant or a variable.
func (g *random) simple(t byte) []byte {
	var choices [][]byte
	for _, l := range g.locals {
		if l.typ == t {
			choices = append(choices, LocalGet(l.index))
		}
	}
	for _, v := range g.globals {
		if v.typ == t {
			choices = append(choices, GlobalGet(v.index))
		}
	}
	if len(choices) == 0 || g.IntN(3) == 0 {
		return g.constant(t)
	}
	return choices[g.IntN(len(choices))]
}

// within makes code in a frame with that result, which was opened.
func (g *random) within(result byte, code func() []byte) []byte {
	g.labels = append(g.labels, result)
	defer func() { g.labels = g.labels[:len(g.labels)-1] }()
	return code()
}

// inFrame is statements and a value.
func (g *random) inFrame(t byte, depth int) []byte {
	return g.within(t, func() []byte { return Cat(g.statements(depth+1), g.value(t, depth+1)) })
}

// call calls a function of the module, through the table or not, or the host.
func (g *random) call(t byte, depth int) []byte {
	var choices []callee
	for _, f := range g.functions {
		if f.result == t {
			choices = append(choices, f)
		}
	}
	if !g.calls || len(choices) == 0 || g.IntN(3) == 0 {
		for i, of := range randomTypes {
			if of == t {
				return Cat(g.value(t, depth+1), Call(g.imports[i]), g.denan(t))
			}
		}
	}
	var code []byte
	for _, p := range randomTypes {
		code = append(code, g.value(p, depth+1)...)
	}
	f := choices[g.IntN(len(choices))]
	if g.IntN(3) > 0 {
		return Cat(code, Call(f.index))
	}
	return Cat(code, I32Const(int32(g.IntN(6))), CallIndirect(f.typ, 0)) // another type, or nothing, at times
}

// statements is code that leaves the stack as it was.
func (g *random) statements(depth int) (code []byte) {
	for range g.IntN(4) {
		if g.size < 0 {
			break
		}
		code = append(code, g.statement(depth)...)
	}
	return code
}

func (g *random) statement(depth int) []byte {
	g.size--
	switch g.IntN(10) {
	case 0, 1:
		l := g.locals[g.IntN(len(g.locals))]
		return Cat(g.value(l.typ, depth+1), LocalSet(l.index))
	case 2:
		v := g.globals[g.IntN(len(g.globals))]
		return Cat(g.value(v.typ, depth+1), GlobalSet(v.index))
	case 3, 4:
		t := append(randomTypes, V128)[g.IntN(len(randomTypes)+1)]
		return Cat(g.address(depth+1), g.value(t, depth+1), stores[t][g.IntN(len(stores[t]))], g.offset())
	case 5:
		return Cat(g.value(I32, depth+1), If(Empty), g.nested(depth), Else, g.nested(depth), End)
	case 6:
		again := func() []byte { return Cat(g.statements(depth+1), g.value(I32, depth+1)) }
		return Cat(Loop(Empty), g.within(Empty, again), I32Const(7), I32And, BrIf(0), End)
	case 7:
		for label := range g.labels {
			if back := len(g.labels) - 1 - label; g.labels[back] == Empty && g.IntN(2) == 0 {
				return Cat(g.value(I32, depth+1), BrIf(uint32(label)))
			}
		}
		result := func() []byte { return g.value(g.result, depth+1) }
		return Cat(g.value(I32, depth+1), I32Const(15), I32And, I32Eqz, If(Empty), g.within(Empty, result), Return, End)
	case 8:
		length := Cat(g.value(I32, depth+1), I32Const(0x1fff), I32And)
		if g.IntN(2) == 0 {
			return Cat(g.address(depth+1), g.value(I32, depth+1), length, MemoryFill)
		}
		return Cat(g.address(depth+1), g.address(depth+1), length, MemoryCopy)
	}
	t := g.anyType()
	return Cat(g.value(t, depth+1), Drop)
}

// nested is statements in a frame without a result.
func (g *random) nested(depth int) []byte {
	return g.within(Empty, func() []byte { return g.statements(depth + 1) })
}
