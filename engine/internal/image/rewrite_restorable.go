package image

import (
	"fmt"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// shared says what of a module lies outside of an instance's memory and numeric
// globals, whatever its code does.
func shared(m *wasm.Module) error {
	switch {
	case m.Imported[wasm.KindMemory] > 0:
		return fmt.Errorf("its memory is imported")
	case m.Imported[wasm.KindTable] > 0:
		return fmt.Errorf("table 0 is imported")
	}
	for i, g := range m.Globals {
		switch {
		case !g.Mutable:
		case i < m.Imported[wasm.KindGlobal]:
			return fmt.Errorf("global %d is imported and mutable", i)
		case !numeric(g.Type):
			return fmt.Errorf("global %d is a mutable %s", i, typeName(g.Type))
		}
	}
	return nil
}

// numeric says whether a value fits 64 bits and means the same in every
// instance.
func numeric(typ byte) bool { return typ >= 0x7c && typ <= 0x7f }

func typeName(typ byte) string {
	switch typ {
	case 0x7b:
		return "v128"
	case 0x70:
		return "funcref"
	case 0x6f:
		return "externref"
	case 0x69:
		return "exnref"
	}
	return fmt.Sprintf("value of type 0x%02x", typ)
}

// note looks at an operation, reached or not.
func (s *pass) note(op *wasm.Operation) {
	switch op.Opcode {
	case opMemoryInit:
		s.usesData = true
	case opDataDrop:
		s.usesData = true
		s.obstacle("data segment %d is dropped by data.drop", op.Index)
	case opElemDrop:
		s.obstacle("element segment %d is dropped by elem.drop", op.Index)
	case opTableSet:
		s.obstacle("table %d is changed by table.set", op.Index)
	case opTableInit:
		s.obstacle("table %d is changed by table.init", op.Index2)
	case opTableCopy:
		s.obstacle("table %d is changed by table.copy", op.Index)
	case opTableGrow:
		s.obstacle("table %d is changed by table.grow", op.Index)
	case opTableFill:
		s.obstacle("table %d is changed by table.fill", op.Index)
	}
}

// obstacle keeps the first reason why instances cannot be restored.
func (s *pass) obstacle(format string, index uint32) {
	if s.program.Restorable == nil {
		s.program.Restorable = fmt.Errorf(format+" in function %d", index, s.function)
	}
}
