package meter

import (
	"slices"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// mostSaved is the most locals of a loop that are saved. Where there are more, a
// compiler has not enough registers in any case.
const mostSaved = 20

// savedGlobal is a global in which a local is saved: that of the n-th local of its
// type in a loop. All loops share them, as nothing of the guest's runs meanwhile.
type savedGlobal struct {
	typ byte
	n   int
}

// uses notes that the loops around an operation use a local.
func (m *meter) uses(op *wasm.Operation) {
	if !m.SavesLocals || m.top().dead || op.Opcode < opLocalGet || op.Opcode > opLocalTee {
		return
	}
	for i := m.top().loop; i >= 0; i = m.loops[i].outer {
		l := &m.loops[i]
		if len(l.locals) > mostSaved || slices.Contains(l.locals, op.Index) {
			return // and so it is for the loops around
		}
		l.locals = append(l.locals, op.Index)
	}
}

// saved is code that puts the locals of a loop into globals, and code that takes
// them back. A local that is saved does not live on while something is called in
// between, so that a compiler may have it in a register in the loop.
func (w *writer) saved(i int) (save, restore code) {
	l := &w.loops[i]
	if !w.cached(i) || len(l.locals) > mostSaved {
		return nil, nil
	}
	var n [256]int
	for _, local := range l.locals {
		typ := w.code.Types()[local]
		first := initial(typ)
		if first == nil {
			continue
		}
		key := savedGlobal{typ, n[typ]}
		n[typ]++
		global, ok := w.savedGlobals[key]
		if !ok {
			global = w.w.Global(wasm.Global{Type: typ, Mutable: true}, first)
			w.savedGlobals[key] = global
		}
		save = save.get(local).with(opGlobalSet, global)
		restore = restore.with(opGlobalGet, global).with(opLocalSet, local)
	}
	return save, restore
}

// initial is the number 0 of a type, nil if the type is not one of numbers.
func initial(typ byte) code {
	switch typ {
	case typeI32:
		return code{}.i32(0)
	case typeI64:
		return code{}.i64(0)
	case typeF32:
		return code{opF32Const, 0, 0, 0, 0}
	case typeF64:
		return code{opF64Const, 0, 0, 0, 0, 0, 0, 0, 0}
	}
	return nil
}
