package wasm

import "fmt"

// Opcode is the number of an operation: its byte, or for an operation of two
// numbers the prefix in the upper byte and the second number in the lower.
type Opcode uint16

// The operations that shape control, or that name something of the module.
const (
	OpUnreachable        Opcode = 0x00
	OpBlock              Opcode = 0x02
	OpLoop               Opcode = 0x03
	OpIf                 Opcode = 0x04
	OpElse               Opcode = 0x05
	OpTry                Opcode = 0x06 // legacy exceptions
	OpCatch              Opcode = 0x07 // legacy exceptions
	OpThrow              Opcode = 0x08
	OpRethrow            Opcode = 0x09 // legacy exceptions
	OpThrowRef           Opcode = 0x0a
	OpEnd                Opcode = 0x0b
	OpBr                 Opcode = 0x0c
	OpBrIf               Opcode = 0x0d
	OpBrTable            Opcode = 0x0e
	OpReturn             Opcode = 0x0f
	OpCall               Opcode = 0x10
	OpCallIndirect       Opcode = 0x11
	OpReturnCall         Opcode = 0x12
	OpReturnCallIndirect Opcode = 0x13
	OpDelegate           Opcode = 0x18 // legacy exceptions
	OpCatchAll           Opcode = 0x19 // legacy exceptions
	OpTryTable           Opcode = 0x1f
	OpRefFunc            Opcode = 0xd2

	opMemoryGrow     Opcode = 0x40
	opLastTruncation Opcode = 0xfc07 // operations on memory and tables follow
)

// Prefixes of operations of two numbers.
const (
	prefixMisc   = 0xfc // saturating truncation, bulk memory, tables
	prefixSIMD   = 0xfd
	prefixAtomic = 0xfe
)

// String writes the bytes: "0x20", "0xfd 0x0c".
func (o Opcode) String() string {
	if o > 0xff {
		return fmt.Sprintf("0x%02x 0x%02x", byte(o>>8), byte(o))
	}
	return fmt.Sprintf("0x%02x", byte(o))
}

// immediate says what follows an opcode.
type immediate uint8

const (
	unassigned          immediate = iota
	none                          // nothing
	blockType                     // a type
	label                         // a label
	labels                        // a vector of labels and one more
	catches                       // a block type and the clauses of try_table
	function                      // a function
	typeTable                     // a type, then a table
	tag                           // a tag
	local                         // a local
	global                        // a global
	table                         // a table
	tableTable                    // two tables
	elementTable                  // an element segment, then a table
	element                       // an element segment
	memory                        // the memory
	memoryMemory                  // the memory twice
	dataMemory                    // a data segment, then the memory
	data                          // a data segment
	access                        // alignment, at most 1<<arg bytes, and offset
	accessExactly                 // alignment, exactly 1<<arg bytes, and offset
	accessLane                    // as access, and a lane; lanes have 1<<arg bytes
	lane                          // a lane below arg
	shuffle                       // 16 lanes below 32
	constI32                      // an i32
	constI64                      // an i64
	constBytes                    // arg bytes
	heapType                      // the type of a null reference
	valueTypes                    // a vector of one value type
	zeroByte                      // a byte that is 0
	unsupportedProposal           // known, not supported: see proposal
)

// layout is what follows one opcode.
type layout struct {
	imm immediate
	arg uint8
}

// page is the layouts of the opcodes that share a prefix.
type page [256]layout

// set gives the opcodes from first to last one layout.
func (p *page) set(imm immediate, arg uint8, first, last int) {
	for i := first; i <= last; i++ {
		p[i] = layout{imm, arg}
	}
}

// The layouts, by prefix. Immutable.
var (
	layouts       = plainPage()
	miscLayouts   = miscPage()
	simdLayouts   = simdPage()
	atomicLayouts = atomicPage()
)

func plainPage() (p page) {
	p.set(none, 0, 0x00, 0x01)      // unreachable, nop
	p.set(blockType, 0, 0x02, 0x04) // block, loop, if
	p.set(none, 0, 0x05, 0x05)      // else
	p.set(blockType, 0, 0x06, 0x06) // try
	p.set(tag, 0, 0x07, 0x08)       // catch, throw
	p.set(label, 0, 0x09, 0x09)     // rethrow
	p.set(none, 0, 0x0a, 0x0b)      // throw_ref, end
	p.set(label, 0, 0x0c, 0x0d)     // br, br_if
	p.set(labels, 0, 0x0e, 0x0e)
	p.set(none, 0, 0x0f, 0x0f)     // return
	p.set(function, 0, 0x10, 0x10) // call
	p.set(typeTable, 0, 0x11, 0x11)
	p.set(function, 0, 0x12, 0x12) // return_call
	p.set(typeTable, 0, 0x13, 0x13)
	p.set(unsupportedProposal, 0, 0x14, 0x15) // call_ref, return_call_ref
	p.set(label, 0, 0x18, 0x18)               // delegate
	p.set(none, 0, 0x19, 0x1b)                // catch_all, drop, select
	p.set(valueTypes, 0, 0x1c, 0x1c)          // select with a type
	p.set(catches, 0, 0x1f, 0x1f)
	p.set(local, 0, 0x20, 0x22)
	p.set(global, 0, 0x23, 0x24)
	p.set(table, 0, 0x25, 0x26)
	for i, align := range []uint8{
		2, 3, 2, 3, // loads of i32, i64, f32, f64
		0, 0, 1, 1, 0, 0, 1, 1, 2, 2, // narrow loads to i32, to i64
		2, 3, 2, 3, // stores
		0, 1, 0, 1, 2, // narrow stores
	} {
		p[0x28+i] = layout{access, align}
	}
	p.set(memory, 0, 0x3f, 0x40)
	p.set(constI32, 0, 0x41, 0x41)
	p.set(constI64, 0, 0x42, 0x42)
	p.set(constBytes, 4, 0x43, 0x43)
	p.set(constBytes, 8, 0x44, 0x44)
	p.set(none, 0, 0x45, 0xc4) // comparison, arithmetic, conversion, sign extension
	p.set(heapType, 0, 0xd0, 0xd0)
	p.set(none, 0, 0xd1, 0xd1)                // ref.is_null
	p.set(function, 0, 0xd2, 0xd2)            // ref.func
	p.set(unsupportedProposal, 0, 0xd3, 0xd6) // ref.eq, ref.as_non_null, br_on_null, br_on_non_null
	p.set(unsupportedProposal, 0, 0xfb, 0xfb) // garbage collection
	return p
}

func miscPage() (p page) {
	p.set(none, 0, 0x00, 0x07) // saturating truncation
	p.set(dataMemory, 0, 0x08, 0x08)
	p.set(data, 0, 0x09, 0x09)
	p.set(memoryMemory, 0, 0x0a, 0x0a)
	p.set(memory, 0, 0x0b, 0x0b) // memory.fill
	p.set(elementTable, 0, 0x0c, 0x0c)
	p.set(element, 0, 0x0d, 0x0d)
	p.set(tableTable, 0, 0x0e, 0x0e)
	p.set(table, 0, 0x0f, 0x11) // table.grow, table.size, table.fill
	return p
}

func simdPage() (p page) {
	p.set(access, 4, 0x00, 0x00) // v128.load
	p.set(access, 3, 0x01, 0x06) // loads that extend
	for i := range 4 {
		p[0x07+i] = layout{access, uint8(i)}     // loads that splat
		p[0x54+i] = layout{accessLane, uint8(i)} // loads of a lane
		p[0x58+i] = layout{accessLane, uint8(i)} // stores of a lane
	}
	p.set(access, 4, 0x0b, 0x0b) // v128.store
	p.set(constBytes, 16, 0x0c, 0x0c)
	p.set(shuffle, 0, 0x0d, 0x0d)
	p.set(none, 0, 0x0e, 0x14) // swizzle, splats
	p.set(lane, 16, 0x15, 0x17)
	p.set(lane, 8, 0x18, 0x1a)
	p.set(lane, 4, 0x1b, 0x1c)
	p.set(lane, 2, 0x1d, 0x1e)
	p.set(lane, 4, 0x1f, 0x20)
	p.set(lane, 2, 0x21, 0x22)
	p.set(none, 0, 0x23, 0x53)   // comparison, bits
	p.set(access, 2, 0x5c, 0x5c) // loads of one lane, others 0
	p.set(access, 3, 0x5d, 0x5d)
	p.set(none, 0, 0x5e, 0xff) // conversion, arithmetic
	for _, gap := range []int{
		0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee,
	} {
		p[gap] = layout{}
	}
	return p
}

func atomicPage() (p page) {
	p.set(accessExactly, 2, 0x00, 0x01) // notify, wait32
	p.set(accessExactly, 3, 0x02, 0x02) // wait64
	p.set(zeroByte, 0, 0x03, 0x03)      // fence
	// Load, store, and six kinds of read-modify-write: each for i32, i64, and
	// the narrow forms of both.
	for first := 0x10; first <= 0x48; first += 7 {
		for i, align := range []uint8{2, 3, 0, 1, 0, 1, 2} {
			p[first+i] = layout{accessExactly, align}
		}
	}
	return p
}

// proposal names what an operation that is known but not supported belongs to.
func proposal(o Opcode) string {
	switch {
	case o == 0xd3 || o == 0xfb:
		return "garbage collection"
	case o < 0x100:
		return "typed function references"
	}
	return "relaxed SIMD"
}
