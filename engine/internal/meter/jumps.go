package meter

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// jump is a branch, whose labels are written last: they count what is written
// around loops and the function.
type jump struct {
	slot     int
	loop     int // innermost around it, -1 if none
	from, to int // its labels
}

// label is one label of a jump.
type label struct {
	original uint32
	loop     int  // innermost around its target, the target included
	function bool // the target is the function
}

// branches are the jumps of one function.
type branches struct {
	jumps  []jump
	labels []label
}

// none returns no branches, with the same storage.
func (b branches) none() branches { return branches{b.jumps[:0], b.labels[:0]} }

// jump emits a branch, reached or not.
func (m *meter) jump(op *wasm.Operation) {
	m.code.Emit(byte(op.Opcode))
	from := len(m.branches.labels)
	if op.Opcode == wasm.OpBrTable {
		m.code.Emit(binary.AppendUvarint(nil, uint64(len(op.Labels)-1))...)
		for _, l := range op.Labels {
			m.label(l)
		}
	} else {
		m.label(op.Index)
	}
	m.branches.jumps = append(m.branches.jumps, jump{m.code.Slot(), m.top().loop, from, len(m.branches.labels)})
}

// jumpOut emits a return as the branch that it is, so that what stands after
// the function's code is executed.
func (m *meter) jumpOut() {
	m.jump(&wasm.Operation{Opcode: wasm.OpBr, Index: uint32(len(m.frames) - 1)})
}

func (m *meter) label(original uint32) {
	target := len(m.frames) - 1 - int(original)
	m.branches.labels = append(m.branches.labels, label{original, m.frames[target].loop, target == 0})
}

// jumps writes the labels.
func (w *writer) jumps() {
	for _, j := range w.branches.jumps {
		var c code
		for _, l := range w.branches.labels[j.from:j.to] {
			c = binary.AppendUvarint(c, uint64(w.shifted(l, j.loop)))
		}
		w.fill(j.slot, c)
	}
}

// shifted is a label as it is counted from inside a loop.
func (w *writer) shifted(l label, from int) uint32 {
	n := l.original
	if !w.wraps {
		return n
	}
	for i := from; i != l.loop; i = w.loops[i].outer {
		n += around
	}
	if l.function && w.framed() {
		n += aroundFunction
	}
	return n
}
