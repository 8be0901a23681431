package enginetest

import (
	"math/rand/v2"
	"strconv"

	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// program is a module of random functions that change what an instance has.
//
// It exports "run0", "run1", … and "end0", …, each (i32 i64) -> (), and "global0",
// …, which answer the bits of a global. The latter end before their time. It imports what proofHost offers.
type program struct {
	random  *rand.Rand
	b       *Builder
	pages   int32
	globals []byte // types
	callees []uint32
	recurse uint32
	hosts   map[string]uint32
}

// runs is how many functions run… there are, and ends how many end….
const runs, ends = 4, 9

// randomProgram makes one.
func randomProgram(r *rand.Rand) *program {
	p := &program{random: r, b: new(Builder), pages: 1 + r.Int32N(12), hosts: make(map[string]uint32)}
	b := p.b
	nothing := b.Type(nil, nil)
	for _, name := range proofCalls {
		p.hosts[name] = b.ImportFunc("env", name, nothing)
	}
	b.Memory(int64(p.pages), int64(p.pages)+r.Int64N(30))
	b.ExportMemory()
	for range r.IntN(5) {
		data := make([]byte, 1+r.IntN(9000))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		b.Data(r.Int32N(p.pages*page-9000), data)
	}
	for range 1 + r.IntN(6) {
		p.addGlobal()
	}
	p.recurse = b.Func(b.Type(Types{I32}, nil), nil,
		LocalGet(0), If(Empty), p.store(), LocalGet(0), I32Const(1), I32Sub, Call(p.nextFunc()), End)
	run := b.Type(Types{I32, I64}, nil)
	for i := range runs {
		f := b.Func(run, nil, p.block(3))
		b.ExportFunc("run"+strconv.Itoa(i), f)
		p.callees = append(p.callees, f)
	}
	for i, end := range p.ends() {
		b.ExportFunc("end"+strconv.Itoa(i), b.Func(run, nil, p.block(2), p.store(), end))
	}
	return p
}

// nextFunc is the index of the function that is being made: imports come first.
func (p *program) nextFunc() uint32 { return uint32(len(p.hosts) + len(p.globals)) }

// addGlobal adds a mutable global and the function that answers its bits.
func (p *program) addGlobal() {
	r, b, i := p.random, p.b, uint32(len(p.globals))
	typ := []byte{I32, I64, F32, F64}[r.IntN(4)]
	p.globals = append(p.globals, typ)
	bits := GlobalGet(b.Global(typ, true, p.constant(typ)))
	switch typ {
	case I32:
		bits = Cat(bits, I64ExtendU)
	case F32:
		bits = Cat(bits, Raw(0xbc), I64ExtendU) // i32.reinterpret_f32
	case F64:
		bits = Cat(bits, Raw(0xbd)) // i64.reinterpret_f64
	}
	b.ExportFunc("global"+strconv.Itoa(int(i)), b.Func(b.Type(nil, Types{I64}), nil, bits))
}

func (p *program) constant(typ byte) []byte {
	r := p.random
	switch typ {
	case I32:
		return I32Const(int32(r.Uint32()))
	case I64:
		return I64Const(int64(r.Uint64()))
	case F32:
		return F32Const(r.Float32() * 1000)
	}
	return F64Const(r.Float64() * 1000)
}

// address is mostly inside of memory, near a border of pages, or where the first
// parameter says.
func (p *program) address() []byte {
	r := p.random
	switch r.IntN(8) {
	case 0:
		return Cat(LocalGet(0), I32Const(page-1), I32And)
	case 1:
		return I32Const((1+r.Int32N(16*p.pages-1))<<12 - r.Int32N(8)) // may cross
	case 2:
		return I32Const(r.Int32N(p.pages+4) * page) // may lie in what is grown
	}
	return I32Const(r.Int32N(p.pages*page - 8))
}

func (p *program) store() []byte {
	if p.random.IntN(3) == 0 {
		return Cat(p.address(), p.constant(I64), I64Store(0))
	}
	return Cat(p.address(), p.constant(I32), I32Store8(0))
}

// block is a few statements.
func (p *program) block(depth int) (code []byte) {
	for range 1 + p.random.IntN(6) {
		code = append(code, p.statement(depth)...)
	}
	return code
}

func (p *program) statement(depth int) []byte {
	r := p.random
	switch r.IntN(24) {
	case 0, 1:
		i := r.IntN(len(p.globals))
		return Cat(p.constant(p.globals[i]), GlobalSet(uint32(i)))
	case 2:
		at := r.Int32N(p.pages * page)
		return Cat(I32Const(at), I32Const(r.Int32N(256)), I32Const(r.Int32N(min(p.pages*page-at, 200_000))), MemoryFill)
	case 3:
		n := r.Int32N(page)
		return Cat(I32Const(r.Int32N(p.pages*page-n)), I32Const(r.Int32N(p.pages*page-n)), I32Const(n), MemoryCopy)
	case 4:
		return Cat(I32Const(r.Int32N(5)), MemoryGrow, Drop)
	case 5, 6:
		if depth > 0 {
			return Cat(LocalGet(0), I32Const(1<<r.Int32N(8)), I32And, If(Empty), p.block(depth-1), Else, p.block(depth-1), End)
		}
	case 7:
		// A byte in every page from the first parameter on.
		return Cat(LocalGet(0), I32Const(0xf000), I32And, I32Const(r.Int32()), I32Store8(0),
			Loop(Empty), LocalGet(0), I32Const(page-1), I32And, LocalGet(0), I32Store8(0),
			LocalGet(0), I32Const(4096+r.Int32N(9)), I32Add, LocalTee(0), I32Const(page-1), I32And, I32Const(1<<13), I32GtU, BrIf(0), End)
	case 8:
		if len(p.callees) > 0 {
			return Cat(LocalGet(0), LocalGet(1), Call(p.callees[r.IntN(len(p.callees))]))
		}
	case 9:
		return Cat(I32Const(r.Int32N(100)), Call(p.recurse))
	case 10, 11:
		return Call(p.hosts["wait"])
	case 12, 13:
		return Call(p.hosts["poke"])
	case 14:
		return p.end()
	}
	return p.store()
}

// end is a statement that ends the event before its time, in one event of many.
func (p *program) end() []byte {
	ends := p.ends()
	return Cat(LocalGet(1), I64Const(31), Raw(0x83), I64Eqz, If(Empty), ends[p.random.IntN(len(ends))], End)
}

// ends are all the ways in which an event ends before its time.
func (p *program) ends() [][]byte {
	return [][]byte{
		Unreachable,
		Cat(I32Const(1), I32Const(0), I32DivU, Drop),
		Cat(I32Const(-1), I32Load(0), Drop),
		Cat(I32Const(1<<30), Call(p.recurse)), // overflows the stack
		Call(p.hosts["stop"]),
		Call(p.hosts["panic"]),
		Cat(Call(p.hosts["cancel"]), Loop(Empty), p.store(), Br(0), End), // the context ends it
		Cat(Loop(Empty), p.store(), Br(0), End),                          // out of fuel
		Return,
	}
}
