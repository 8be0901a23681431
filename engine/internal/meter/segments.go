package meter

import (
	"math"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// segment is code that is executed as a whole, wherever it stands, each time
// its beginning is: its cost is charged there.
type segment struct {
	slot  int
	cost  uint64
	check bool // ask if nothing is left
	loop  int  // innermost around it, -1 if none
}

// never is the low of a frame that no branch leaves.
const never = math.MaxInt

// frame is one level of nesting.
type frame struct {
	opcode   wasm.Opcode // what opened it
	segment  int         // that the next operation belongs to
	low      int         // outermost frame that a branch from here goes to, this one included
	targeted bool        // a branch goes to its end
	dead     bool        // what comes next is not reached
	unopened bool        // even its beginning is not reached
	split    bool        // it has an else or a catch
	arrived  bool        // the code before that reaches its end
	caught   bool        // an exception may lead to its label
	loop     int         // innermost that is reached, itself included, -1 if none

	// What may have been charged since the last check: at the beginning, at
	// most at the end where another way than the last code leads there.
	sinceOpen, sinceEnd uint64
	textOpen            uint64
}

// charge adds the cost of an operation to the segment, which a new one with a
// check follows up when it has been long since the last. later is what the
// operation may charge itself, without asking.
func (m *meter) charge(cost, later uint64) {
	top := m.top()
	if top.dead || cost == 0 {
		return
	}
	if m.since+cost+later > uncheckedMost {
		m.begin(top, true)
	}
	m.segments[top.segment].cost += cost
	m.since += cost + later
	m.text += cost + later
}

// begin begins a segment here.
func (m *meter) begin(f *frame, check bool) {
	f.segment = len(m.segments)
	m.segments = append(m.segments, segment{slot: m.code.Slot(), check: check, loop: f.loop})
	if check {
		m.since = 0
	}
}

func (m *meter) top() *frame { return &m.frames[len(m.frames)-1] }

// open opens a frame. A block shares the segment around it, the others begin
// one: their code is executed not at all, or more often.
func (m *meter) open(op *wasm.Operation) {
	parent := m.top()
	f := frame{
		opcode: op.Opcode, segment: parent.segment, low: never, dead: parent.dead, unopened: parent.dead,
		sinceOpen: m.since, textOpen: m.text, loop: parent.loop,
	}
	isLoop := op.Opcode == wasm.OpLoop
	if isLoop && !f.dead {
		f.loop = m.loop(op)
	}
	if !f.dead && op.Opcode != wasm.OpBlock {
		m.begin(&f, isLoop)
	}
	m.frames = append(m.frames, f)
	if isLoop {
		m.charge(cost(op.Opcode), 0)
		m.repeats = m.repeats || !f.dead
	}
}

// turn goes on with the else of an if, or a catch.
func (m *meter) turn(op wasm.Opcode) {
	f := m.top()
	f.split = true
	if f.unopened {
		return
	}
	f.arrived = f.arrived || !f.dead
	if !f.dead {
		f.sinceEnd = max(f.sinceEnd, m.since)
	}
	f.dead = false
	m.since = f.sinceOpen
	if op != wasm.OpElse { // from anywhere in the code before
		m.landing()
		m.since += m.text - f.textOpen
	}
	m.begin(f, false)
	m.charge(cost(op), 0)
}

// branch marks what a branch to a label changes. Branches back count as well:
// code after a continue is not executed together with the code before it.
func (m *meter) branch(label uint32) {
	m.leave(len(m.frames) - 1 - int(label))
}

// clause marks what a clause of try_table changes, whose label is counted from
// outside of it.
func (m *meter) clause(label uint32) {
	m.branch(label + 1)
	f := &m.frames[len(m.frames)-2-int(label)]
	switch {
	case m.top().dead:
	case f.opcode == wasm.OpLoop:
		m.loops[f.loop].caught = true
	default:
		f.caught = true
	}
}

func (m *meter) leave(target int) {
	top := m.top()
	if top.dead {
		return
	}
	top.low = min(top.low, target)
	if f := &m.frames[target]; f.opcode != wasm.OpLoop {
		f.targeted = true
		f.sinceEnd = max(f.sinceEnd, m.since)
	}
}

// stop ends the code that is reached.
func (m *meter) stop() { m.top().dead = true }

// throw leaves for an unknown place.
func (m *meter) throw() {
	if top := m.top(); !top.dead {
		top.low = 0
		top.dead = true
	}
}

// close ends the innermost frame. What follows it belongs to the segment
// before it, if whoever enters it comes out at its end; to the segment at its
// end, if that is the only way there; else a new one begins.
func (m *meter) close() {
	f := *m.top()
	depth := len(m.frames) - 1
	m.frames = m.frames[:depth]
	if f.opcode == wasm.OpTry || f.opcode == wasm.OpTryTable {
		m.trying--
	}
	if depth == 0 || f.unopened {
		return
	}
	if f.opcode == wasm.OpLoop {
		m.loops[f.loop].end = m.code.Slot()
	} else if f.caught {
		m.landing()
	}
	if f.opcode == wasm.OpTryTable { // its clauses are reached from anywhere inside
		for i := min(f.low, depth); i < depth; i++ {
			m.frames[i].sinceEnd = max(m.frames[i].sinceEnd, f.sinceOpen+m.text-f.textOpen)
		}
	}
	parent := m.top()
	parent.low = min(parent.low, f.low)
	skipped := f.opcode == wasm.OpIf && !f.split
	joined := f.targeted || f.arrived || skipped
	if f.dead && !joined {
		parent.dead = true
		return
	}
	m.join(&f, skipped)
	switch {
	case f.low >= depth:
	case !f.targeted && (f.opcode == wasm.OpBlock || f.opcode == wasm.OpLoop):
		parent.segment = f.segment
	default:
		m.begin(parent, false)
	}
}

// join makes since the most of all ways that lead to the end of a frame.
func (m *meter) join(f *frame, skipped bool) {
	if f.dead {
		m.since = 0
	}
	if f.targeted || f.arrived {
		m.since = max(m.since, f.sinceEnd)
	}
	if skipped {
		m.since = max(m.since, f.sinceOpen)
	}
}
