package image

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// comparisons keeps a compiler from a mistake. wazero up to v1.12.0 turns a
// comparison of zero with a conjunction into a single test of the conjunction:
// right for "equal", but 0 < a&b becomes a&b < 0 when the zero is the first
// operand. What is compared is then put through an operation that changes
// nothing and that the compiler does not see through.
//
// Which operands are constants only the compiler knows, after it has followed
// them through locals. So this looks at the second operand alone, the one on top
// of the stack: it is put through that operation whenever it might be a
// conjunction. The guest's fuel does not count it.
type comparisons struct {
	top    bool   // what is on top of the stack might be a conjunction
	locals []bool // and what is in each local
}

// begin comes before a function's first operation.
func (s *comparisons) begin(locals int) {
	if cap(s.locals) < locals {
		s.locals = make([]bool, locals)
	}
	s.locals = s.locals[:locals]
	clear(s.locals)
	s.top = false
}

// Operations that matter to it.
const (
	opSelect   wasm.Opcode = 0x1b // and 0x1c, with a type
	opLocalGet wasm.Opcode = 0x20
	opLocalSet wasm.Opcode = 0x21
	opLocalTee wasm.Opcode = 0x22
	opGlobal   wasm.Opcode = 0x23
	opI32Load  wasm.Opcode = 0x28 // the first load
	opLoad32U  wasm.Opcode = 0x35 // the last
	opMemSize  wasm.Opcode = 0x3f
	opI32Lt    wasm.Opcode = 0x48 // lt_s; the first that orders i32
	opI32Ge    wasm.Opcode = 0x4f // ge_u, the last
	opI64Lt    wasm.Opcode = 0x53
	opI64Ge    wasm.Opcode = 0x5a
	opI32And   wasm.Opcode = 0x71
	opI64And   wasm.Opcode = 0x83
	opExtend   wasm.Opcode = 0xc4 // i64.extend32_s, the last that is numeric
)

// operation comes before an operation is written.
func (s *comparisons) operation(m *wasm.Module, c *wasm.Code) {
	switch op := c.Op; {
	case op.Opcode >= opI32Lt && op.Opcode <= opI32Ge, op.Opcode >= opI64Lt && op.Opcode <= opI64Ge:
		switch {
		case !s.top:
		case op.Opcode <= opI32Ge:
			c.Emit(0x41, 0, 0x72) // i32.const 0, i32.or
		default:
			c.Emit(0x42, 0, 0x84) // i64.const 0, i64.or
		}
		s.top = false
	case op.Opcode == opI32And, op.Opcode == opI64And:
		s.top = true
	case op.Opcode == opLocalGet:
		s.top = s.locals[op.Index]
	case op.Opcode == opLocalTee:
		s.locals[op.Index] = s.locals[op.Index] || s.top
	case op.Opcode == opLocalSet:
		s.locals[op.Index] = s.locals[op.Index] || s.top
		s.top = true // what was below
	default:
		s.top = !makesValue(m, op)
	}
}

// makesValue reports whether an operation leaves a value that it made, and which
// is no conjunction.
func makesValue(m *wasm.Module, op *wasm.Operation) bool {
	switch code := op.Opcode; {
	case code == wasm.OpCall:
		return len(m.Types[m.Functions[op.Index]].Results) > 0
	case code == wasm.OpCallIndirect:
		return len(m.Types[op.Index].Results) > 0
	case code == opSelect, code == opSelect+1, code == opGlobal:
		return true
	case code >= opI32Load && code <= opLoad32U, code >= opMemSize && code <= opExtend:
		return true
	}
	return false
}
