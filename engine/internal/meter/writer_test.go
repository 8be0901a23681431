package meter

import (
	"bytes"
	"encoding/hex"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// Indices in the modules of TestWriting: functions 0 and 1 are the imports, 2 is
// the original one, routines follow; globals are added only.
const (
	fuelGlobal  = 0
	stackGlobal = 1
	slowHelper  = 3
	copyHelper  = 10
	movesType   = 5
)

// What is written around loops and functions.
func TestWriting(t *testing.T) {
	get, drop := wb.LocalGet(0), wb.Drop
	work := wb.Cat(bytes.Repeat(wb.Cat(get, drop), 30)) // costs 30
	fuel := func(cost int64, op byte) []byte {
		return wb.Cat(wb.GlobalGet(fuelGlobal), wb.I64Const(cost), wb.Raw(op))
	}
	frame := func(size int64, op byte) []byte {
		return wb.Cat(wb.GlobalGet(stackGlobal), wb.I64Const(size), wb.Raw(op))
	}
	less := wb.Cat(wb.I64Const(0), wb.Raw(opI64LtS))
	// Functions have one local. The next is what is left of the fuel, in one that
	// calls of the stack.
	const left, length, pointer, leftCalling = 1, 2, 1, 2
	asked := func(cost int64) []byte {
		return wb.Cat(fuel(cost, opI64Sub), wb.LocalTee(left), wb.GlobalSet(fuelGlobal), wb.LocalGet(left),
			wb.I64Const(0), wb.Raw(opI64GeS), wb.If(wb.Empty), wb.Else, wb.Call(slowHelper), wb.End)
	}
	around := func(before, charge, body, undo []byte) []byte {
		return wb.Cat(before, wb.Block(wb.Empty), wb.Loop(wb.Empty), wb.Block(wb.Empty), wb.Loop(wb.Empty), charge, body, wb.End,
			wb.Br(2), wb.End, wb.Call(slowHelper), undo, wb.Br(0), wb.End, wb.End)
	}
	cached := func(cost int64) []byte {
		return wb.Cat(wb.LocalGet(left), wb.I64Const(cost), wb.Raw(opI64Sub), wb.LocalTee(left), wb.GlobalSet(fuelGlobal))
	}
	global := wb.Cat(wb.GlobalGet(fuelGlobal), wb.LocalSet(left))
	ask := wb.Cat(wb.LocalGet(left), less, wb.BrIf(1))
	quiet := func(before []byte, cost int64, body []byte) []byte {
		return around(before, wb.Cat(cached(cost), ask), body, wb.Cat(fuel(cost, opI64Add), wb.LocalSet(left)))
	}
	called := func(cost, size int64, body []byte) []byte { // of a function that calls
		return wb.Cat(wb.Block(wb.Empty), wb.Loop(wb.Empty), wb.Block(wb.Empty),
			fuel(cost, opI64Sub), wb.LocalTee(leftCalling), wb.GlobalSet(fuelGlobal),
			frame(size, opI64Sub), wb.LocalTee(pointer), wb.GlobalSet(stackGlobal),
			wb.LocalGet(leftCalling), wb.LocalGet(pointer), wb.Raw(opI64Or), less, wb.BrIf(0), body, wb.Br(2), wb.End,
			wb.Call(slowHelper), fuel(cost, opI64Add), wb.GlobalSet(fuelGlobal), frame(size, opI64Add), wb.GlobalSet(stackGlobal),
			wb.Br(0), wb.End, wb.End, frame(size, opI64Add), wb.GlobalSet(stackGlobal))
	}
	loop := wb.Loop(wb.Empty)
	for _, c := range []struct {
		name string
		code []byte
		want []byte
	}{
		{"a loop", wb.Cat(work, loop, work, get, wb.BrIf(0), wb.End, work),
			wb.Cat(asked(62), work, quiet(global, 33, wb.Cat(work, get, wb.BrIf(0))), work)},
		{"branches out of a loop cross what is around", wb.Cat(work, wb.Block(wb.Empty), loop, work, wb.Br(1), wb.End, wb.End),
			wb.Cat(asked(32), work, wb.Block(wb.Empty), quiet(global, 32, wb.Cat(work, wb.Br(4))), wb.End)},
		{"return too", wb.Cat(work, loop, work, wb.Return, wb.End),
			wb.Cat(asked(32), work, quiet(global, 32, wb.Cat(work, wb.Br(4))))},
		{"and branches that are not reached", wb.Cat(work, loop, work, wb.Unreachable, wb.Br(1), wb.End),
			wb.Cat(asked(32), work, quiet(global, 32, wb.Cat(work, wb.Unreachable, wb.Br(4))))},
		{"and tables", wb.Cat(work, wb.Block(wb.Empty), loop, work, get, wb.BrTable(0, 1, 2), wb.End, wb.End),
			wb.Cat(asked(32), work, wb.Block(wb.Empty), quiet(global, 34, wb.Cat(work, get, wb.BrTable(0, 4, 5))), wb.End)},
		{"a loop in a loop", wb.Cat(work, loop, work, loop, work, wb.End, wb.End),
			wb.Cat(asked(32), work, quiet(global, 31, wb.Cat(work, quiet(nil, 31, work))))},
		{"a function that calls", wb.Cat(work, wb.Call(0), work), called(65, 64+2*16, wb.Cat(work, wb.Call(2), work))},
		{"returns from it", wb.Cat(work, wb.Call(0), work, wb.Return), called(66, 64+2*16, wb.Cat(work, wb.Call(2), work, wb.Br(2)))},
		{"a tail call gives back", wb.Cat(work, wb.Call(0), work, wb.ReturnCall(0)), called(68, 64+2*16,
			wb.Cat(work, wb.Call(2), work, frame(64+2*16, opI64Add), wb.GlobalSet(stackGlobal), wb.ReturnCall(2)))},
		{"tail calls only", wb.Cat(work, wb.ReturnCall(0)), wb.Cat(asked(35), work, wb.ReturnCall(2))},
		{"a loop that calls", wb.Cat(work, loop, work, wb.Call(0), wb.End), called(32, 64+2*16,
			wb.Cat(work, around(nil, wb.Cat(fuel(34, opI64Sub), wb.LocalTee(leftCalling), wb.GlobalSet(fuelGlobal), wb.LocalGet(leftCalling), less, wb.BrIf(1)),
				wb.Cat(work, wb.Call(2)), wb.Cat(fuel(34, opI64Add), wb.GlobalSet(fuelGlobal)))))},
		{"a copy, short or long", wb.Cat(work, get, get, get, wb.MemoryCopy), wb.Cat(asked(45), work, get, get, get,
			wb.LocalTee(length), wb.LocalGet(length), wb.I32Const(inlineMost), wb.Raw(opI32LeU), wb.If(movesType),
			wb.GlobalGet(fuelGlobal), wb.LocalGet(length), wb.I64ExtendU, wb.I64Const(bytesShift), wb.Raw(opI64ShrU, opI64Sub), wb.GlobalSet(fuelGlobal),
			wb.MemoryCopy, wb.Else, wb.Call(copyHelper), wb.End)},
	} {
		var b wb.Builder
		b.Memory(1, 1)
		b.Func(b.Type(nil, nil), wb.Types{wb.I32}, c.code)
		out := instrument(t, b.Bytes())
		if want := wb.Cat(c.want, wb.End); !bytes.Contains(out, want) {
			t.Errorf("%s: %s\nis not in %s", c.name, hex.EncodeToString(want), hex.EncodeToString(out))
		}
	}
}

// Bodies made to grow stay within the bound.
func TestWritingIsBounded(t *testing.T) {
	try := wb.Raw(0x1f, wb.Empty, 1, 2, 0)
	for name, body := range map[string][]byte{
		"a call":                    wb.Call(0),
		"loops":                     bytes.Repeat(wb.Cat(wb.Loop(wb.Empty), wb.End), 50),
		"nested loops":              wb.Cat(bytes.Repeat(wb.Loop(wb.Empty), 60), bytes.Repeat(wb.End, 60)),
		"returns":                   wb.Cat(wb.Call(0), bytes.Repeat(wb.Cat(wb.I32Const(1), wb.If(wb.Empty), wb.Return, wb.End), 100)),
		"tail calls":                wb.Cat(wb.Call(0), bytes.Repeat(wb.Cat(wb.I32Const(1), wb.If(wb.Empty), wb.ReturnCall(0), wb.End), 100)),
		"copies":                    bytes.Repeat(wb.Cat(wb.I32Const(1), wb.LocalTee(0), wb.LocalGet(0), wb.LocalGet(0), wb.MemoryCopy), 50),
		"fills of what a call left": wb.Cat(wb.Call(1), bytes.Repeat(wb.MemoryFill, 50)),
		"catching":                  wb.Cat(bytes.Repeat(wb.Cat(wb.Block(wb.Empty), try, wb.End, wb.End), 50), wb.Call(0)),
		"catching a loop":           bytes.Repeat(wb.Cat(wb.Loop(wb.Empty), try, wb.Call(0), wb.End, wb.End), 50),
	} {
		var b wb.Builder
		typ := b.Type(nil, nil)
		b.Memory(1, 1)
		b.Func(typ, nil)
		b.Func(b.Type(nil, types(150, wb.I32)), nil, repeated(150, func(uint32) []byte { return wb.I32Const(0) }))
		for range 200_000 / (len(body) + 5) {
			b.Func(typ, wb.Types{wb.I32}, body)
		}
		binary := b.Bytes()
		if out := instrument(t, binary); len(out) > largest(len(binary)) {
			t.Errorf("%s: %d bytes became %d", name, len(binary), len(out))
		}
	}
}
