package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

const (
	// StackLimit is how many bytes the frames of a guest may take together, by
	// the formula of frameSize. Of each, wazero v1.12.0 takes 0.1 to 1.5 bytes,
	// and it has 50,000,000. A function that it keeps hundreds of values for, one
	// for each of as many calls, takes more (50, with 1,000): recursion through such
	// ends at wazero's limit, as the same trap.
	StackLimit = 16 << 20

	// CatchLimit is StackLimit of a module that handles exceptions: wazero v1.12.0
	// copies the whole stack, as large as it ever was, whenever it enters a
	// try_table, and keeps the copy until it leaves. That makes 256 copies of less
	// than 1 MiB.
	CatchLimit = 256 << 10

	frameBytes = 64   // of each call,
	valueBytes = 16   // for each local and operand,
	catchBytes = 1024 // and for each try around the same code
)

// stackLimit is that of a module.
func stackLimit(m *wasm.Module) int64 {
	if m.Catches {
		return CatchLimit
	}
	return StackLimit
}

// frameSize is what a call of the function takes of the stack. The limits of
// package wasm keep it far below what an i32 can hold.
func (w *writer) frameSize() int64 {
	return frameBytes + valueBytes*int64(w.code.Locals+w.code.Operands()) + catchBytes*int64(w.tries)
}

// framed says whether the function takes a frame. One that only returns, or
// makes tail calls, does not: there is one such frame at a time, and the limits
// of package wasm bound it.
func (m *meter) framed() bool { return m.calls || m.tries > 0 }

// try counts a try, reached or not: a function that has one is written
// differently.
func (m *meter) try() {
	m.trying++
	m.tries = max(m.tries, m.trying)
	m.repeats = true
}

// landing is a place where an exception may arrive from a called function,
// whose frames are gone.
func (m *meter) landing() { m.landings = append(m.landings, m.code.Slot()) }

// leaving is a place before a tail call, which gives the frame back.
func (m *meter) leaving() { m.leavings = append(m.leavings, m.code.Slot()) }

// aroundFunction is how many frames stand between the code of a function that
// calls and the block around it.
const aroundFunction = 2

// function writes what stands around the code of a function with a frame. It
// takes its frame, pays for its first segment, and asks with one branch whether
// there was enough of both:
//
//	block $done              where returns go
//	  loop $again
//	    block $ask
//	      charge; take; br_if $ask, if nothing is left of either
//	      …                  the original code
//	      br $done
//	    end
//	    call slow; charge and take the same with the other sign
//	    br $again
//	  end
//	end
//	give the frame back
//
// Where exceptions are handled, nothing stands around the code but $done, and
// it asks at once.
func (w *writer) function() {
	first, cost := w.segments[0].slot, int64(w.segments[0].cost)
	results := w.blockType(wasm.FuncType{Results: w.code.Results()})
	c := code{}.op(opBlock).op(results...)
	if w.short {
		c = c.i64(cost).with(opCall, w.pay).i64(w.frame).with(opCall, w.enter)
		if w.tries > 0 {
			c = c.with(opGlobalGet, w.stack).with(opLocalSet, w.pointer)
		}
		w.fill(first, c)
		w.done()
		return
	}
	if w.wraps {
		c = c.op(opLoop).op(results...).op(opBlock, empty)
	}
	c = c.with(opGlobalGet, w.global).i64(cost).op(opI64Sub).with(opLocalTee, w.left).with(opGlobalSet, w.global).
		with(opGlobalGet, w.stack).i64(w.frame).op(opI64Sub).with(opLocalTee, w.pointer).with(opGlobalSet, w.stack).
		get(w.left, w.pointer).op(opI64Or)
	if !w.wraps {
		w.fill(first, seldom(c, code{}.with(opCall, w.slow)))
		w.done()
		return
	}
	w.fill(first, c.i64(0).op(opI64LtS).with(opBrIf, 0))
	again := code{}.with(opBr, aroundFunction).op(opEnd).with(opCall, w.slow).
		with(opGlobalGet, w.global).i64(cost).op(opI64Add).with(opGlobalSet, w.global)
	again = w.giveBack(again).with(opBr, 0).op(opEnd, opEnd)
	w.fill(w.final, w.giveBack(again))
}

// done ends $done where nothing else stands around the code. Exceptions may lead
// there too.
func (w *writer) done() {
	c := code{}.op(opEnd)
	if w.tries > 0 {
		c = append(c, w.regain()...)
	}
	w.fill(w.final, w.giveBack(c))
}

// giveBack gives the frame back.
func (w *writer) giveBack(c code) code {
	if w.short {
		return c.i64(w.frame).with(opCall, w.exit)
	}
	return c.with(opGlobalGet, w.stack).i64(w.frame).op(opI64Add).with(opGlobalSet, w.stack)
}

// regain takes the stack as it was before the calls that an exception ended.
func (w *writer) regain() code { return code{}.get(w.pointer).with(opGlobalSet, w.stack) }
