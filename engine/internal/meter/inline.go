package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// inlineMost is how many bytes memory.fill and memory.copy move without the help
// of a function, which would take twice as long as 16 bytes do.
const inlineMost = 4096

// inlined is a memory.fill or memory.copy.
type inlined struct {
	slot   int
	opcode wasm.Opcode
}

// later is what an operation charges for its operands without asking whether
// anything is left.
func later(op wasm.Opcode) uint64 {
	if op == opMemoryFill || op == opMemoryCopy {
		return inlineMost >> bytesShift
	}
	return 0
}

func (m *meter) inline(op *wasm.Operation) {
	m.inlined = append(m.inlined, inlined{m.code.Slot(), op.Opcode})
}

// inlines writes them:
//
//	if length ≤ inlineMost
//	  charge for length; the operation
//	else
//	  call fill or copy
//	end
func (w *writer) inlines() {
	var length uint32
	if len(w.inlined) > 0 && !w.short {
		length = w.local(typeI32)
	}
	typ := w.blockType(moves)
	for _, i := range w.inlined {
		f, operation := w.routines.fill, code{0xfc, 0x0b, 0}
		if i.opcode == opMemoryCopy {
			f, operation = w.copy, code{0xfc, 0x0a, 0, 0}
		}
		if w.short {
			w.fill(i.slot, code{}.with(opCall, f))
			continue
		}
		w.fill(i.slot, code{}.with(opLocalTee, length).get(length).i32(inlineMost).op(opI32LeU, opIf).op(typ...).
			with(opGlobalGet, w.global).get(length).op(opI64Extend).i64(bytesShift).op(opI64ShrU, opI64Sub).with(opGlobalSet, w.global).
			op(operation...).op(opElse).with(opCall, f).op(opEnd))
	}
}
