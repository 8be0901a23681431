package sandbox_test

import (
	"slices"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// recursiveModules call deeper and deeper, with frames of every shape.
func recursiveModules() []badGuest {
	none := wb.Types(nil)
	i64s := func(n int) wb.Types { return slices.Repeat(wb.Types{wb.I64}, n) }
	overflows := func(name string, build func(b *wb.Builder) []byte) badGuest {
		return trapped("recursion: "+name, engine.TrapStackOverflow, reactor(1, build))
	}
	// itself is function 0, which calls itself in the middle of its code.
	itself := func(params, results, locals wb.Types, before, after []byte) func(b *wb.Builder) []byte {
		return func(b *wb.Builder) []byte {
			b.Func(b.Type(params, results), locals, before, wb.Call(0), after)
			return wb.Cat(times(len(params), wb.I64Const(1)), wb.Call(0), times(len(results), wb.Drop))
		}
	}
	return []badGuest{
		overflows("of nothing", itself(none, none, nil, nil, nil)),
		overflows("with one local", itself(none, none, i64s(1), wb.Cat(wb.I64Const(1), wb.LocalSet(0)), nil)),
		overflows("with 4,000 locals", itself(none, none, i64s(4000), nil, nil)),
		overflows("with 900 parameters", func(b *wb.Builder) []byte {
			var pass []byte
			for i := range uint32(900) {
				pass = append(pass, wb.LocalGet(i)...)
			}
			return itself(i64s(900), none, nil, pass, nil)(b)
		}),
		overflows("with 900 results", itself(none, i64s(900), nil, nil, nil)),
		overflows("with 2,000 operands", func(b *wb.Builder) []byte {
			g := b.Global(wb.I64, true, wb.I64Const(1))
			return itself(none, none, nil, times(2000, wb.GlobalGet(g)), wb.Cat(times(1999, wb.I64Add), wb.GlobalSet(g)))(b)
		}),
		overflows("with vectors", itself(none, none, slices.Repeat(wb.Types{wb.V128}, 200), nil, nil)),
		overflows("in 1,000 blocks", itself(none, none, nil, times(1000, wb.Block(wb.Empty)), times(1000, wb.End))),
		overflows("in a loop", itself(none, none, nil, wb.Loop(wb.Empty), wb.Cat(wb.Br(0), wb.End))),
		overflows("after 5,000 operations", itself(none, none, i64s(1), times(1250, wb.LocalGet(0), wb.I64Const(3), wb.I64Mul, wb.LocalSet(0)), nil)),
		overflows("before 5,000 operations", itself(none, none, i64s(1), nil, times(1250, wb.LocalGet(0), wb.I64Const(3), wb.I64Mul, wb.LocalSet(0)))),
		overflows("of a hundred functions", func(b *wb.Builder) []byte {
			typ := b.Type(none, none)
			for i := range uint32(100) {
				b.Func(typ, i64s(int(i)), wb.Call((i+1)%100))
			}
			return wb.Call(0)
		}),
		overflows("by call_indirect", func(b *wb.Builder) []byte {
			typ := b.Type(none, none)
			b.Table(wb.FuncRef, 1, 1)
			b.Elem(0, b.Func(typ, nil, wb.I32Const(0), wb.CallIndirect(typ, 0)))
			return wb.Call(0)
		}),
		overflows("of calls and tail calls", func(b *wb.Builder) []byte {
			typ := b.Type(none, none)
			b.Func(typ, nil, wb.Call(1), wb.Nop)
			b.Func(typ, nil, wb.ReturnCall(0))
			return wb.Call(0)
		}),
		overflows("with a host call in each frame", func(b *wb.Builder) []byte {
			yield := imported(b, preview1, "sched_yield", "")
			g := b.Global(wb.I64, true, wb.I64Const(1))
			self := yield + 1 // with a frame so large that there are not too many
			return wb.Call(b.Func(b.Type(none, none), nil, times(200, wb.GlobalGet(g)),
				wb.Call(yield), wb.Drop, wb.Call(self), times(199, wb.I64Add), wb.GlobalSet(g)))
		}),
		overflows("of the handler itself", func(b *wb.Builder) []byte { return wb.Cat(wb.Call(0), wb.Drop) }),
	}
}
