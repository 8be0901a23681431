package sandbox_test

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// brokenModules are no modules, or contradict themselves.
func brokenModules() []badGuest {
	malformed := func(name string, wasm []byte) badGuest { return refuses(name, engine.ErrMalformed, wasm) }
	spin := reactor(1, looping())
	none := wb.Section(1, wb.Vec(wb.Raw(0x60, 0, 0)))
	function := wb.Section(3, wb.Vec(wb.Raw(0)))
	// body is a module with one function, whose body is given.
	body := func(content []byte) []byte {
		return wb.Module(none, function, wb.Section(10, wb.Vec(wb.Cat(wb.Uint(uint64(len(content))), content))))
	}
	count := wb.Uint(1<<32 - 1)
	huge := func(name string, section byte) badGuest {
		return badGuest{name: "4,294,967,295 " + name + " in 5 bytes", wasm: wb.Module(wb.Section(section, count)), refused: malformedOrTooLarge}
	}
	return []badGuest{
		malformed("cut in the code", spin[:len(spin)-3]),
		malformed("a section beyond the end", wb.Module(wb.Raw(1), count)),
		malformed("sections out of order", wb.Module(wb.Section(3, wb.Vec()), none)),
		malformed("a section twice", wb.Module(none, none)),
		malformed("a section of another number", wb.Module(wb.Section(99))),
		malformed("bytes after a section's content", wb.Module(wb.Section(1, wb.Vec(), wb.Raw(0, 0, 0)))),
		malformed("functions without code", wb.Module(none, function)),
		malformed("code without functions", wb.Module(none, wb.Section(10, wb.Vec(wb.Raw(2, 0, 0x0b))))),
		malformed("data count of another number", wb.Module(wb.Section(12, wb.Uint(7)))),
		malformed("a number of six bytes", wb.Module(wb.Section(1, wb.PaddedUint(0, 6)))),
		malformed("a number of 33 bits", wb.Module(wb.Section(1, wb.Raw(0xff, 0xff, 0xff, 0xff, 0x1f)))),
		malformed("an i64 of eleven bytes", body(wb.Cat(wb.Raw(0, 0x42), wb.PaddedUint(0, 11), wb.Raw(0x1a, 0x0b)))),
		malformed("a name that is not UTF-8", wb.Module(wb.Section(0, wb.Raw(2, 0xc0, 0x80)))),
		malformed("a name beyond the end", wb.Module(wb.Section(0, count))),
		malformed("a body beyond the end", wb.Module(none, function, wb.Section(10, wb.Uint(1), count))),
		malformed("a body without an end", body(wb.Raw(0, 0x01))),
		malformed("code after the end", body(wb.Raw(0, 0x0b, 0x01, 0x0b))),
		malformed("an else without an if", body(wb.Raw(0, 0x05, 0x0b, 0x0b))),
		malformed("an unknown instruction", body(wb.Raw(0, 0xff, 0x0b))),
		malformed("an unknown SIMD instruction", body(wb.Raw(0, 0xfd, 0xff, 0x7f, 0x0b))),
		refuses("a br_table of 4,294,967,295 targets", engine.ErrTooLarge, body(wb.Cat(wb.Raw(0, 0x41, 0, 0x0e), count, wb.Raw(0x0b)))),
		refuses("an export twice", engine.ErrInvalid, outside(func(b *wb.Builder) { b.ExportMemory() })),
		refuses("a value of the wrong type", engine.ErrInvalid, outside(nil, wb.I64Const(0), wb.LocalSet(0))),
		refuses("nothing on the stack", engine.ErrInvalid, outside(nil, wb.I32Add, wb.Drop)),
		refuses("a start function with parameters", engine.ErrInvalid, outside(func(b *wb.Builder) {
			b.Start(b.Func(b.Type(wb.Types{wb.I32}, nil), nil))
		})),
		refuses("a constant that is set", engine.ErrInvalid, outside(func(b *wb.Builder) {
			g := b.Global(wb.I32, false, args(0))
			b.Func(0, nil, args(1), wb.GlobalSet(g))
		})),
		refuses("an alignment of 2^31", engine.ErrInvalid, outside(nil, args(0), wb.Raw(0x28, 31, 0), wb.Drop)),
		huge("types", 1), huge("imports", 2), huge("functions", 3), huge("tables", 4), huge("memories", 5), huge("tags", 13),
		huge("globals", 6), huge("exports", 7), huge("elements", 9), huge("bodies", 10), huge("data segments", 11),
	}
}

// malformedOrTooLarge: whichever is looked at first.
func malformedOrTooLarge(err error) bool {
	return is(engine.ErrMalformed)(err) || is(engine.ErrTooLarge)(err)
}

// oversizedModules would keep a compiler busy, or fill the memory.
func oversizedModules() []badGuest {
	large := func(name string, wasm []byte) badGuest { return refuses(name, engine.ErrTooLarge, wasm) }
	none := wb.Types(nil)
	// locals are groups of so many.
	locals := func(groups ...uint64) []byte {
		return reactor(1, func(b *wb.Builder) []byte {
			var vec [][]byte
			for _, n := range groups {
				vec = append(vec, wb.Cat(wb.Uint(n), wb.Raw(wb.I64)))
			}
			b.RawFunc(b.Type(nil, nil), wb.Cat(wb.Vec(vec...), wb.End))
			return nil
		})
	}
	nested := func(n int, open ...[]byte) []byte { return reactor(1, plain(times(n, open...), times(n, wb.End))) }
	memory := func(pages int64) []byte { return reactor(pages, looping()) }
	names := func(content []byte) []byte {
		return reactor(1, func(b *wb.Builder) []byte {
			b.Custom("name", content)
			return forever()
		})
	}
	return []badGuest{
		large("2^32-1 locals", locals(1<<32-1)),
		large("2^33-2 locals", locals(1<<32-1, 1<<32-1)),
		large("5,001 locals", locals(5000, 1)),
		large("4,097 blocks in each other", nested(4097, wb.Block(wb.Empty))),
		large("65 loops in each other", nested(65, wb.Loop(wb.Empty))),
		large("100,000 ifs in each other", nested(80_000, args(1), wb.If(wb.Empty))),
		large("a br_table of 30,000 targets", reactor(1, plain(wb.Block(wb.Empty), args(0), wb.BrTable(0, make([]uint32, 30_000)...), wb.End))),
		large("30 br_tables of 1,000 targets", reactor(1, plain(times(30, wb.Block(wb.Empty), args(0), wb.BrTable(0, make([]uint32, 1000)...), wb.End)))),
		large("10,000 br_if to one block", reactor(1, plain(wb.Block(wb.Empty), times(30_000, args(1), wb.BrIf(0)), wb.End))),
		large("many blocks and many locals", reactor(1, func(b *wb.Builder) []byte {
			b.Func(b.Type(none, none), slices.Repeat(wb.Types{wb.I64}, 4500), times(1000, wb.Block(wb.Empty), args(1), wb.BrIf(0), wb.End))
			return nil
		})),
		large("a body of 100,001 operations", reactor(1, plain(times(100_001, wb.Nop)))),
		large("a body of 300 KiB", reactor(1, plain(times(300<<10/6, wb.I32Const(1<<30), wb.Drop)))),
		large("a type of 1,001 parameters", reactor(1, func(b *wb.Builder) []byte { b.Type(slices.Repeat(wb.Types{wb.I32}, 1001), none); return nil })),
		large("100,001 types", reactor(1, func(b *wb.Builder) []byte {
			for range 100_001 {
				b.Type(none, none)
			}
			return nil
		})),
		large("100,001 globals", reactor(1, func(b *wb.Builder) []byte {
			for range 100_001 {
				b.Global(wb.I32, false, args(0))
			}
			return nil
		})),
		large("100,001 functions", reactor(1, func(b *wb.Builder) []byte {
			for range 100_001 {
				b.Func(0, nil)
			}
			return nil
		})),
		large("a table of 2^32-1", reactor(1, func(b *wb.Builder) []byte { b.Table(wb.FuncRef, 1<<32-1, wb.NoMax); return nil })),
		large("101 tables", reactor(1, func(b *wb.Builder) []byte {
			for range 101 {
				b.Table(wb.FuncRef, 0, 0)
			}
			return nil
		})),
		large("10,001 custom sections", reactor(1, func(b *wb.Builder) []byte {
			for range 10_001 {
				b.Custom("", nil)
			}
			return nil
		})),
		refuses("a memory of 4 GiB", engine.ErrMemoryLimit, memory(65536)),
		refuses("a memory of 65,537 pages", engine.ErrInvalid, memory(65537)),
		refuses("a memory of 2^32-1 pages", engine.ErrInvalid, memory(1<<32-1)),
		func() badGuest {
			row := refuses("a memory of 4 GiB, and a limit to match", engine.ErrMemoryLimit, memory(65536))
			row.config.Limits.Memory = sandbox.MaxMemory
			return row
		}(),
		func() badGuest {
			row := stops("a memory of 4 GiB but for a page", memory(65535))
			row.config.Limits.Memory = sandbox.MaxMemory
			row.heavy = true
			return row
		}(),
		stops("10,000 globals", reactor(1, func(b *wb.Builder) []byte {
			for range 10_000 {
				b.Global(wb.I64, true, wb.I64Const(0))
			}
			return forever(wb.GlobalGet(9999), wb.GlobalSet(0))
		})),
		func() badGuest {
			row := stops("a name of 1 MiB", reactor(1, func(b *wb.Builder) []byte {
				b.ExportFunc(strings.Repeat("n", mib), b.Func(b.Type(none, none), nil))
				return forever()
			}))
			if sandbox.OnWasmtime { // where names have 100,000 bytes at most
				row = refuses(row.name, engine.ErrInvalid, row.wasm)
			}
			return row
		}(),
		stops("names of 4,294,967,295 functions", names(wb.Section(1, wb.Uint(1<<32-1)))),
		stops("names of functions that are not there", names(wb.Section(1, wb.Vec(wb.Cat(wb.Uint(1<<32-1), wb.Name("f")))))),
		stops("names without an end", names(wb.Section(1, wb.Uint(1), wb.Uint(0), wb.Uint(1<<32-1)))),
		stops("20,000 names for one function", names(wb.Section(1, wb.Vec(slices.Repeat([][]byte{wb.Cat(wb.Uint(0), wb.Name(strings.Repeat("n", 50)))}, 20_000)...)))),
		stops("names of rubbish", names(bytes.Repeat([]byte{0xff}, 100_000))),
	}
}

// foreignModules are of a WebAssembly that is not run here.
func foreignModules() []badGuest {
	unsupported := func(name string, wasm []byte) badGuest { return refuses(name, engine.ErrUnsupported, wasm) }
	foreign := func(name string, wasm []byte) badGuest {
		return badGuest{name: name, wasm: wasm, refused: func(err error) bool {
			return is(engine.ErrUnsupported)(err) || is(engine.ErrInvalid)(err)
		}}
	}
	memory := func(entries ...[]byte) []byte {
		return outside(func(b *wb.Builder) {
			for _, e := range entries {
				b.RawMemory(e)
			}
		})
	}
	rows := []badGuest{
		unsupported("a component", []byte("\x00asm\x0d\x00\x01\x00\x07\x01\x40")),
		unsupported("two memories", memory(wb.Limits(1, 1))),
		unsupported("a shared memory", wb.Module(wb.Section(5, wb.Vec(wb.Raw(3, 1, 1))))),
		unsupported("a 64-bit memory", wb.Module(wb.Section(5, wb.Vec(wb.Raw(4, 1))))),
		unsupported("a 64-bit table", wb.Module(wb.Section(4, wb.Vec(wb.Raw(wb.FuncRef, 4, 0))))),
		unsupported("a struct type", wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x5f, 0))))),
		unsupported("a recursive type", wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x4e, 1, 0x60, 0, 0))))),
		unsupported("a typed reference", wb.Module(wb.Section(1, wb.Vec(wb.Raw(0x60, 1, 0x64, 0, 0))))),
		foreign("throw", reactor(1, func(b *wb.Builder) []byte { return wb.Throw(b.Tag(b.Type(nil, nil))) })),
		foreign("try_table", outside(nil, wb.Raw(0x1f, wb.Empty, 1, 2, 0), wb.End)),
		foreign("an exnref", reactor(1, func(b *wb.Builder) []byte { b.Table(wb.ExnRef, 1, 1); return nil })),
		foreign("an atomic operation", outside(nil, args(0, 0), wb.Raw(0xfe, 0x1e, 2, 0), wb.Drop)),
		foreign("memory.atomic.wait32", outside(nil, args(0, 0), wb.I64Const(-1), wb.Raw(0xfe, 0x01, 2, 0), wb.Drop)),
		foreign("a relaxed SIMD operation", outside(nil, args(0), wb.Raw(0xfd, 0, 4, 0), args(0), wb.Raw(0xfd, 0, 4, 0), wb.Raw(0xfd, 0x80, 2), wb.Drop)),
		foreign("a reference that is called", outside(nil, wb.Raw(0xd0, wb.FuncRef, 0x14, 0))),
	}
	if !sandbox.OnWasmtime { // which runs it
		rows = append(rows, unsupported("ref.func in code", outside(nil, wb.RefFunc(0), wb.Drop)))
	}
	return rows
}
