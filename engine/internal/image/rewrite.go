package image

import (
	"github.com/lambent-dev/lambent/engine/internal/meter"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// RewriteVersion numbers what Rewrite makes of a module, beside what meter.Version
// numbers. Any change of it raises it: compiled code and frozen images of one
// version do not fit another.
const RewriteVersion = 3

// Options are what engines differ in.
type Options struct {
	// TableEntries is the most entries that all tables of the module may grow
	// to together, but for what they have at first, so that table.grow cannot
	// take memory that no limit counts. Each table gets an equal share. 0 leaves
	// tables as they are.
	TableEntries uint32

	// OpenMemory takes away the maximum of the module's own memory: whoever
	// gives the memory bounds it.
	OpenMemory bool

	// GuardWazero keeps wazero from its known mistakes, see guards.
	GuardWazero bool

	// SavesLocals is for wasmtime, see meter.Options.
	SavesLocals bool

	// ExportMemory exports the module's own memory as MemoryExport, for engines
	// that know it by its exports alone.
	ExportMemory bool
}

// Program is a module as engines compile it, and what is left for the host to
// do when it is instantiated: Apply, then call Start.
type Program struct {
	// Module is the rewritten module.
	Module []byte

	// Data are the active data segments, in order, for Apply.
	Data Segments

	// Start is the name of the export that is the start function, "" if there is
	// none.
	Start string

	// Globals are the mutable globals of the original module, in order.
	Globals []Global

	// Restorable is nil if an instance can be brought back to an earlier state
	// by its memory and Globals alone. Otherwise it says why not.
	Restorable error

	// Functions names the functions of Module.
	Functions *Functions
}

// Rewrite returns the program of a module: metered, without custom sections,
// active data segments and start function, with every mutable global exported.
// Errors are those of wasm.Read.
//
// Active data segments stay where they are, and Program.Data is empty, if the
// place of one depends on an imported global.
func Rewrite(m *wasm.Module, o Options) (*Program, error) {
	p := &Program{}
	out, err := m.Rewrite(func(w *wasm.Rewriter) wasm.Hook {
		return newPass(meter.Hook(w, meter.Options{SavesLocals: o.SavesLocals}), w, p, o)
	})
	if err != nil {
		return nil, err
	}
	p.Module = out
	return p, nil
}

// pass is the hook of the meter, and looks on.
type pass struct {
	wasm.Hook
	w        *wasm.Rewriter
	program  *Program
	function int  // that is read
	usesData bool // by memory.init or data.drop

	guards *guards // nil if there are none
}

// newPass wraps a hook that has added its imports.
func newPass(hook wasm.Hook, w *wasm.Rewriter, p *Program, o Options) *pass {
	m := w.Module()
	s := &pass{Hook: hook, w: w, program: p, function: m.Imported[wasm.KindFunc] - 1}
	p.Functions = newFunctions(w)
	p.Restorable = shared(m)
	w.Omit(wasm.SectionCustom)
	s.takeStart()
	s.exportGlobals()
	if o.GuardWazero {
		s.guards = &guards{}
	}
	if o.TableEntries > 0 {
		s.boundTables(o.TableEntries)
	}
	if o.OpenMemory {
		s.openMemory()
	}
	if o.ExportMemory && len(m.Memories) > m.Imported[wasm.KindMemory] {
		w.Export(MemoryExport, wasm.KindMemory, 0)
	}
	return s
}

// Begin implements wasm.Hook.
func (s *pass) Begin(c *wasm.Code) {
	s.function++
	if s.guards != nil {
		s.guards.begin(c)
	}
	s.Hook.Begin(c)
}

// Operation implements wasm.Hook.
func (s *pass) Operation(c *wasm.Code) {
	if c.Op.Opcode == opTableSet || c.Op.Opcode>>8 == 0xfc {
		s.note(c.Op)
	}
	if s.guards != nil {
		s.guards.operation(s.w.Module(), c)
	}
	s.Hook.Operation(c)
}

// Operations that matter to what is kept of data segments, or that change what
// cannot be restored.
const (
	opTableSet   wasm.Opcode = 0x26
	opMemoryInit wasm.Opcode = 0xfc08
	opDataDrop   wasm.Opcode = 0xfc09
	opTableInit  wasm.Opcode = 0xfc0c
	opElemDrop   wasm.Opcode = 0xfc0d
	opTableCopy  wasm.Opcode = 0xfc0e
	opTableGrow  wasm.Opcode = 0xfc0f
	opTableFill  wasm.Opcode = 0xfc11
)
