package sandbox_test

import (
	"slices"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// spinningModules compute without end, each in another way.
func spinningModules() []badGuest {
	none := wb.Types(nil)
	one := wb.I32Const(1)
	return []badGuest{
		stops("spin: loop", reactor(1, looping())),
		stops("spin: br_if", reactor(1, plain(wb.Loop(wb.Empty), one, wb.BrIf(0), wb.End))),
		stops("spin: br_table", reactor(1, plain(wb.Loop(wb.Empty), wb.LocalGet(0), wb.BrTable(0, slices.Repeat([]uint32{0}, 1000)...), wb.End))),
		stops("spin: br_table between loops", reactor(1, plain(
			wb.Loop(wb.Empty), wb.Loop(wb.Empty), wb.Loop(wb.Empty),
			wb.LocalGet(0), one, wb.I32Add, wb.LocalTee(0), wb.I32Const(3), wb.I32And, wb.BrTable(2, 0, 1, 2),
			wb.End, wb.End, wb.End))),
		stops("spin: continue", reactor(1, plain(wb.Loop(wb.Empty), wb.Block(wb.Empty), one, wb.BrIf(0), wb.Br(1), wb.End, wb.Br(0), wb.End))),
		stops("spin: arms of an if", reactor(1, plain(wb.Loop(wb.Empty), wb.LocalGet(0), wb.I32Eqz, wb.LocalTee(0), wb.If(wb.Empty), wb.Br(1), wb.Else, wb.Br(1), wb.End, wb.End))),
		stops("spin: 64 loops in each other", reactor(1, plain(times(64, wb.Loop(wb.Empty)), one, wb.BrIf(0), wb.Br(63), times(64, wb.End)))),
		stops("spin: down from 2^63", reactor(1, plain(wb.I64Const(-1<<63), wb.LocalSet(2),
			wb.Loop(wb.Empty), wb.LocalGet(2), wb.I64Const(1), wb.I64Sub, wb.LocalTee(2), wb.I64Eqz, wb.I32Eqz, wb.BrIf(0), wb.End))),
		stops("spin: until NaN equals itself", reactor(1, plain(wb.F64Const(nan()), wb.LocalSet(3),
			wb.Loop(wb.Empty), wb.LocalGet(3), f64Sqrt, wb.LocalTee(3), wb.LocalGet(3), f64Ne, wb.BrIf(0), wb.End))),
		stops("spin: NaN to integers", reactor(1, looping(wb.F64Const(nan()), wb.Raw(0xfc, 6), wb.LocalSet(2), wb.F64Const(1e300), wb.Raw(0xfc, 7), wb.LocalSet(2)))),
		stops("spin: remainders", reactor(1, looping(wb.LocalGet(2), wb.I64Const(7), i64RemS, wb.LocalSet(2)))),
		stops("spin: SIMD", reactor(1, looping(wb.I32Const(0), wb.I32Const(0), wb.Raw(0xfd, 0, 4, 0), wb.I32Const(0), wb.Raw(0xfd, 0, 4, 0), i32x4Add, wb.Raw(0xfd, 11, 4, 0)))),
		stops("spin: loads and stores", reactor(16, looping(wb.LocalGet(0), wb.LocalGet(0), wb.I32Load(0), one, wb.I32Add, wb.I32Store(0),
			wb.LocalGet(0), wb.I32Const(4096), wb.I32Add, wb.I32Const(0xffff0), wb.I32And, wb.LocalSet(0)))),
		stops("spin: a new page each time", reactor(2000, looping(wb.LocalGet(0), one, wb.I32Store8(0),
			wb.LocalGet(0), wb.I32Const(4096), wb.I32Add, wb.I32Const(0x7ffffff), wb.I32And, wb.LocalSet(0), wb.LocalGet(0), wb.I32Const(2000<<16), wb.I32GeU, wb.If(wb.Empty), wb.I32Const(0), wb.LocalSet(0), wb.End))),
		stops("spin: 9,000 operations a turn", reactor(1, looping(times(3000, one, wb.LocalSet(0), wb.Nop)))),
		stops("spin: a mutable global", reactor(1, func(b *wb.Builder) []byte {
			g := b.Global(wb.I64, true, wb.I64Const(0))
			return forever(wb.GlobalGet(g), wb.I64Const(1), wb.I64Add, wb.GlobalSet(g))
		})),
		stops("spin: a loop that hands on 900 values", reactor(1, func(b *wb.Builder) []byte {
			many := slices.Repeat(wb.Types{wb.I64}, 900)
			return wb.Cat(times(900, wb.I64Const(1)), typed(0x03, b.Type(many, none)), wb.I64Const(2), wb.Br(0), wb.End)
		})),
		stops("spin: calls with 900 parameters", reactor(1, func(b *wb.Builder) []byte {
			f := b.Func(b.Type(slices.Repeat(wb.Types{wb.I64}, 900), none), nil)
			return forever(times(900, wb.I64Const(1)), wb.Call(f))
		})),
		stops("spin: calls with 900 results", reactor(1, func(b *wb.Builder) []byte {
			f := b.Func(b.Type(none, slices.Repeat(wb.Types{wb.I64}, 900)), nil, times(900, wb.I64Const(1)))
			return forever(wb.Call(f), times(900, wb.Drop))
		})),

		stops("spin: a tail call of itself", reactor(1, func(b *wb.Builder) []byte {
			return wb.Call(b.Func(b.Type(none, none), nil, wb.ReturnCall(0)))
		})),
		stops("spin: mutual tail calls", reactor(1, func(b *wb.Builder) []byte {
			b.Func(b.Type(none, none), nil, wb.ReturnCall(1))
			return wb.Call(b.Func(b.Type(none, none), nil, wb.ReturnCall(0)))
		})),
		stops("spin: tail calls that pass 900 values", reactor(1, func(b *wb.Builder) []byte {
			many := b.Type(slices.Repeat(wb.Types{wb.I64}, 900), none)
			var pass []byte
			for i := range uint32(900) {
				pass = append(pass, wb.LocalGet((i+1)%900)...)
			}
			return wb.Cat(times(900, wb.I64Const(1)), wb.Call(b.Func(many, nil, pass, wb.ReturnCall(0))))
		})),
		stops("spin: a ring of return_call_indirect", reactor(1, func(b *wb.Builder) []byte {
			typ := b.Type(none, none)
			b.Table(wb.FuncRef, 3, 3)
			for i := range int32(3) {
				b.Func(typ, nil, wb.I32Const((i+1)%3), returnCallIndirect(typ, 0))
			}
			b.Elem(0, 0, 1, 2)
			return wb.Call(0)
		})),
		stops("spin: a tree of calls", reactor(1, func(b *wb.Builder) []byte {
			typ := b.Type(wb.Types{wb.I32}, none)
			down := wb.Cat(wb.LocalGet(0), one, wb.I32Sub, wb.Call(0))
			return wb.Cat(wb.I32Const(60), wb.Call(b.Func(typ, nil, wb.LocalGet(0), wb.If(wb.Empty), down, down, wb.End)))
		})),
		stops("spin: a tree of indirect calls", reactor(1, func(b *wb.Builder) []byte {
			typ := b.Type(wb.Types{wb.I32}, none)
			b.Table(wb.FuncRef, 1, 1)
			b.Elem(0, 0)
			down := wb.Cat(wb.LocalGet(0), one, wb.I32Sub, wb.I32Const(0), wb.CallIndirect(typ, 0))
			return wb.Cat(wb.I32Const(60), wb.Call(b.Func(typ, nil, wb.LocalGet(0), wb.If(wb.Empty), down, down, wb.End)))
		})),
		// Function i calls function i+1 twice: 2^64 calls without a loop or a
		// condition anywhere.
		stops("spin: 64 functions that double", reactor(1, func(b *wb.Builder) []byte {
			typ := b.Type(none, none)
			b.Func(typ, nil)
			for i := range uint32(64) {
				b.Func(typ, nil, wb.Call(i), wb.Call(i))
			}
			return wb.Call(64)
		})),
	}
}
