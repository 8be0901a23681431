package meter

import "github.com/lambent-dev/lambent/engine/internal/wasm"

// loop is a loop of the function that is reached.
//
// Whoever asks for more in a loop does so behind it, because a compiler that
// finds a call in a loop keeps nothing in registers there:
//
//	block $done
//	  loop $again
//	    block $ask
//	      loop $loop     the original one
//	        charge; br_if $ask, if nothing is left
//	        …
//	      end
//	      br $done
//	    end
//	    call slow; charge the same with the other sign
//	    br $again
//	  end
//	end
//
// Where nothing in the loop is called, a local holds what the global does, from
// before the loop: it is never read from memory then, and always written. Some
// compilers want other locals to be saved around the call, too: see saved.go.
type loop struct {
	outer  int           // the loop around it, -1 if none
	header int           // its first segment
	open   []byte        // the operation, as it was
	typ    wasm.FuncType // of its block
	before int           // slot before it
	end    int           // slot after its end
	locals []uint32      // that are used in it, mostSaved + 1 at most
	calls  bool          // something that charges is called in it
	caught bool          // an exception may lead to its beginning
}

// around is how many frames are written around a loop.
const around = 3

// loop begins a loop.
func (m *meter) loop(op *wasm.Operation) int {
	m.loops = append(m.loops, loop{
		outer: m.top().loop, header: len(m.segments), open: m.code.Bytes(), typ: op.Block, before: m.before,
	})
	return len(m.loops) - 1
}

// interrupt marks the loops around a call, or an operation for which a routine
// charges.
func (m *meter) interrupt() {
	if m.top().dead {
		return
	}
	for i := m.top().loop; i >= 0 && !m.loops[i].calls; i = m.loops[i].outer {
		m.loops[i].calls = true
	}
}

// cached says whether the local holds what is left in a loop.
func (w *writer) cached(i int) bool { return w.wraps && i >= 0 && !w.loops[i].calls }

// loop writes what stands around one.
func (w *writer) loop(i int) {
	l := &w.loops[i]
	var before code
	if w.cached(i) && !w.cached(l.outer) {
		before = before.with(opGlobalGet, w.global).with(opLocalSet, w.left)
	}
	typ := l.open[1:]
	asks := []byte{empty}
	if params := l.typ.Params; len(params) > 0 {
		asks = w.blockType(wasm.FuncType{Params: params, Results: params})
	}
	w.fill(l.before, before.op(opBlock).op(typ...).op(opLoop).op(typ...).op(opBlock).op(asks...))

	save, restore := w.saved(i)
	after := code{}.with(opBr, 2).op(opEnd).op(save...).with(opCall, w.slow).op(restore...).
		with(opGlobalGet, w.global).i64(int64(w.segments[l.header].cost)).op(opI64Add)
	if w.cached(i) {
		after = after.with(opLocalSet, w.left)
	} else {
		after = after.with(opGlobalSet, w.global)
	}
	w.fill(l.end, after.with(opBr, 0).op(opEnd, opEnd))
}
