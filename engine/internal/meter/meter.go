package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

const (
	// uncheckedMost is the most that is charged, operation after operation,
	// without asking.
	uncheckedMost = 10_000

	// uncheckedFunction is the most that a function without a loop or a call
	// may cost to be charged without asking.
	uncheckedFunction = 64

	// growth is how many times its size a body may get before every charge
	// becomes a call, slower and shorter. Only bodies made for it get there.
	growth = 6
)

// Instrument returns the module as it is metered. Errors are those of
// wasm.Read.
func Instrument(m *wasm.Module) ([]byte, error) {
	return m.Rewrite(func(w *wasm.Rewriter) wasm.Hook { return newMeter(w) })
}

// meter is the hook that charges.
type meter struct {
	*helpers

	// Of one function:
	code     *wasm.Code
	frames   []frame // innermost last; the first is the function
	segments []segment
	repeats  bool   // it has a loop or a call
	since    uint64 // most that may have been charged since the last check
	text     uint64 // cost of all operations so far
}

func newMeter(w *wasm.Rewriter) *meter { return &meter{helpers: newHelpers(w)} }

// Begin opens the first segment.
func (m *meter) Begin(c *wasm.Code) {
	m.code = c
	m.frames = append(m.frames[:0], frame{opcode: wasm.OpBlock, low: never})
	m.segments, m.repeats, m.since, m.text = m.segments[:0], false, 0, 0
	m.begin(m.top(), true)
	m.charge(entry(c))
}

// entry is what a call of a function costs inside of it.
func entry(c *wasm.Code) uint64 { return costEntry + uint64(c.Locals/localsPerUnit) }

// Operation charges for an operation and copies it.
func (m *meter) Operation(c *wasm.Code) {
	op := c.Op
	switch op.Opcode {
	case wasm.OpLoop, wasm.OpCatch, wasm.OpCatchAll: // pay in the segment that they begin
	default:
		m.charge(cost(op.Opcode))
	}
	if m.top().dead {
		c.Copy()
	} else {
		m.move(c)
	}
	m.follow(op)
}

// move copies an operation, and lets it pay for what its operands ask for.
func (h *helpers) move(c *wasm.Code) {
	call := func(f uint32) { c.Emit(code{}.with(opCall, f)...) }
	switch op := c.Op; op.Opcode {
	case opMemoryGrow:
		call(h.pages)
		c.Copy()
	case opMemoryFill:
		call(h.fill)
	case opMemoryCopy:
		call(h.copy)
	case opMemoryInit:
		if f, long := h.initializing(op.Index); long {
			call(f)
			return
		}
		call(h.bulk)
		c.Copy()
	case opTableInit, opTableCopy, opTableGrow, opTableFill:
		call(h.bulk)
		c.Copy()
	default:
		c.Copy()
	}
}

// follow moves between segments.
func (m *meter) follow(op *wasm.Operation) {
	switch op.Opcode {
	case wasm.OpBlock, wasm.OpLoop, wasm.OpIf, wasm.OpTry:
		m.open(op.Opcode)
	case wasm.OpTryTable:
		m.open(op.Opcode)
		for _, l := range op.Labels {
			m.branch(l + 1) // labels are counted from outside of it
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
	case wasm.OpThrow, wasm.OpRethrow, wasm.OpThrowRef:
		m.throw()
	case wasm.OpUnreachable:
		m.stop()
	}
}

// End writes the charges.
func (m *meter) End(c *wasm.Code) {
	if !m.repeats && m.text <= uncheckedFunction {
		m.segments[0].check = false
	}
	left := -1 // the local
	size := c.Emitted()
	for _, s := range m.segments {
		if s.cost > 0 && s.check && left < 0 {
			left = int(c.Local(typeI64))
		}
		size += len(m.sequence(s, uint32(max(left, 0))))
	}
	short := size > growth*c.Size
	for _, s := range m.segments {
		sequence := m.sequence(s, uint32(max(left, 0)))
		if short && s.cost > 0 {
			sequence = code{}.i64(int64(s.cost)).with(opCall, m.pay)
		}
		c.Fill(s.slot, sequence)
	}
}

// sequence is the code that charges for a segment.
func (m *meter) sequence(s segment, left uint32) code {
	if s.cost == 0 {
		return nil
	}
	c := code{}.with(opGlobalGet, m.global).i64(int64(s.cost)).op(opI64Sub)
	if s.check {
		c = c.with(opLocalTee, left)
	}
	c = c.with(opGlobalSet, m.global)
	if s.check {
		c = c.get(left).i64(0).op(opI64LtS, opIf, empty).with(opCall, m.slow).op(opEnd)
	}
	return c
}
