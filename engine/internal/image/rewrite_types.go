package image

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// operand is what is known of a value on the operand stack: its type, and whether it
// is used elsewhere, too. 0 is nothing.
type operand byte

// reused marks what may be in a local as well, or come from several blocks.
const reused operand = 0x80

func (o operand) typ() byte    { return byte(o &^ reused) }
func (o operand) reused() bool { return o&reused != 0 || o == 0 }

// Types of values.
const (
	typeI32     = 0x7f
	typeI64     = 0x7e
	typeF32     = 0x7d
	typeF64     = 0x7c
	typeV128    = 0x7b
	typeFuncRef = 0x70
)

// operandTypes follows the operand stack of a function through code that is reached.
// Of code that does not validate it may know too little, or the wrong thing.
type operandTypes struct {
	stack  []operand
	blocks []wasm.FuncType // around, the function itself not included
}

// begin comes before a function's first operation.
func (s *operandTypes) begin() {
	s.stack, s.blocks = s.stack[:0], s.blocks[:0]
}

// at is the operand at a depth; the top's is 0.
func (s *operandTypes) at(depth int) operand {
	if depth >= len(s.stack) {
		return 0
	}
	return s.stack[len(s.stack)-1-depth]
}

// follow takes in an operation that was read.
func (s *operandTypes) follow(m *wasm.Module, c *wasm.Code) {
	switch op := c.Op; op.Opcode {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpTry, wasm.OpTryTable:
		s.blocks = append(s.blocks, op.Block)
		s.leave(c, reused, op.Block.Params...)
	case wasm.OpElse:
		s.leave(c, reused, s.block().Params...)
	case wasm.OpCatch:
		s.leave(c, reused, m.Types[m.Tags[op.Index]].Params...)
	case wasm.OpEnd, wasm.OpDelegate:
		s.leave(c, reused, s.block().Results...)
		s.blocks = s.blocks[:max(0, len(s.blocks)-1)]
	case wasm.OpCall:
		s.leave(c, 0, m.Types[m.Functions[op.Index]].Results...)
	case wasm.OpCallIndirect:
		s.leave(c, 0, m.Types[op.Index].Results...)
	case opSelect, opSelect + 1:
		s.leave(c, 0, s.at(2).typ())
	case opLocalGet, opLocalTee:
		s.leave(c, reused, c.Types()[op.Index])
	case opGlobal:
		s.leave(c, reused, m.Globals[op.Index].Type)
	default:
		if t := resultType(op.Opcode); t != 0 {
			s.leave(c, 0, t)
		} else {
			s.leave(c, 0)
		}
	}
}

// block is the type of the innermost one.
func (s *operandTypes) block() wasm.FuncType {
	if len(s.blocks) == 0 {
		return wasm.FuncType{}
	}
	return s.blocks[len(s.blocks)-1]
}

// leave puts what the operation leaves on top of what it did not take.
func (s *operandTypes) leave(c *wasm.Code, mark operand, types ...byte) {
	if !c.Reached() {
		return
	}
	below := max(0, c.Height()-len(types))
	for len(s.stack) < below {
		s.stack = append(s.stack, 0)
	}
	s.stack = s.stack[:below]
	for _, t := range types {
		s.stack = append(s.stack, operand(t)|mark)
	}
}

// resultType is the type of the number or vector that an operation makes; of a
// reference if it makes one; 0 if it makes nothing. That of what depends on the
// module is not here.
func resultType(op wasm.Opcode) byte {
	switch op >> 8 {
	case 0:
		return plainResults[byte(op)]
	case 0xfc:
		return miscResults[byte(op)]
	case 0xfd:
		return vectorResults[byte(op)]
	case 0xfe:
		return atomicResults[byte(op)]
	}
	return 0
}

// results is the types by the last byte of the operation.
type results [256]byte

// set gives the operations from first to last one type.
func (r *results) set(typ byte, first, last int) {
	for i := first; i <= last; i++ {
		r[i] = typ
	}
}

// The types of results, by prefix. Immutable.
var (
	plainResults  = plainResultTypes()
	miscResults   = miscResultTypes()
	vectorResults = vectorResultTypes()
	atomicResults = atomicResultTypes()
)

func plainResultTypes() (r results) {
	r.set(typeFuncRef, 0x25, 0x25) // table.get: of whichever references
	r.set(typeI32, 0x28, 0x2f)     // loads
	r.set(typeI64, 0x30, 0x35)
	r[0x29], r[0x2a], r[0x2b] = typeI64, typeF32, typeF64
	r.set(typeI32, 0x3f, 0x41) // size and growth of memory, constants
	r[0x42], r[0x43], r[0x44] = typeI64, typeF32, typeF64
	r.set(typeI32, 0x45, 0x78) // comparison, arithmetic
	r.set(typeI64, 0x79, 0x8a)
	r.set(typeF32, 0x8b, 0x98)
	r.set(typeF64, 0x99, 0xa6)
	r.set(typeI32, 0xa7, 0xab) // conversion
	r.set(typeI64, 0xac, 0xb1)
	r.set(typeF32, 0xb2, 0xb6)
	r.set(typeF64, 0xb7, 0xbb)
	r[0xbc], r[0xbd], r[0xbe], r[0xbf] = typeI32, typeI64, typeF32, typeF64
	r.set(typeI32, 0xc0, 0xc1) // sign extension
	r.set(typeI64, 0xc2, 0xc4)
	r[0xd0], r[0xd1], r[0xd2] = typeFuncRef, typeI32, typeFuncRef
	return r
}

func miscResultTypes() (r results) {
	r.set(typeI32, 0x00, 0x03) // saturating truncation
	r.set(typeI64, 0x04, 0x07)
	r.set(typeI32, 0x0f, 0x10) // growth and size of tables
	return r
}

func vectorResultTypes() (r results) {
	r.set(typeV128, 0x00, 0xff) // but for
	for _, op := range []byte{0x15, 0x16, 0x18, 0x19, 0x1b, 0x53, 0x63, 0x64, 0x83, 0x84, 0xa3, 0xa4, 0xc3, 0xc4} {
		r[op] = typeI32 // lanes, all_true, any_true, bitmask
	}
	r[0x1d], r[0x1f], r[0x21] = typeI64, typeF32, typeF64
	r[0x0b] = 0 // stores
	r.set(0, 0x58, 0x5b)
	return r
}

func atomicResultTypes() (r results) {
	r.set(typeI32, 0x00, 0x02)      // notify, wait32, wait64
	for i := 0x10; i <= 0x4e; i++ { // load, read-modify-write, cmpxchg
		r[i] = [...]byte{typeI32, typeI64, typeI32, typeI32, typeI64, typeI64, typeI64}[(i-0x10)%7]
	}
	r.set(0, 0x17, 0x1d) // stores
	return r
}
