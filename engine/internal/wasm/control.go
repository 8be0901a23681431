package wasm

import "fmt"

// Frame is one level of nesting.
type Frame struct {
	// Opcode is what opened it, or the else, catch or catch_all that is being
	// read; OpBlock for the outermost, the function itself.
	Opcode Opcode
	// Start is the byte of the module where Opcode stands.
	Start int
	// Block is the type of the frame.
	Block FuncType
	// branches is how many br and br_if go to the frame.
	branches int

	base     int  // operands beneath the frame's
	dead     bool // what comes next is not reached
	unopened bool // nor is the beginning
}

// arity is how many values a branch to the frame carries.
func (f *Frame) arity() int {
	if f.Opcode == OpLoop {
		return len(f.Block.Params)
	}
	return len(f.Block.Results)
}

// blockType reads the type of a block: empty, one result, or a type's index.
func (b *body) blockType() FuncType {
	start := b.pos
	if b.left() > 0 {
		if t := b.b[start]; t == typeEmpty {
			b.pos++
			return FuncType{}
		} else if t > typeEmpty && t < 0x80 {
			b.pos++
			b.checkValueType(start, t)
			return FuncType{Results: b.b[start : start+1 : start+1]}
		}
	}
	i := b.signed(33)
	switch {
	case b.err != nil:
	case i < 0:
		b.fail(ErrMalformed, start, fmt.Sprintf("block type %d", i), "a value type has one byte, a type index is not negative")
	case b.checkIndex(start, uint32(i), len(b.m.Types), "type", "types", "module"):
		return b.m.Types[i]
	}
	return FuncType{}
}

// brTable reads the labels of br_table.
func (b *body) brTable(op *Operation) {
	start := b.pos
	n := b.count("targets", b.targets, b.limits.BrTableTargets)
	b.targets += n
	if n >= b.left() { // each takes a byte, and there is a default
		b.fail(ErrMalformed, start, fmt.Sprintf("%d targets", n), fmt.Sprintf("the body has %d more bytes", b.left()))
		return
	}
	op.Labels = b.labels[:0]
	for range n + 1 {
		op.Labels = append(op.Labels, b.u32())
	}
	b.labels = op.Labels
}

// catchClauses reads the clauses of try_table: 0 and 1 name a tag, 2 and 3
// catch all; 1 and 3 pass the exception along.
func (b *body) catchClauses(op *Operation) {
	n := b.count("catch clauses", b.targets, b.limits.BrTableTargets)
	b.targets += n
	op.Labels = b.labels[:0]
	for i := 0; i < n && b.err == nil; i++ {
		start := b.pos
		switch kind := b.byte(); kind {
		case 0, 1:
			b.tag()
		case 2, 3:
		default:
			b.fail(ErrMalformed, start, fmt.Sprintf("catch clause of kind %d", kind), "kinds are 0 to 3")
		}
		op.Labels = append(op.Labels, b.u32())
	}
	b.labels = op.Labels
}

// control checks labels and moves between frames.
func (b *body) control(op *Operation) {
	switch op.Opcode {
	case OpBlock, OpLoop, OpIf, OpTry:
		b.open(op)
	case OpTryTable:
		b.checkLabels(op)
		b.open(op)
	case OpElse:
		b.turn(op, "if", OpIf)
	case OpCatch, OpCatchAll:
		b.turn(op, "try or catch", OpTry, OpCatch)
	case OpEnd:
		b.close()
	case OpDelegate:
		if top := b.top(); top.Opcode != OpTry || len(b.frames) == 1 {
			b.misplaced(op, "delegate", "try")
			return
		}
		b.close()
		b.checkLabel(op, op.Index)
	case OpRethrow:
		if b.checkLabel(op, op.Index) {
			if f := b.frame(op.Index); f.Opcode != OpCatch && f.Opcode != OpCatchAll {
				b.fail(ErrInvalid, op.Start, fmt.Sprintf("rethrow with label %d", op.Index), "the label must be that of a catch")
			}
		}
	case OpBr, OpBrIf:
		if b.checkLabel(op, op.Index) {
			op.move(b.frame(op.Index).arity())
			b.frame(op.Index).branches++
			b.blocks++
		}
	case OpBrTable:
		b.checkLabels(op)
	case OpReturn:
		op.move(b.frames[0].arity())
	case OpCall, OpReturnCall:
		op.moveType(b.m.Types[b.m.Functions[op.Index]])
	case OpCallIndirect, OpReturnCallIndirect:
		op.moveType(b.m.Types[op.Index])
	case OpThrow:
		op.moveType(b.m.Types[b.m.Tags[op.Index]])
	}
}

func (b *body) top() *Frame { return &b.frames[len(b.frames)-1] }

// frame returns the frame that a label names; the label is checked.
func (b *body) frame(label uint32) *Frame { return &b.frames[len(b.frames)-1-int(label)] }

func (b *body) checkLabel(op *Operation, label uint32) bool {
	return b.checkIndex(op.Start, label, len(b.frames), "label", "enclosing blocks, itself included", "function here")
}

func (b *body) checkLabels(op *Operation) {
	for _, l := range op.Labels {
		if !b.checkLabel(op, l) {
			return
		}
		op.move(b.frame(l).arity())
	}
}

func (b *body) open(op *Operation) {
	if len(b.frames) > b.limits.Nesting { // the first is the function
		b.tooMany(op.Start, uint64(len(b.frames)), "nested blocks", b.limits.Nesting)
		return
	}
	if op.Opcode == OpLoop {
		b.allLoops++
		if b.loops++; b.loops > b.limits.Loops {
			b.tooMany(op.Start, uint64(b.loops), "nested loops", b.limits.Loops)
			return
		}
	}
	op.moveType(op.Block)
	b.blocks++
	if op.Opcode == OpIf {
		b.blocks++
	}
	dead := b.top().dead
	b.frames = append(b.frames, Frame{Opcode: op.Opcode, Start: op.Start, Block: op.Block, base: b.height, dead: dead, unopened: dead})
	if !dead {
		b.push(len(op.Block.Params))
	}
}

// turn continues a frame with another part: if with else, try with catch.
func (b *body) turn(op *Operation, inside string, allowed ...Opcode) {
	top := b.top()
	for _, a := range allowed {
		if top.Opcode == a {
			top.Opcode = op.Opcode
			return
		}
	}
	b.misplaced(op, map[Opcode]string{OpElse: "else", OpCatch: "catch", OpCatchAll: "catch_all"}[op.Opcode], inside)
}

func (b *body) misplaced(op *Operation, name, inside string) {
	b.fail(ErrMalformed, op.Start, name, "it may only follow the code of "+inside)
}

// close ends the innermost frame.
func (b *body) close() {
	if b.top().Opcode == OpLoop {
		b.loops--
	}
	branches := uint64(b.top().branches)
	b.frames = b.frames[:len(b.frames)-1]
	if len(b.frames) > 0 { // a branch out of the function joins nothing
		b.work += branches * branches * uint64(b.locals+8) / 100
	}
}

// freeValues is how many values an operation moves for the price of one
// operation: more than code made by compilers moves.
const freeValues = 16

// move counts the values that an operation moves beyond freeValues. They count
// as operations: 100,000 branches with 1,000 values each would keep a compiler
// busy with 100 million.
func (op *Operation) move(values int) { op.Moved += max(0, values-freeValues) }

func (op *Operation) moveType(t FuncType) { op.move(len(t.Params) + len(t.Results)) }
