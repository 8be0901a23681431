package wasm

import (
	"bytes"
	"fmt"
)

// body iterates over the operations of one function body and checks each:
//
//	for b.next() {
//		… b.op, b.frames …
//	}
//
// Its storage is used again for the next body.
type body struct {
	*reader
	op     Operation
	frames []Frame // innermost last; none after the final end
	operands

	locals     int    // parameters included
	types      []byte // of the locals, if there is a rewriter
	operations int
	loops      int // that enclose the operation
	allLoops   int // so far
	reloads    int // calls, and what metering makes one
	blocks     int // see Limits.Work
	work       uint64
	targets    int // of br_table and try_table so far
	labels     []uint32

	groups      int // byte where the groups of locals begin, after their number
	groupNumber uint32
}

// code reads the code section.
func (r *reader) code() {
	first := r.m.Imported[KindFunc]
	start := r.pos
	n := r.u32()
	if declared := len(r.m.Functions) - first; r.err == nil && uint64(n) != uint64(declared) {
		r.fail(ErrMalformed, start, fmt.Sprintf("%d function bodies", n), fmt.Sprintf("the function section declares %d", declared))
		return
	}
	b := &body{reader: r}
	section := r.end
	for i := 0; i < int(n) && r.err == nil; i++ {
		r.at("function", first+i)
		b.read(r.m.Types[r.m.Functions[first+i]])
		r.end = section
		r.bodies++
	}
}

// read reads one body, its size included, and leaves end at the body's end.
func (b *body) read(t FuncType) {
	start := b.pos
	size := b.u32()
	switch {
	case b.err != nil:
		return
	case uint64(size) > uint64(b.left()):
		b.fail(ErrMalformed, start, fmt.Sprintf("a body of %d bytes", size), fmt.Sprintf("the code section has %d more bytes", b.left()))
		return
	case uint64(size) > uint64(b.limits.Body):
		b.fail(ErrTooLarge, start, fmt.Sprintf("a body of %d bytes", size), fmt.Sprintf("at most %d bytes are allowed", b.limits.Body))
		return
	}
	b.end = b.pos + int(size)
	b.frames = append(b.frames[:0], Frame{Opcode: OpBlock, Start: b.pos, Block: FuncType{Results: t.Results}})
	b.operations, b.loops, b.allLoops, b.reloads, b.blocks, b.work, b.targets = 0, 0, 0, 0, 0, 0, 0
	b.operands = operands{}
	b.types = append(b.types[:0], t.Params...)
	b.localDeclarations(len(t.Params))
	if b.rewriter != nil && b.err == nil {
		b.rewriter.code(b)
	}
	for b.next() {
	}
	b.checkWork(start)
	if b.err == nil && b.pos != b.end {
		b.fail(ErrMalformed, b.pos, fmt.Sprintf("%d bytes after the final end", b.left()), "a body is as long as its code")
	}
}

// checkWork adds up what the joins, loops and calls of the body that starts
// there cost. Metering asks in every loop, and once in the function.
func (b *body) checkWork(start int) {
	b.work += uint64(b.blocks) * uint64(b.locals)
	b.work += uint64(b.blocks) * uint64(b.blocks) / 100
	b.work += uint64(b.allLoops) * uint64(b.allLoops) / 64
	b.work += (uint64(b.reloads+b.allLoops+1)*uint64(b.mutable) + uint64(len(b.m.Globals))/64) / 2
	b.moduleWork += b.work
	if b.work > uint64(b.limits.Work) {
		b.tooMany(start, b.work, "units of work to compile a function", b.limits.Work)
	} else if b.moduleWork > uint64(b.limits.ModuleWork) {
		b.tooMany(start, b.moduleWork, "units of work to compile functions so far", b.limits.ModuleWork)
	}
}

// localDeclarations reads groups of locals of one type.
func (b *body) localDeclarations(params int) {
	b.locals = params
	b.groupNumber = b.u32()
	b.groups = b.pos
	for i := uint32(0); i < b.groupNumber && b.err == nil; i++ {
		start := b.pos
		n := b.u32()
		if sum := uint64(b.locals) + uint64(n); sum > uint64(b.limits.Locals) {
			b.tooMany(start, sum, "locals", b.limits.Locals)
			return
		}
		b.locals += int(n)
		if typ := b.valueType(); b.rewriter != nil {
			b.types = append(b.types, bytes.Repeat([]byte{typ}, int(n))...)
		}
	}
}

// next reads one operation. It returns false after the final end and after an
// error.
func (b *body) next() bool {
	if len(b.frames) == 0 || b.err != nil {
		return false
	}
	b.op = Operation{Start: b.pos}
	op := &b.op
	var l layout
	op.Opcode, l = b.opcode()
	if b.err != nil {
		return false
	}
	b.immediates(op, l)
	if b.err != nil {
		return false
	}
	op.End = b.pos
	b.operate(op)
	if op.Opcode <= OpTryTable {
		b.control(op)
	}
	switch op.Opcode {
	case OpRefFunc:
		b.m.RefFunc = true
	case OpTry, OpTryTable:
		b.m.Catches = true
	case OpCall, OpCallIndirect, opMemoryGrow:
		b.reloads++
	default:
		if op.Opcode>>8 == prefixMisc && op.Opcode > opLastTruncation {
			b.reloads++
		}
	}
	if b.operations += 1 + op.Moved; b.operations > b.limits.Operations {
		b.tooMany(op.Start, uint64(b.operations), "operations", b.limits.Operations)
	}
	return b.err == nil
}
