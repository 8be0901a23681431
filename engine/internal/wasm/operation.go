package wasm

import "fmt"

// Operation is one decoded operation. Fields that its opcode has no use for
// are zero.
type Operation struct {
	Opcode Opcode

	// Start and End delimit its bytes in the module: [Start, End).
	Start, End int

	// Index is the first index that follows the opcode: of a function, type,
	// local, global, table, tag, label, or segment.
	Index uint32

	// Index2 is the second: the table of call_indirect and table.init, the
	// table that table.copy reads.
	Index2 uint32

	// Value is the constant of i32.const and i64.const, or the offset of a
	// memory access.
	Value int64

	// Block is the type of a block, loop, if, try or try_table.
	Block FuncType

	// Moved is how many values a block, branch, call, return or throw moves
	// beyond 16: for every label of a br_table, and for the parameters and the
	// results of a block or call. See Limits.Operations.
	Moved int

	// Labels are those of br_table, the default last, or those that the
	// clauses of try_table branch to, counted from outside of it. They are
	// valid until the next operation.
	Labels []uint32
}

// opcode reads the number of an operation and finds its layout.
func (b *body) opcode() (Opcode, layout) {
	start := b.pos
	first := b.byte()
	p := &layouts
	op := Opcode(first)
	switch first {
	default:
		return op, b.assigned(start, op, p[first])
	case prefixMisc:
		p = &miscLayouts
	case prefixSIMD:
		p = &simdLayouts
	case prefixAtomic:
		p = &atomicLayouts
	}
	sub := b.u32()
	if sub > 0xff {
		if first == prefixSIMD && sub <= 0x113 {
			return op, b.assigned(start, op<<8, layout{imm: unsupportedProposal})
		}
		b.fail(ErrMalformed, start, fmt.Sprintf("operation 0x%02x 0x%x", first, sub), "there is no such operation")
		return op, layout{}
	}
	op = op<<8 | Opcode(sub)
	return op, b.assigned(start, op, p[sub])
}

// assigned fails if there is no such operation here.
func (b *body) assigned(start int, op Opcode, l layout) layout {
	if l.imm != unassigned && l.imm != unsupportedProposal || b.err != nil {
		return l
	}
	if l.imm == unassigned {
		b.fail(ErrMalformed, start, "operation "+op.String(), "there is no such operation")
	} else {
		b.fail(ErrUnsupported, start, "operation "+op.String(), proposal(op)+" is not supported")
	}
	return l
}

// immediates reads what follows the opcode, and checks every index in it but
// labels.
func (b *body) immediates(op *Operation, l layout) {
	start := b.pos
	switch l.imm {
	case none:
	case blockType:
		op.Block = b.blockType()
	case label:
		op.Index = b.u32()
	case labels:
		b.brTable(op)
	case catches:
		op.Block = b.blockType()
		b.catchClauses(op)
	case function:
		op.Index = b.u32()
		b.checkIndex(start, op.Index, len(b.m.Functions), "function", "functions", "module")
	case typeTable:
		op.Index, _ = b.typeIndex()
		op.Index2 = b.table()
	case tag:
		op.Index = b.tag()
	case local:
		op.Index = b.u32()
		b.checkIndex(start, op.Index, b.locals, "local", "locals", "function")
	case global:
		op.Index = b.u32()
		b.checkIndex(start, op.Index, len(b.m.Globals), "global", "globals", "module")
	case table:
		op.Index = b.table()
	case tableTable:
		op.Index = b.table()
		op.Index2 = b.table()
	case elementTable:
		op.Index = b.elementSegment()
		op.Index2 = b.table()
	case element:
		op.Index = b.elementSegment()
	case dataMemory:
		op.Index = b.dataSegment()
		b.memory()
	case data:
		op.Index = b.dataSegment()
	case memory:
		b.memory()
	case memoryMemory:
		b.memory()
		b.memory()
	case access, accessExactly, accessLane:
		op.Value = b.access(l)
	case lane:
		b.lane(l.arg)
	case shuffle:
		for range 16 {
			b.lane(32)
		}
	case constI32:
		op.Value = b.signed(32)
	case constI64:
		op.Value = b.signed(64)
	case constBytes:
		b.bytes(uint64(l.arg))
	case heapType:
		b.referenceType()
	case valueTypes:
		if n := b.u32(); b.err == nil && n != 1 {
			b.fail(ErrInvalid, start, fmt.Sprintf("a select of %d types", n), "one is needed")
		}
		b.valueType()
	case zeroByte:
		if v := b.byte(); v != 0 {
			b.fail(ErrMalformed, start, fmt.Sprintf("byte 0x%02x", v), "0 is needed")
		}
	}
}

func (b *body) table() uint32 {
	start := b.pos
	i := b.u32()
	b.checkIndex(start, i, len(b.m.Tables), "table", "tables", "module")
	return i
}

func (b *body) tag() uint32 {
	start := b.pos
	i := b.u32()
	b.checkIndex(start, i, len(b.m.Tags), "tag", "tags", "module")
	return i
}

func (b *body) elementSegment() uint32 {
	start := b.pos
	i := b.u32()
	b.checkIndex(start, i, b.m.Elements, "element segment", "element segments", "module")
	return i
}

// dataSegment reads the index of a data segment. The segments follow the code,
// so their number is the data count section's.
func (b *body) dataSegment() uint32 {
	start := b.pos
	i := b.u32()
	if !b.hasDataCount {
		b.fail(ErrMalformed, start, fmt.Sprintf("data segment index %d", i), "a data count section is needed")
		return 0
	}
	b.checkIndex(start, i, b.dataCount, "data segment", "data segments", "module")
	return i
}

// memory reads the index of the memory: one byte, 0.
func (b *body) memory() {
	start := b.pos
	if i := b.byte(); i != 0 {
		b.fail(ErrMalformed, start, fmt.Sprintf("memory index byte 0x%02x", i), "a module has one memory, whose index is the byte 0")
		return
	}
	b.checkIndex(start, 0, len(b.m.Memories), "memory", "memories", "module")
}

// access reads the alignment and offset of a memory access, returning the
// offset, and the lane if there is one.
func (b *body) access(l layout) int64 {
	start := b.pos
	align := b.u32()
	switch {
	case b.err != nil:
		return 0
	case align >= 64 && align < 128:
		b.fail(ErrUnsupported, start, "an access that names its memory", "a module has one memory")
	case align >= 32:
		b.fail(ErrMalformed, start, fmt.Sprintf("alignment 2^%d", align), "below 2^32 is allowed")
	case align > uint32(l.arg) || l.imm == accessExactly && align != uint32(l.arg):
		b.fail(ErrInvalid, start, fmt.Sprintf("alignment 2^%d", align), fmt.Sprintf("this access has a natural alignment of 2^%d", l.arg))
	}
	b.checkIndex(start, 0, len(b.m.Memories), "memory", "memories", "module")
	offset := b.u32()
	if l.imm == accessLane {
		b.lane(16 >> l.arg)
	}
	return int64(offset)
}

// lane reads the number of a lane, below n.
func (b *body) lane(n uint8) {
	start := b.pos
	if i := b.byte(); i >= n {
		b.fail(ErrInvalid, start, fmt.Sprintf("lane %d", i), fmt.Sprintf("there are %d lanes", n))
	}
}
