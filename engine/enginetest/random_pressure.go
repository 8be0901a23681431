package enginetest

import (
	"math/rand/v2"

	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// PressingModule makes a module of random code that is hard on a compiler's
// allocation of registers, from a seed: every operation takes what lies in locals,
// many locals live over calls, and calls want the same locals in registers of their
// choice. Its function "run" is like RandomModule's; all locals lie in memory at the
// end.
//
// NaNs do not matter: what may be one is made 0, by integers.
func PressingModule(seed uint64) []byte {
	p := &pressing{random: random{Rand: rand.New(rand.NewPCG(seed, 11))}}
	p.b.Memory(1, 1)
	p.b.ExportMemory()
	p.kinds = [][]byte{{I32, I64}, {F32}, {F64}, {V128}, {F32, F64}, {F64, V128}}[p.IntN(6)]
	for range 2 + p.IntN(4) {
		p.shuffler()
	}
	p.run()
	return p.b.Bytes()
}

// pressing makes such a module.
type pressing struct {
	random
	kinds     []byte // types that fill one kind of registers
	shufflers []shuffler
	taken     []variable // by the latest operation
	counter   uint32     // of a loop
	vectors   uint32     // scratch
}

// shuffler is a function that returns one of its parameters.
type shuffler struct {
	index  uint32
	params []byte
	result byte
}

// anyOf is a type: mostly one of the few that this module is about.
func (p *pressing) anyOf() byte {
	if p.IntN(10) == 0 {
		return []byte{I32, I64, F32, F64, V128}[p.IntN(5)]
	}
	return p.kinds[p.IntN(len(p.kinds))]
}

func (p *pressing) shuffler() {
	s := shuffler{}
	for range 1 + p.IntN(4) {
		s.params = append(s.params, p.anyOf())
	}
	chosen := p.IntN(len(s.params))
	s.result = s.params[chosen]
	s.index = p.b.Func(p.b.Type(s.params, Types{s.result}), nil, LocalGet(uint32(chosen)))
	p.shufflers = append(p.shufflers, s)
}

func (p *pressing) run() {
	for i, t := range randomTypes {
		p.locals = append(p.locals, variable{uint32(i), t})
	}
	var own Types
	add := func(t byte) uint32 {
		own = append(own, t)
		return uint32(len(randomTypes) + len(own) - 1)
	}
	for range 4 + p.IntN(24) {
		t := p.anyOf()
		p.locals = append(p.locals, variable{add(t), t})
	}
	p.scratch = map[byte]uint32{F32: add(F32), F64: add(F64)}
	p.counter, p.vectors = add(I32), add(V128)
	var body []byte
	for _, l := range p.locals[len(randomTypes):] {
		body = append(body, Cat(p.constant(l.typ), LocalSet(l.index))...)
	}
	for range 5 + p.IntN(30) {
		body = append(body, p.step(2)...)
	}
	for i, l := range p.locals {
		body = append(body, Cat(I32Const(int32(1024+16*i)), LocalGet(l.index), stores[l.typ][0], Raw(0, 0))...)
	}
	index := p.b.Func(p.b.Type(Types(randomTypes), Types{I64}), own, body, LocalGet(1))
	p.b.ExportFunc("run", index)
}

// step is a statement.
func (p *pressing) step(depth int) []byte {
	l := p.locals[p.IntN(len(p.locals))]
	steps := func() (code []byte) {
		for range 1 + p.IntN(6) {
			code = append(code, p.step(depth-1)...)
		}
		return code
	}
	switch n := p.IntN(20); {
	case n < 5:
		return p.shuffle(nil)
	case n == 5 && depth > 0:
		return Cat(p.operand(I32), If(Empty), steps(), Else, steps(), End)
	case n == 6 && depth == 2:
		return Cat(p.once(), Loop(Empty), steps(), p.count(), I32Const(2), I32LtU, BrIf(0), End)
	case n == 8 && depth == 2: // its end wants values where they are at its beginning
		return Cat(p.once(), Block(Empty), Loop(Empty), p.shuffle(nil), p.count(), I32Const(2), Raw(0x4b), BrIf(1), steps(), Br(0), End, End)
	case n == 7:
		return Cat(I32Const(int32(p.IntN(60)*16)), p.operand(l.typ), stores[l.typ][0], Raw(0, 0))
	}
	return p.between(l)
}

// once and count are of the loop around: how often it was begun.
func (p *pressing) once() []byte { return Cat(I32Const(0), LocalSet(p.counter)) }
func (p *pressing) count() []byte {
	return Cat(LocalGet(p.counter), I32Const(1), I32Add, LocalTee(p.counter))
}

// between is an operation between two calls: what it takes lives over the first, and
// is wanted in certain registers by the second. No later call in that block wants
// them elsewhere.
func (p *pressing) between(l variable) []byte {
	var first []byte
	if p.IntN(4) > 0 {
		first = p.shuffle(nil)
	}
	p.taken = nil
	operation := p.operate(l.typ, 1)
	return Cat(first, operation, LocalSet(l.index), Block(Empty), p.shuffle(p.taken), p.operand(I32), BrIf(0), End)
}

// shuffle calls a shuffler, with some of those locals if it takes such.
func (p *pressing) shuffle(wanted []variable) (code []byte) {
	s := p.shufflers[p.IntN(len(p.shufflers))]
	for _, t := range s.params {
		argument := p.operand(t)
		for _, v := range wanted {
			if v.typ == t && p.IntN(2) == 0 {
				argument = LocalGet(v.index)
			}
		}
		code = append(code, argument...)
	}
	code = append(code, Call(s.index)...)
	if to, ok := p.local(s.result); ok {
		return Cat(code, LocalSet(to))
	}
	return Cat(code, Drop)
}

// local is one of a type.
func (p *pressing) local(t byte) (index uint32, ok bool) {
	seen := 0
	for _, l := range p.locals {
		if l.typ == t {
			if seen++; p.IntN(seen) == 0 {
				index, ok = l.index, true
			}
		}
	}
	return index, ok
}

// operand is a local, if there is one of that type.
func (p *pressing) operand(t byte) []byte {
	if index, ok := p.local(t); ok && p.IntN(12) > 0 {
		p.taken = append(p.taken, variable{index, t})
		return LocalGet(index)
	}
	return p.constant(t)
}

// operate applies an operation.
func (p *pressing) operate(t byte, depth int) []byte {
	list := pressed[t]
	if p.IntN(2) == 0 {
		list = compound[t]
	}
	op := list[p.IntN(len(list))]
	var code []byte
	for _, of := range op.params {
		if depth > 0 && p.IntN(5) == 0 {
			code = append(code, p.operate(of, depth-1)...)
		} else {
			code = append(code, p.operand(of)...)
		}
	}
	return Cat(code, op.code, p.zeroNaN(t, op))
}

// pressed is all operations that cannot trap.
var pressed = func() map[byte][]operation {
	all := map[byte][]operation{}
	for t, list := range operations {
		for _, op := range list {
			if n := op.code[0]; len(op.code) == 1 && (n >= 0x6d && n <= 0x70 || n >= 0x7f && n <= 0x82 || n >= 0xa8 && n <= 0xab || n >= 0xae && n <= 0xb1) {
				continue // division and conversion trap
			}
			all[t] = append(all[t], op)
		}
		all[t] = append(all[t], operation{Raw(0x1c, 1, t), []byte{t, t, I32}}, operation{Raw(0x1c, 1, t), []byte{t, t, I32}})
	}
	nonZero := func(first byte, t byte, or []byte) {
		for i := range byte(4) {
			one := Cat(or, Raw(first+i))
			all[t] = append(all[t], operation{one, []byte{t, t}}, operation{one, []byte{t, t}})
		}
	}
	nonZero(0x6d, I32, Cat(I32Const(0x7ff), I32And, I32Const(1), I32Or))
	nonZero(0x7f, I64, Cat(I64Const(0x7ff), Raw(0x83), I64Const(1), I64Or))
	all[V128] = append(all[V128], joined(
		vector([]byte{V128, V128}, joined(until(0x41, 0x4c), until(0xe4, 0xeb), until(0xf0, 0xf7))...),
		vector([]byte{V128}, joined([]uint32{0x5e, 0x5f, 0xe0, 0xe1, 0xe3, 0xec, 0xed, 0xef}, until(0xf8, 0xff), []uint32{0x67, 0x68, 0x69, 0x6a, 0x74, 0x75, 0x7a, 0x94})...),
		vector([]byte{F32}, 0x13), vector([]byte{F64}, 0x14),
		[]operation{
			{Raw(0xfd, 0x17, 3), []byte{V128, I32}}, {Raw(0xfd, 0x1a, 2), []byte{V128, I32}}, {Raw(0xfd, 0x1c, 1), []byte{V128, I32}},
			{Raw(0xfd, 0x1e, 0), []byte{V128, I64}}, {Raw(0xfd, 0x1e, 1), []byte{V128, I64}},
			{Raw(0xfd, 0x20, 0), []byte{V128, F32}}, {Raw(0xfd, 0x20, 3), []byte{V128, F32}},
			{Raw(0xfd, 0x22, 0), []byte{V128, F64}}, {Raw(0xfd, 0x22, 1), []byte{V128, F64}},
			{Raw(0xfd, 0x0d, 0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31), []byte{V128, V128}},
		})...)
	all[F32] = append(all[F32], operation{Raw(0xfd, 0x1f, 0), []byte{V128}}, operation{Raw(0xfd, 0x1f, 2), []byte{V128}})
	all[F64] = append(all[F64], operation{Raw(0xfd, 0x21, 0), []byte{V128}}, operation{Raw(0xfd, 0x21, 1), []byte{V128}})
	return all
}()

// compound is those of which compilers make several instructions.
var compound = func() map[byte][]operation {
	all := map[byte][]operation{}
	for t, list := range pressed {
		for _, op := range list {
			n := op.code[0]
			if len(op.params) < 2 || n != 0xfd && n >= 0x46 && (n <= 0x6c || n >= 0x7c && n <= 0x7e || n >= 0x92 && n <= 0x95 || n >= 0xa0 && n <= 0xa3) {
				continue
			}
			if n == 0xfd && len(op.code) == 2 && op.code[1] != 0x52 && op.code[1] != 0x0e {
				continue
			}
			all[t] = append(all[t], op)
		}
	}
	all[V128] = append(all[V128], vector([]byte{V128}, 0xff, 0xfe, 0xfc, 0xfd)...)
	return all
}()

// zeroNaN makes what may be a NaN 0.
func (p *pressing) zeroNaN(t byte, op operation) []byte {
	local := p.scratch[t]
	switch t {
	case F32:
		return Cat(LocalTee(local), Raw(0xbc), I32Const(0), LocalGet(local), LocalGet(local), Raw(0x5b), I32Sub, I32And, Raw(0xbe))
	case F64:
		return Cat(LocalTee(local), Raw(0xbd), I64Const(0), LocalGet(local), LocalGet(local), Raw(0x61, 0xad), I64Sub, Raw(0x83), Raw(0xbf))
	case V128:
		floats := Raw(0xfd, 0x41) // f32x4.eq
		switch n := op.code[1]; {
		case len(op.code) < 2 || op.code[0] != 0xfd:
			return nil
		case n == 0x5f, n == 0x74, n == 0x75, n == 0x7a, n == 0x94 && op.code[2] == 1, n == 0xec, n == 0xed, n >= 0xef && n <= 0xf7:
			floats = Raw(0xfd, 0x47) // f64x2.eq
		case n == 0x5e, n >= 0x67 && n <= 0x6a, n >= 0xe0 && n <= 0xeb:
		default:
			return nil
		}
		return Cat(LocalTee(p.vectors), LocalGet(p.vectors), LocalGet(p.vectors), floats, Raw(0xfd, 0x4e))
	}
	return nil
}
