package sandbox_test

import (
	"fmt"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// outside makes a module of two types, functions and of one of everything else
// that can be counted; the second function is the handler. What is added to
// modules has the indices after these: whoever names one of them must be
// refused, or he names what is not his.
func outside(change func(b *wb.Builder), code ...[]byte) []byte {
	var b wb.Builder
	none, handle := b.Type(nil, nil), b.Type(nil, wb.Types{wb.I32})
	b.Table(wb.FuncRef, 1, 1)
	b.Memory(1, 1)
	b.ExportMemory()
	b.Global(wb.I32, true, wb.I32Const(0))
	nothing := b.Func(none, nil)
	b.ExportFunc("lambent_handle", b.Func(handle, wb.Types{wb.I32}, wb.Cat(code...), wb.I32Const(0)))
	b.PassiveElem(nothing)
	b.PassiveData([]byte("data"))
	if change != nil {
		change(&b)
	}
	return b.Bytes()
}

// outsideModules name what they do not have.
func outsideModules() []badGuest {
	const functions, types, others = 2, 2, 1
	var rows []badGuest
	refused := func(where, space string, index uint32, wasm []byte) {
		rows = append(rows, badGuest{name: fmt.Sprintf("%s %d in %s", space, index, where), wasm: wasm,
			refused: is(engine.ErrInvalid), message: fmt.Sprintf("%s index %d", space, index)})
	}
	code := func(instruction, space string, index uint32, parts ...[]byte) {
		refused(instruction, space, index, outside(nil, parts...))
	}
	section := func(where, space string, index uint32, change func(b *wb.Builder)) {
		refused(where, space, index, outside(change))
	}
	// The first five are the imported function's place and those of the
	// functions that are added.
	for i := range uint32(5) {
		code("call", "function", functions+i, wb.Call(functions+i))
		code("return_call", "function", functions+i, wb.ReturnCall(functions+i))
	}
	code("call", "function", 1<<32-1, wb.Call(1<<32-1))
	code("ref.func", "function", functions, wb.RefFunc(functions), wb.Drop)
	for i := range uint32(5) {
		section("an export", "function", functions+i, func(b *wb.Builder) { b.ExportFunc("mine", functions+i) })
		section("the start section", "function", functions+i, func(b *wb.Builder) { b.Start(functions + i) })
		section("an element segment", "function", functions+i, func(b *wb.Builder) { b.Elem(0, functions+i) })
	}
	section("an element expression", "function", functions, func(b *wb.Builder) {
		b.RawElem(wb.Cat(wb.Raw(4), args(0), wb.End, wb.Vec(wb.Cat(wb.RefFunc(functions), wb.End))))
	})
	section("a global's value", "function", functions, func(b *wb.Builder) { b.Global(wb.FuncRef, false, wb.RefFunc(functions)) })

	for i := range uint32(3) {
		code("global.get", "global", others+i, wb.GlobalGet(others+i), wb.Drop)
		code("global.set", "global", others+i, wb.I64Const(1<<62), wb.GlobalSet(others+i))
		section("an export", "global", others+i, func(b *wb.Builder) { b.Export("fuel", wb.KindGlobal, others+i) })
	}
	section("a data offset", "global", others, func(b *wb.Builder) {
		b.RawData(wb.Cat(wb.Raw(0), wb.GlobalGet(others), wb.End, wb.Uint(0)))
	})

	code("a block", "type", types, typed(0x02, types), wb.End)
	code("a loop", "type", types, typed(0x03, types), wb.End)
	code("call_indirect", "type", types, args(0), wb.CallIndirect(types, 0))
	section("the function section", "type", types, func(b *wb.Builder) { b.Func(types, nil) })

	code("local.get", "local", others, wb.LocalGet(others), wb.Drop)
	code("local.set", "local", others, args(1), wb.LocalSet(others))
	code("local.tee", "local", others+1, args(1), wb.LocalTee(others+1), wb.Drop)
	code("br", "label", 1, wb.Br(1))
	code("br_table", "label", 2, wb.Block(wb.Empty), args(0), wb.BrTable(0, 1, 2), wb.End)

	code("call_indirect", "table", others, args(0), wb.CallIndirect(0, others))
	code("table.get", "table", others, args(0), tableGet(others), wb.Drop)
	code("table.copy", "table", others, args(0, 0, 0), tableCopy(0, others))
	section("an export", "table", others, func(b *wb.Builder) { b.Export("table", wb.KindTable, others) })
	section("an element segment", "table", others, func(b *wb.Builder) {
		b.RawElem(wb.Cat(wb.Raw(2), wb.Uint(others), args(0), wb.End, wb.Raw(0), wb.Vec()))
	})
	section("an export", "memory", others, func(b *wb.Builder) { b.Export("more", wb.KindMemory, others) })
	section("a data segment", "memory", others, func(b *wb.Builder) {
		b.RawData(wb.Cat(wb.Raw(2), wb.Uint(others), args(0), wb.End, wb.Uint(0)))
	})
	code("table.init", "element segment", others, args(0, 0, 0), tableInit(others, 0))
	code("elem.drop", "element segment", others, elemDrop(others))
	code("memory.init", "data segment", others, args(0, 0, 0), wb.MemoryInit(others))
	code("data.drop", "data segment", others, dataDrop(others))
	code("throw", "tag", 0, wb.Throw(0))
	section("an export", "tag", 0, func(b *wb.Builder) { b.Export("tag", wb.KindTag, 0) })
	return rows
}

// intrudingModules want the names that are reserved for what is added.
func intrudingModules() []badGuest {
	imports := func(module, name string, params, results wb.Types) []byte {
		return reactor(1, func(b *wb.Builder) []byte {
			return wb.Cat(times(len(params), wb.I64Const(0)), wb.Call(b.ImportFunc(module, name, b.Type(params, results))), times(len(results), wb.Drop))
		})
	}
	exports := func(name string) []byte {
		return reactor(1, func(b *wb.Builder) []byte {
			b.Export(name, wb.KindGlobal, b.Global(wb.I64, true, wb.I64Const(1<<62)))
			return forever()
		})
	}
	i64 := wb.Types{wb.I64}
	return []badGuest{
		refuses("imports the refill", engine.ErrUnsupported, imports("__meter", "refill", i64, i64)),
		refuses("imports the overflow", engine.ErrUnsupported, imports("__meter", "overflow", nil, nil)),
		refuses("imports anything of the meter", engine.ErrUnsupported, imports("__meter", "", nil, nil)),
		refuses("imports a global of the meter", engine.ErrUnsupported, reactor(1, func(b *wb.Builder) []byte {
			return wb.Cat(wb.GlobalGet(b.ImportGlobal("__meter", "fuel", wb.I64, true)), wb.Drop)
		})),
		refuses("exports the fuel", engine.ErrUnsupported, exports("__lambent_fuel")),
		refuses("exports the prefix", engine.ErrUnsupported, exports("__lambent")),
		refuses("imports the prefix", engine.ErrUnsupported, imports("lambent_v1", "__lambent_fuel", i64, nil)),
		stops("exports almost the prefix", exports("__lamben")),
		stops("calls its functions and globals what ours are called", reactor(1, func(b *wb.Builder) []byte {
			g := b.Global(wb.I64, true, wb.I64Const(1<<62))
			function := wb.Section(1, wb.Vec(wb.Cat(wb.Uint(0), wb.Name("__meter.refill"))))
			global := wb.Section(7, wb.Vec(wb.Cat(wb.Uint(uint64(g)), wb.Name("__lambent_fuel"))))
			b.Custom("name", wb.Cat(function, global))
			return forever(wb.I64Const(1<<62), wb.GlobalSet(g))
		})),
	}
}
