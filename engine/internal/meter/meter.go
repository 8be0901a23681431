package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

const (
	// uncheckedMost is the most that is charged, operation after operation,
	// without asking.
	uncheckedMost = 10_000

	// uncheckedFunction is the most that a function without a loop or a call
	// may cost to be charged without asking.
	uncheckedFunction = 64
)

// Instrument returns the module as it is metered. Errors are those of
// wasm.Read.
func Instrument(m *wasm.Module) ([]byte, error) {
	return m.Rewrite(func(w *wasm.Rewriter) wasm.Hook { return newMeter(w) })
}

// meter is the hook that charges.
type meter struct {
	*routines
	Options

	// Of one function:
	code     *wasm.Code
	frames   []frame // innermost last; the first is the function
	segments []segment
	loops    []loop
	branches branches
	before   int   // slot before the operation, if that is a loop
	final    int   // slot before the final end
	landings []int // slots, see landing
	leavings []int // slots, see leaving
	inlined  []inlined
	since    uint64 // most that may have been charged since the last check
	text     uint64 // most that all operations so far may be charged
	repeats  bool   // it has a loop, or calls
	calls    bool   // it calls and goes on afterwards
	tries    int    // most try around the same code
	trying   int    // around the operation
}

func newMeter(w *wasm.Rewriter) *meter { return &meter{routines: newRoutines(w)} }

// Begin opens the first segment.
func (m *meter) Begin(c *wasm.Code) {
	*m = meter{
		routines: m.routines, Options: m.Options, code: c, frames: m.frames[:0], segments: m.segments[:0], loops: m.loops[:0],
		branches: m.branches.none(), landings: m.landings[:0], leavings: m.leavings[:0], inlined: m.inlined[:0],
	}
	m.frames = append(m.frames, frame{opcode: wasm.OpBlock, low: never, loop: -1})
	m.begin(m.top(), true)
	m.charge(entry(c), 0)
}

// entry is what a call of a function costs inside of it.
func entry(c *wasm.Code) uint64 { return costEntry + uint64(c.Locals/localsPerUnit) }

// Operation charges for an operation and copies it.
func (m *meter) Operation(c *wasm.Code) {
	op := c.Op
	m.uses(op)
	m.ahead(op)
	switch {
	case op.Opcode == wasm.OpBr || op.Opcode == wasm.OpBrIf || op.Opcode == wasm.OpBrTable:
		m.jump(op)
	case m.top().dead:
		c.Copy()
	case op.Opcode == wasm.OpReturn:
		m.jumpOut()
	case op.Opcode == opMemoryFill || op.Opcode == opMemoryCopy:
		m.inline(op)
	default:
		m.move(c)
	}
	m.follow(op)
}

// ahead does what is to be done before an operation.
func (m *meter) ahead(op *wasm.Operation) {
	switch op.Opcode {
	case wasm.OpLoop:
		m.charge(m.moved(m.code), 0)
		m.before = m.code.Slot()
		return // each iteration pays, in the segment that it begins
	case wasm.OpCatch, wasm.OpCatchAll:
		return // the same
	case wasm.OpTry, wasm.OpTryTable:
		m.try()
	case wasm.OpReturnCall, wasm.OpReturnCallIndirect:
		if !m.top().dead {
			m.leaving()
		}
	case wasm.OpEnd:
		if len(m.frames) == 1 {
			m.final = m.code.Slot()
		}
	}
	m.charge(cost(op.Opcode)+m.moved(m.code), later(op.Opcode))
}

// move copies an operation, and lets it pay for what its operands ask for.
func (r *routines) move(c *wasm.Code) {
	call := func(f uint32) { c.Emit(code{}.with(opCall, f)...) }
	switch op := c.Op; op.Opcode {
	case opMemoryGrow:
		call(r.pages)
		c.Copy()
	case opMemoryFill:
		call(r.fill)
	case opMemoryCopy:
		call(r.copy)
	case opMemoryInit:
		if f, long := r.initializing(op.Index); long {
			call(f)
			return
		}
		call(r.bulk)
		c.Copy()
	case opTableInit, opTableCopy, opTableGrow, opTableFill:
		call(r.bulk)
		c.Copy()
	default:
		c.Copy()
	}
}

// follow moves between segments.
func (m *meter) follow(op *wasm.Operation) {
	switch op.Opcode {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpTry:
		m.open(op)
	case wasm.OpTryTable:
		m.open(op)
		for _, l := range op.Labels {
			m.clause(l)
		}
	case wasm.OpElse, wasm.OpCatch, wasm.OpCatchAll:
		m.turn(op.Opcode)
	case wasm.OpEnd, wasm.OpDelegate:
		m.close()
	case wasm.OpBr:
		m.branch(op.Index)
		m.stop()
	case wasm.OpBrIf:
		m.branch(op.Index)
		if top := m.top(); !top.dead {
			m.begin(top, false)
		}
	case wasm.OpBrTable:
		for _, l := range op.Labels {
			m.branch(l)
		}
		m.stop()
	case wasm.OpReturn:
		m.leave(0)
		m.stop()
	case wasm.OpReturnCall, wasm.OpReturnCallIndirect:
		m.repeats = m.repeats || !m.top().dead
		m.leave(0)
		m.stop()
	case wasm.OpCall, wasm.OpCallIndirect:
		m.repeats = m.repeats || !m.top().dead
		m.calls = m.calls || !m.top().dead
		m.interrupt()
	case opMemoryGrow, opMemoryFill, opMemoryCopy, opMemoryInit, opTableInit, opTableCopy, opTableGrow, opTableFill:
		m.interrupt()
	case wasm.OpThrow, wasm.OpRethrow, wasm.OpThrowRef:
		m.throw()
	case wasm.OpUnreachable:
		m.stop()
	}
}
