package meter

import (
	"bytes"
	"math/rand/v2"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// program makes random modules of structured code that ends: every way back is
// guarded by a global that counts down, and so is every call that may come back.
// Some trap, in the middle of anything.
//
// Their functions "run" and "memory" are exported.
type program struct {
	*rand.Rand
	b     wb.Builder
	steps uint32   // the global that counts down
	size  int      // statements that may still be made in this function
	loops []bool   // by label, innermost last: whether it is a loop
	catch int      // how many try_table are around
	calls []uint32 // functions that may be called
	quiet int      // loops around that call nothing
	traps bool     // it may trap

	// recursive: functions call each other, as deep as there are steps. Then none
	// handles exceptions, which takes much of the stack.
	recursive bool
}

const (
	programLocals    = 4
	programFunctions = 4
	programImports   = 1

	wideType  = 2 // of so many i32, to as many
	wideCount = 20
)

func newProgram(seed uint64) []byte {
	p := &program{Rand: rand.New(rand.NewPCG(seed, 1))}
	run := p.b.Type(wb.Types{wb.I32}, wb.Types{wb.I32})
	nothing := p.b.Type(nil, nil)
	p.b.Type(types(wideCount, wb.I32), types(wideCount, wb.I32))
	p.b.ImportFunc("env", "mix", run)
	p.b.Memory(20, 40)
	p.b.ExportMemory()
	p.b.Tag(nothing)
	p.b.Table(wb.FuncRef, programFunctions, wb.NoMax)
	p.b.PassiveData([]byte("a passive segment of some bytes, for memory.init"))
	p.traps, p.recursive = p.IntN(2) == 0, p.IntN(2) == 0
	p.steps = p.b.Global(wb.I32, true, wb.I32Const(int32(20+p.IntN(200))))
	for i := range uint32(programFunctions) {
		p.calls = []uint32{0}
		first := i + 1
		if p.recursive {
			first = 0
		}
		for f := first; f < programFunctions; f++ {
			p.calls = append(p.calls, f+programImports)
		}
		p.size, p.loops, p.catch, p.quiet = 8+p.IntN(40), nil, 0, 0
		body := p.statements(0)
		locals := make(wb.Types, programLocals-1+p.IntN(200))
		for i := range locals {
			locals[i] = wb.I32
		}
		p.b.Func(run, locals, body, wb.LocalGet(p.local()))
	}
	p.b.ExportFunc("run", programImports)
	p.b.Elem(0, 1, 2, 3, 4)
	return p.b.Bytes()
}

func (p *program) local() uint32 { return uint32(p.IntN(programLocals)) }

// value is an expression.
func (p *program) value(depth int) []byte {
	if depth > 2 || p.IntN(3) == 0 {
		if p.IntN(2) == 0 {
			return wb.I32Const(int32(p.IntN(64)) - 16)
		}
		return wb.LocalGet(p.local())
	}
	switch p.IntN(6) {
	case 0:
		return wb.Cat(p.value(depth+1), wb.I32Const(0xffff), wb.I32And, wb.I32Load(uint32(p.IntN(100))))
	case 1:
		return wb.Cat(p.value(depth+1), wb.I32Const(3), wb.I32Or, wb.I32Const(7), wb.I32And, p.value(depth+1), wb.I32Add)
	case 2:
		return wb.Cat(p.value(depth+1), wb.I32Const(7), wb.I32DivU)
	case 3:
		return wb.Cat(p.value(depth+1), p.value(depth+1), wb.I32LtU)
	case 4:
		return wb.Cat(p.value(depth+1), wb.If(wb.I32), p.value(depth+1), wb.Else, p.value(depth+1), wb.End)
	}
	return wb.Cat(p.value(depth+1), p.value(depth+1), wb.I32Sub)
}

// statements is code that leaves the stack as it was.
func (p *program) statements(depth int) []byte {
	var out []byte
	for range 1 + p.IntN(6) {
		if p.size--; p.size < 0 {
			break
		}
		out = append(out, p.statement(depth)...)
	}
	return out
}

// inside is statements in a frame of their own.
func (p *program) inside(depth int, loop bool, open []byte) []byte {
	p.loops = append(p.loops, loop)
	body := p.statements(depth + 1)
	p.loops = p.loops[:len(p.loops)-1]
	return wb.Cat(open, body)
}

// down leaves on the stack whether there are steps left, and takes one.
func (p *program) down() []byte {
	return wb.Cat(wb.GlobalGet(p.steps), wb.I32Const(1), wb.I32Sub, wb.GlobalSet(p.steps),
		wb.GlobalGet(p.steps), wb.I32Const(0), wb.I32GtS)
}

// label is one that may be branched to; if it is a loop's, the branch needs a
// step.
func (p *program) label() (uint32, bool) {
	l := p.IntN(len(p.loops) + 1)
	return uint32(l), l < len(p.loops) && p.loops[len(p.loops)-1-l]
}

func (p *program) statement(depth int) []byte {
	kind := p.IntN(20)
	if depth > 6 && kind < 5 {
		kind = 15
	}
	switch kind {
	case 16, 17:
		return p.quietLoop(depth)
	case 18:
		return p.trap()
	case 19:
		return p.wide()
	case 0:
		return wb.Cat(p.inside(depth, false, wb.Block(wb.Empty)), wb.End)
	case 1:
		return wb.Cat(p.value(0), p.inside(depth, false, wb.If(wb.Empty)), wb.End)
	case 2:
		return wb.Cat(p.value(0), p.inside(depth, false, wb.If(wb.Empty)), p.inside(depth, false, wb.Else), wb.End)
	case 3:
		return wb.Cat(p.inside(depth, true, wb.Loop(wb.Empty)), p.value(0), p.down(), wb.I32And, wb.BrIf(0), wb.End)
	case 4:
		return p.catching(depth)
	case 5, 6, 7:
		return p.branch()
	case 8:
		return p.call()
	case 9:
		return p.bulk()
	case 10:
		if p.catch > 0 {
			return wb.Cat(p.value(0), wb.If(wb.Empty), wb.Throw(0), wb.End)
		}
		return wb.Nop
	case 11:
		return wb.Cat(p.value(0), wb.I32Const(0xffff), wb.I32And, p.value(0), wb.I32Store(uint32(p.IntN(64))))
	}
	return wb.Cat(p.value(0), wb.LocalSet(p.local()))
}

// catching is a try_table whose clause branches out of it, to a block around
// it or further.
func (p *program) catching(depth int) []byte {
	if p.recursive {
		return wb.Nop
	}
	p.loops = append(p.loops, false)
	out := 0
	for range p.IntN(3) {
		if l, back := p.label(); !back && int(l) < len(p.loops) {
			out = int(l)
		}
	}
	p.catch++
	body := p.inside(depth, false, wb.Cat(wb.Raw(0x1f, wb.Empty, 1, 2), wb.Uint(uint64(out))))
	p.catch--
	after := p.statements(depth + 1)
	p.loops = p.loops[:len(p.loops)-1]
	return wb.Cat(wb.Block(wb.Empty), body, wb.End, after, wb.End)
}

// quietLoop is a loop that calls nothing, if it is not inside of one that does,
// and may carry a value around.
func (p *program) quietLoop(depth int) []byte {
	if depth > 6 {
		return wb.Nop
	}
	p.quiet++
	defer func() { p.quiet-- }()
	if p.IntN(4) > 0 {
		return wb.Cat(p.inside(depth, true, wb.Loop(wb.Empty)), p.down(), wb.BrIf(0), wb.End)
	}
	// Of the type of function 0, (i32) -> (i32). Branches inside carry nothing,
	// and so go no further than the block.
	outer := p.loops
	p.loops = nil
	body := wb.Cat(wb.Block(wb.Empty), p.simple(), wb.End)
	p.loops = outer
	return wb.Cat(p.value(0), wb.Raw(0x03, 0), wb.LocalSet(p.local()), body, p.value(0), p.down(), wb.BrIf(0), wb.End, wb.LocalSet(p.local()))
}

// simple is a few statements without control.
func (p *program) simple() []byte {
	var out []byte
	for range 1 + p.IntN(4) {
		out = append(out, wb.Cat(p.value(0), wb.LocalSet(p.local()))...)
	}
	return out
}

// wide carries many values into a frame, around, and out of it.
func (p *program) wide() []byte {
	var in []byte
	for range wideCount {
		in = append(in, wb.LocalGet(p.local())...)
	}
	out := bytes.Repeat(wb.LocalSet(p.local()), wideCount)
	switch p.IntN(3) {
	case 0:
		return wb.Cat(in, wb.Raw(0x02, wideType), p.simple(), p.value(0), wb.BrIf(0), p.simple(), wb.End, out)
	case 1:
		return wb.Cat(in, wb.Raw(0x03, wideType), p.simple(), p.down(), wb.BrIf(0), wb.End, out)
	}
	return wb.Cat(in, p.value(0), wb.Raw(0x04, wideType), p.value(0), wb.BrTable(0, 0), wb.Else, p.simple(), wb.End, out)
}

// trap is an operation that traps now and then.
func (p *program) trap() []byte {
	if !p.traps {
		return wb.Nop
	}
	rarely := wb.Cat(p.value(1), wb.I32Const(15), wb.I32And)
	switch p.IntN(4) {
	case 0:
		return wb.Cat(wb.I32Const(1), rarely, wb.I32DivU, wb.LocalSet(p.local()))
	case 1:
		return wb.Cat(rarely, wb.I32Eqz, wb.If(wb.Empty), wb.Unreachable, wb.End)
	case 2:
		return wb.Cat(rarely, wb.I32Eqz, wb.I32Const(16), wb.I32Shl, wb.I32Const(16), wb.I32Mul, wb.I32Load(0xffff0000), wb.Drop)
	}
	return wb.Cat(wb.I32Const(1<<20), wb.I32Const(0), rarely, wb.I32Eqz, wb.I32Const(20), wb.I32Shl, wb.MemoryFill)
}

func (p *program) branch() []byte {
	l, back := p.label()
	returns := int(l) == len(p.loops) // the function, which has a result
	var condition []byte
	if back {
		condition = wb.Cat(p.value(0), p.down(), wb.I32And)
	} else {
		condition = p.value(0)
	}
	switch {
	case returns && p.IntN(2) == 0:
		return wb.Cat(p.value(0), condition, wb.BrIf(l), wb.Drop)
	case returns && p.IntN(3) == 0 && len(p.calls) > 1:
		return wb.Cat(condition, p.down(), wb.I32And, wb.If(wb.Empty), p.value(0), wb.ReturnCall(p.calls[1+p.IntN(len(p.calls)-1)]), wb.End)
	case returns:
		return wb.Cat(condition, wb.If(wb.Empty), p.value(0), wb.Return, wb.End)
	case back || p.IntN(3) > 0:
		return wb.Cat(condition, wb.BrIf(l))
	case p.IntN(2) == 0:
		return wb.Cat(condition, wb.If(wb.Empty), wb.Br(l+1), p.value(0), wb.Drop, wb.End)
	case p.IntN(2) == 0:
		return wb.Br(l) // and what follows is not reached
	}
	forward := []uint32{l}
	for range 3 {
		if l, back := p.label(); !back && int(l) < len(p.loops) {
			forward = append(forward, l)
		}
	}
	return wb.Cat(p.value(0), wb.BrTable(forward[0], forward[1:]...))
}

// call calls a function while there are steps. None throws.
func (p *program) call() []byte {
	if p.quiet > 0 {
		return wb.Nop
	}
	f := p.calls[p.IntN(len(p.calls))]
	call := wb.Call(f)
	if f != 0 && p.IntN(2) == 0 {
		call = wb.Cat(wb.I32Const(int32(f-programImports)), wb.CallIndirect(0, 0))
	}
	return wb.Cat(p.down(), wb.If(wb.Empty), p.value(0), call, wb.LocalSet(p.local()), wb.End)
}

func (p *program) bulk() []byte {
	if p.quiet > 0 && p.IntN(4) > 0 {
		return wb.Nop
	}
	at := func(most int32) []byte { return wb.Cat(p.value(0), wb.I32Const(most), wb.I32And) }
	switch p.IntN(5) {
	case 0:
		return wb.Cat(at(0xffff), p.value(0), at(0x1fff), wb.MemoryFill)
	case 1:
		return wb.Cat(at(0xffff), at(0xffff), at(0x1fff), wb.MemoryCopy)
	case 2:
		return wb.Cat(at(0xffff), at(7), at(15), wb.MemoryInit(0))
	case 3:
		return wb.Cat(at(3), wb.MemoryGrow, wb.LocalSet(p.local()))
	}
	// Long enough for pieces, now and then.
	return wb.Cat(p.down(), wb.If(wb.Empty), at(15), at(15), wb.I32Const(piece+int32(p.IntN(200_000))), wb.MemoryCopy, wb.End)
}
