package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// Version numbers the costs and the places where they are charged. Any change
// of either raises it.
const Version = 1

// Costs beside those of single operations.
const (
	costEntry       = 2    // of a function
	localsPerUnit   = 16   // of a function, parameters included
	localsPerJoin   = 64   // see moved
	globalsPerCall  = 256  // the same
	costPage        = 4096 // that memory.grow asks for, 65,536 at most
	bytesShift      = 4    // of bulk operations: a unit per 16 bytes or elements
	costBulk        = 10
	costGrow        = 100
	costThrow       = 500
	costTry         = 1000 // see CatchLimit
	costIndirect    = 5
	costCall        = 3
	costDivide      = 4
	costSIMD        = 2
	costTable       = 2
	costBranchTable = 2
	costSaturate    = 2
	costReference   = 5 // ref.func, which wazero asks its host for
)

// cost is what one operation is charged before its operands are known.
func cost(op wasm.Opcode) uint64 {
	switch op {
	case 0x01, wasm.OpBlock, wasm.OpElse, wasm.OpEnd, 0x1a: // 0x01: nop; 0x1a: drop
		return 0
	case wasm.OpThrow, wasm.OpRethrow, wasm.OpThrowRef:
		return costThrow
	case wasm.OpTry, wasm.OpTryTable:
		return costTry
	case wasm.OpBrTable:
		return costBranchTable
	case wasm.OpCall, wasm.OpReturnCall:
		return costCall
	case wasm.OpCallIndirect, wasm.OpReturnCallIndirect:
		return costIndirect
	case 0x25, 0x26: // table.get, table.set
		return costTable
	case wasm.OpRefFunc:
		return costReference
	case opMemoryGrow:
		return costGrow
	case 0x6d, 0x6e, 0x6f, 0x70, // i32.div_s, div_u, rem_s, rem_u
		0x7f, 0x80, 0x81, 0x82, // of i64
		0x91, 0x95, 0x9f, 0xa3, // sqrt and div of f32, f64
		0xfde3, 0xfde7, 0xfdef, 0xfdf3: // sqrt and div of f32x4, f64x2
		return costDivide
	case opMemoryInit, opMemoryCopy, opMemoryFill, opTableInit, opTableCopy, opTableGrow, opTableFill:
		return costBulk
	}
	switch {
	case op>>8 == 0xfd:
		return costSIMD
	case op >= 0xfc00 && op <= 0xfc07: // saturating truncation
		return costSaturate
	}
	return 1
}

// moved is what an operation is charged for the values that it moves:
//   - one for each beyond 16 that it carries;
//   - where the ways through a function part or meet, for its locals. Whichever of
//     them were set on one way only, a compiler moves where the ways meet: 4,900
//     took wazero 3.5 µs;
//   - where something is called, for the mutable globals, which wazero loads
//     again: 10,000 took 2.5 µs.
func (r *routines) moved(c *wasm.Code) uint64 {
	n := uint64(c.Op.Moved)
	switch c.Op.Opcode {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpTry, wasm.OpTryTable, wasm.OpBr, wasm.OpBrIf, wasm.OpBrTable:
		n += uint64(c.Locals / localsPerJoin)
	case wasm.OpCall, wasm.OpCallIndirect,
		opMemoryGrow, opMemoryFill, opMemoryCopy, opMemoryInit, opTableInit, opTableCopy, opTableGrow, opTableFill:
		n += uint64(r.mutable / globalsPerCall)
	}
	return n
}

// Operations that are charged by an operand too.
const (
	opMemoryGrow wasm.Opcode = 0x40
	opMemoryInit wasm.Opcode = 0xfc08
	opMemoryCopy wasm.Opcode = 0xfc0a
	opMemoryFill wasm.Opcode = 0xfc0b
	opTableInit  wasm.Opcode = 0xfc0c
	opTableCopy  wasm.Opcode = 0xfc0e
	opTableGrow  wasm.Opcode = 0xfc0f
	opTableFill  wasm.Opcode = 0xfc11
)
