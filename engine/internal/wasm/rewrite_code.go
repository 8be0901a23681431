package wasm

import "encoding/binary"

// Hook decides how code is rewritten. Its methods are called for every
// function of the module in turn: Begin, Operation for each operation, End.
type Hook interface {
	// Begin comes before the first operation.
	Begin(c *Code)
	// Operation comes when c.Op has been read and checked. Only what it emits
	// is written: Copy for the operation as it is.
	Operation(c *Code)
	// End comes after the final end, when every slot may still be filled.
	End(c *Code)
}

// Code is the body of one function while it is rewritten. It is valid during
// the methods of Hook only.
type Code struct {
	// Op is the operation that was read.
	Op *Operation
	// Locals is how many locals the original function has, its parameters
	// included.
	Locals int
	// Size is how many bytes the original body has.
	Size int

	results []byte
	w       *Rewriter
	b       *body
	out     []byte
	slots   []slot
	fills   []byte // what fills the slots
	added   []byte // types of the locals that were added
}

// slot is a place of out and the part of fills that belongs there.
type slot struct{ at, from, to int }

// Copy emits the operation as it is, but for the number of a function.
func (c *Code) Copy() {
	switch op := c.Op; op.Opcode {
	case OpCall, OpReturnCall, OpRefFunc:
		c.out = append(c.out, byte(op.Opcode))
		c.out = binary.AppendUvarint(c.out, uint64(c.w.Renumber(op.Index)))
	default:
		c.out = append(c.out, c.b.b[op.Start:op.End]...)
	}
}

// Bytes are those of the operation as it was read, a view of the module.
func (c *Code) Bytes() []byte { return c.b.b[c.Op.Start:c.Op.End] }

// Types are those of the original locals, parameters first.
func (c *Code) Types() []byte { return c.b.types }

// Results are the types of what the function returns.
func (c *Code) Results() []byte { return c.results }

// Emit emits code.
func (c *Code) Emit(code ...byte) { c.out = append(c.out, code...) }

// Slot leaves a place here that Fill may fill until End returns.
func (c *Code) Slot() int {
	c.slots = append(c.slots, slot{at: len(c.out)})
	return len(c.slots) - 1
}

// Fill puts code where Slot was called.
func (c *Code) Fill(i int, code []byte) {
	s := &c.slots[i]
	s.from = len(c.fills)
	c.fills = append(c.fills, code...)
	s.to = len(c.fills)
}

// Operands is how many values the operand stack of the original function has
// held at most, up to here.
func (c *Code) Operands() int { return c.b.most }

// Height is how many values the operand stack of the original function holds
// behind Op. It means something where Reached is true, or Op is an end.
func (c *Code) Height() int { return c.b.height }

// Reached reports whether what comes behind Op may run, as far as validation
// knows.
func (c *Code) Reached() bool { return len(c.b.frames) > 0 && !c.b.top().dead }

// Emitted is how many bytes have been emitted, without what fills slots.
func (c *Code) Emitted() int { return len(c.out) }

// Local adds a local of a type after the others and returns its index.
func (c *Code) Local(typ byte) uint32 {
	c.added = append(c.added, typ)
	return c.NextLocal() - 1
}

// NextLocal is the index that Local will return.
func (c *Code) NextLocal() uint32 { return uint32(c.Locals + len(c.added)) }

// code rewrites the body whose locals were read.
func (w *Rewriter) code(b *body) {
	c := &w.body
	*c = Code{
		Op: &b.op, Locals: b.locals, Size: b.end - b.groups,
		results: b.frames[0].Block.Results, w: w, b: b, out: c.out[:0], slots: c.slots[:0], fills: c.fills[:0], added: c.added[:0],
	}
	groups, number := b.b[b.groups:b.pos], uint64(b.groupNumber)
	w.hook.Begin(c)
	for b.next() {
		w.hook.Operation(c)
	}
	if b.err != nil {
		return
	}
	w.hook.End(c)

	declared := binary.AppendUvarint(w.declared[:0], number+uint64(len(c.added)))
	declared = append(declared, groups...)
	for _, typ := range c.added {
		declared = append(declared, 1, typ)
	}
	w.declared = declared
	size := len(declared) + len(c.out)
	for _, s := range c.slots {
		size += s.to - s.from
	}
	w.items = binary.AppendUvarint(w.items, uint64(size))
	w.items = append(w.items, declared...)
	at := 0
	for _, s := range c.slots {
		w.items = append(w.items, c.out[at:s.at]...)
		w.items = append(w.items, c.fills[s.from:s.to]...)
		at = s.at
	}
	w.items = append(w.items, c.out[at:]...)
	w.copied = b.end
}
