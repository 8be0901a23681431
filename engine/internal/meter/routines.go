package meter

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// Names of what is added. Read refuses modules that use them, and with that
// modules that have been rewritten already.
const (
	ImportModule = "__meter"
	ImportName   = "refill"
	OverflowName = "overflow"
	Global       = "__lambent_fuel"
	StackGlobal  = "__lambent_stack"
)

// piece is how many bytes one operation fills or copies at most: it is not
// interruptible, and takes milliseconds when it touches new pages.
const piece = 1 << 20

var (
	toNothing = wasm.FuncType{}
	pays      = wasm.FuncType{Params: []byte{typeI64}}
	passes    = wasm.FuncType{Params: []byte{typeI32}, Results: []byte{typeI32}}
	moves     = wasm.FuncType{Params: []byte{typeI32, typeI32, typeI32}}
)

// routines are the functions that are added to a module.
type routines struct {
	w                *wasm.Rewriter
	mutable          int    // globals of the original module
	global           uint32 // what is left of the fuel
	stack            uint32 // the global that says what is left of the stack
	refill, overflow uint32

	slow  uint32 // asks for more of the fuel, or ends the guest if the stack is used up
	enter uint32 // (i64): takes a frame of so many bytes
	exit  uint32 // (i64): gives it back
	pay   uint32 // (i64): charges and asks if nothing is left
	bulk  uint32 // (i32) -> (i32): charges for so many bytes or elements
	pages uint32 // (i32) -> (i32): charges for so many pages

	fill, copy uint32            // in place of the operation where it is long: in pieces
	init       map[uint32]uint32 // by data segment, where one piece is not enough

	savedGlobals map[savedGlobal]uint32
}

func newRoutines(w *wasm.Rewriter) *routines {
	r := &routines{w: w, init: map[uint32]uint32{}, savedGlobals: map[savedGlobal]uint32{}}
	for _, g := range w.Module().Globals {
		if g.Mutable {
			r.mutable++
		}
	}
	r.refill = w.Import(ImportModule, ImportName, wasm.FuncType{Params: []byte{typeI64}, Results: []byte{typeI64}})
	r.overflow = w.Import(ImportModule, OverflowName, toNothing)
	r.global = w.Global(wasm.Global{Type: typeI64, Mutable: true}, code{}.i64(0))
	w.Export(Global, wasm.KindGlobal, r.global)
	r.stack = w.Global(wasm.Global{Type: typeI64, Mutable: true}, code{}.i64(stackLimit(w.Module())))
	w.Export(StackGlobal, wasm.KindGlobal, r.stack)

	r.slow = r.function(toNothing, code{}.
		with(opGlobalGet, r.stack).i64(0).op(opI64LtS, opIf, empty).with(opCall, r.overflow).op(opUnreachable, opEnd).
		with(opGlobalGet, r.global).with(opCall, r.refill).with(opGlobalSet, r.global))
	r.enter = r.function(pays, code{}.
		with(opGlobalGet, r.stack).get(0).op(opI64Sub).with(opGlobalSet, r.stack).
		with(opGlobalGet, r.stack).i64(0).op(opI64LtS, opIf, empty).with(opCall, r.slow).op(opEnd))
	r.exit = r.function(pays, code{}.with(opGlobalGet, r.stack).get(0).op(opI64Add).with(opGlobalSet, r.stack))
	r.pay = r.function(pays, r.check(code{}.get(0)))
	r.bulk = r.function(passes, r.charge(code{}, 0).get(0))
	r.pages = r.function(passes, r.check(grown()).get(0))
	if len(w.Module().Memories) > 0 {
		r.fill = r.function(moves, r.filling())
		r.copy = r.function(moves, r.copying())
	}
	return r
}

// function adds a function without locals.
func (r *routines) function(t wasm.FuncType, body code) uint32 {
	return r.w.Function(t, append(append([]byte{0}, body...), opEnd))
}

// grown leaves on the stack what memory.grow is charged for as many pages as
// local 0 says: no more than for the pages that a memory can have, which it
// fails to grow by in no time.
func grown() code {
	return code{}.get(0).i32(wasm.MaxPages).get(0).i32(wasm.MaxPages).op(opI32LtU, opSelect, opI64Extend).
		i64(costPage).op(opI64Mul)
}

// check charges what amount, code for an i64, leaves on the stack.
func (r *routines) check(amount code) code {
	c := code{}.with(opGlobalGet, r.global)
	c = append(c, amount...).op(opI64Sub).with(opGlobalSet, r.global)
	return c.with(opGlobalGet, r.global).i64(0).op(opI64LtS, opIf, empty).with(opCall, r.slow).op(opEnd)
}

// charge charges for as many bytes as a local says.
func (r *routines) charge(c code, local uint32) code {
	return append(c, r.check(code{}.get(local).op(opI64Extend).i64(bytesShift).op(opI64ShrU))...)
}

// Parameters of the functions that move bytes. source is the byte to fill with
// in fill.
const (
	to uint32 = iota
	source
	length
)

// fits leaves on the stack whether length exceeds one piece and all that is
// written lies within the memory. Only then is it done in pieces: the whole
// operation traps, if it does, before it writes.
func (r *routines) fits() code {
	return code{}.get(length).i32(piece).op(opI32GtU).op(inMemory(to)...).op(opI32And)
}

// inMemory leaves on the stack whether [start, start + length) is in memory.
func inMemory(start uint32) code {
	return code{}.get(start).op(opI64Extend).get(length).op(opI64Extend, opI64Add).
		op(opPages, 0, opI64Extend).i64(16).op(opI64Shl, opI64LeU)
}

// payPiece charges for one piece and asks in any case: a piece takes as long as a
// host wants to wait.
func (r *routines) payPiece() code {
	return code{}.with(opGlobalGet, r.global).i64(piece>>bytesShift).op(opI64Sub).with(opGlobalSet, r.global).
		with(opCall, r.slow)
}

// pieces repeats one, which moves a piece, until length is within a piece.
// Before it, condition says whether that is to be done at all.
func (r *routines) pieces(condition, one code) code {
	c := append(code{}, condition...).op(opIf, empty, opLoop, empty)
	c = append(c, r.payPiece()...)
	c = append(c, one...)
	return c.get(length).i32(piece).op(opI32GtU).with(opBrIf, 0).op(opEnd, opEnd)
}

// advance adds a piece to a local, or takes it away.
func advance(local uint32, by int32) code {
	return code{}.get(local).i32(by).op(opI32Add).with(opLocalSet, local)
}

func (r *routines) filling() code {
	operation := code{0xfc, 0x0b, 0}
	one := code{}.get(to, source).i32(piece).op(operation...).
		op(advance(to, piece)...).op(advance(length, -piece)...)
	return r.charge(r.pieces(r.fits(), one), length).get(to, source, length).op(operation...)
}

// copying copies from the end if it copies upwards, like the operation itself:
// the two places may overlap.
func (r *routines) copying() code {
	operation := code{0xfc, 0x0a, 0, 0}
	up := code{}.get(to, source).i32(piece).op(operation...).
		op(advance(to, piece)...).op(advance(source, piece)...).op(advance(length, -piece)...)
	down := advance(length, -piece).get(to, length).op(opI32Add).get(source, length).op(opI32Add).
		i32(piece).op(operation...)
	one := code{}.get(source, to).op(opI32GeU, opIf, empty).op(up...).op(opElse).op(down...).op(opEnd)
	condition := r.fits().op(inMemory(source)...).op(opI32And)
	return r.charge(r.pieces(condition, one), length).get(to, source, length).op(operation...)
}

// initializing returns the function that stands for memory.init of a segment,
// if that may exceed one piece. A segment that has been dropped is empty: its
// first piece traps.
func (r *routines) initializing(segment uint32) (uint32, bool) {
	size := r.w.Module().DataSizes[segment]
	if size <= piece {
		return 0, false
	}
	if f, ok := r.init[segment]; ok {
		return f, true
	}
	operation := append(code(binary.AppendUvarint([]byte{0xfc, 0x08}, uint64(segment))), 0)
	one := code{}.get(to, source).i32(piece).op(operation...).
		op(advance(to, piece)...).op(advance(source, piece)...).op(advance(length, -piece)...)
	inSegment := code{}.get(source).op(opI64Extend).get(length).op(opI64Extend, opI64Add).i64(int64(size)).op(opI64LeU)
	condition := r.fits().op(inSegment...).op(opI32And)
	f := r.function(moves, r.charge(r.pieces(condition, one), length).get(to, source, length).op(operation...))
	r.init[segment] = f
	return f, true
}
