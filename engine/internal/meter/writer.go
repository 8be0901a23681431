package meter

import (
	"slices"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// growth is how many times its size a body may get before what is added becomes
// calls of routines, slower and shorter. Only bodies made for it get there.
const growth = 6

// writer writes what is added to one function, when all of it is known.
type writer struct {
	*meter
	wraps     bool // what is seldom executed stands behind what it interrupts
	short     bool // additions are calls
	additions []addition
	size      int // of the additions, in bytes

	locals  []byte // types of the locals that are added:
	left    uint32 // what is left of the fuel
	pointer uint32 // what is left of the stack, to this frame
	frame   int64  // what this frame takes of it
}

// addition is code for a slot.
type addition struct {
	slot int
	code code
}

// End writes the additions.
func (m *meter) End(c *wasm.Code) {
	if !m.repeats && m.text <= uncheckedFunction {
		m.segments[0].check = false
	}
	// Exceptions leave through what is written around loops: labels of clauses
	// would change, and registers are lost anyway.
	w := &writer{meter: m, wraps: m.tries == 0}
	w.write()
	if c.Emitted()+w.size > growth*c.Size {
		w = &writer{meter: m, short: true}
		w.write()
	}
	for _, typ := range w.locals {
		c.Local(typ)
	}
	for _, a := range w.additions {
		c.Fill(a.slot, a.code)
	}
}

func (w *writer) write() {
	if w.framed() {
		w.frame = w.frameSize()
	}
	if w.framed() && (!w.short || w.tries > 0) {
		w.pointer = w.local(typeI64)
	}
	if !w.short && slices.ContainsFunc(w.segments, func(s segment) bool { return s.check }) {
		w.left = w.local(typeI64)
	}
	for i := range w.segments {
		if i == 0 && w.framed() {
			w.function()
		} else if c := w.segment(i); len(c) > 0 {
			w.fill(w.segments[i].slot, c)
		}
	}
	if w.wraps {
		for i := range w.loops {
			w.loop(i)
		}
	}
	w.inlines()
	w.jumps()
	if w.framed() {
		for _, slot := range w.landings {
			w.fill(slot, w.regain())
		}
		for _, slot := range w.leavings {
			w.fill(slot, w.giveBack(nil))
		}
	}
}

// local adds a local.
func (w *writer) local(typ byte) uint32 {
	w.locals = append(w.locals, typ)
	return w.code.NextLocal() + uint32(len(w.locals)-1)
}

func (w *writer) fill(slot int, c code) {
	w.additions = append(w.additions, addition{slot, c})
	w.size += len(c)
}

// blockType encodes the type of a block.
func (w *writer) blockType(t wasm.FuncType) []byte {
	switch {
	case len(t.Params) > 0 || len(t.Results) > 1:
		return code{}.signed(int64(w.w.Type(t)))
	case len(t.Results) == 1:
		return t.Results
	}
	return []byte{empty}
}

// segment is the code that charges for one.
func (w *writer) segment(i int) code {
	s := w.segments[i]
	header := s.loop >= 0 && w.loops[s.loop].header == i
	var c code
	if header && w.loops[s.loop].caught {
		c = w.regain()
	}
	if s.cost == 0 {
		return c
	}
	cached := w.cached(s.loop)
	switch {
	case w.short:
		return c.i64(int64(s.cost)).with(opCall, w.pay)
	case cached:
		c = c.get(w.left)
	default:
		c = c.with(opGlobalGet, w.global)
	}
	c = c.i64(int64(s.cost)).op(opI64Sub)
	if cached || s.check {
		c = c.with(opLocalTee, w.left)
	}
	if c = c.with(opGlobalSet, w.global); !s.check {
		return c
	}
	if header && w.wraps {
		return c.get(w.left).i64(0).op(opI64LtS).with(opBrIf, 1)
	}
	ask := code{}.with(opCall, w.slow)
	if cached {
		ask = ask.with(opGlobalGet, w.global).with(opLocalSet, w.left)
	}
	return seldom(c.get(w.left), ask)
}

// seldom executes code if the number that is on the stack is below 0. It is what
// the condition is not for: wazero lays out the code that follows as if it came
// from the arm of the if, which is why sieve takes 1.2 times as long as plain, and
// not 1.4 times.
func seldom(c, asking code) code {
	return c.i64(0).op(opI64GeS, opIf, empty, opElse).op(asking...).op(opEnd)
}
