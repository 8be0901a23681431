package sandbox_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// badModules are refused before anything of them runs.
func badModules(t *testing.T) []badGuest {
	json := guest(t, "c/json")
	i32 := wb.Types{wb.I32}
	module := func(build func(b *wb.Builder)) []byte {
		var b wb.Builder
		build(&b)
		return b.Bytes()
	}
	// function exports a memory and one function.
	function := func(name string, params, results wb.Types, code ...[]byte) []byte {
		return module(func(b *wb.Builder) {
			b.Memory(1, 1)
			b.ExportMemory()
			b.ExportFunc(name, b.Func(b.Type(params, results), nil, code...))
		})
	}
	// importing is a reactor that imports one thing.
	importing := func(add func(b *wb.Builder)) []byte {
		return module(func(b *wb.Builder) {
			add(b)
			b.Memory(1, 1)
			b.ExportMemory()
			b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil, wb.I32Const(0)))
		})
	}
	rows := []badGuest{
		{name: "empty", wasm: []byte{}, refused: is(engine.ErrMalformed)},
		{name: "not wasm", wasm: []byte("#!/bin/sh\necho hello\n"), refused: is(engine.ErrMalformed)},
		{name: "header only", wasm: wb.Header(), refused: is(sandbox.ErrModule), message: "missing export"},
		{name: "truncated header", wasm: json[:6], refused: is(engine.ErrMalformed)},
		{name: "truncated", wasm: json[:len(json)/2], refused: is(engine.ErrMalformed)},
		{name: "component", wasm: []byte("\x00asm\x0d\x00\x01\x00"), refused: is(engine.ErrUnsupported), message: "component"},
		{name: "unknown version", wasm: []byte("\x00asm\x02\x00\x00\x00"), refused: is(engine.ErrMalformed), message: "version 1"},
		{name: "reserved export", wasm: function("__lambent_restore", nil, nil), refused: is(engine.ErrUnsupported), message: "reserved"},

		{name: "no entry", wasm: module(func(b *wb.Builder) { b.Memory(1, 1); b.ExportMemory() }),
			refused: is(sandbox.ErrModule), message: "lambent_handle() -> i32 (reactor) or _start() (stdio)"},
		{name: "lambent_handle takes a parameter", wasm: function("lambent_handle", i32, i32, wb.LocalGet(0)),
			refused: is(sandbox.ErrModule), message: "export lambent_handle is a function (i32) -> (i32); it must be a function () -> (i32)"},
		{name: "lambent_handle returns i64", wasm: function("lambent_handle", nil, wb.Types{wb.I64}, wb.I64Const(0)),
			refused: is(sandbox.ErrModule), message: "() -> (i64)"},
		{name: "lambent_handle is a global", wasm: module(func(b *wb.Builder) {
			b.Memory(1, 1)
			b.ExportMemory()
			b.Export("lambent_handle", wb.KindGlobal, b.Global(wb.I32, false, wb.I32Const(0)))
		}), refused: is(sandbox.ErrModule), message: "export lambent_handle is a global"},
		{name: "_start returns", wasm: function("_start", nil, i32, wb.I32Const(0)), refused: is(sandbox.ErrModule), message: "export _start is"},
		{name: "memory not exported", wasm: module(func(b *wb.Builder) {
			b.Memory(1, 1)
			b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil, wb.I32Const(0)))
		}), refused: is(sandbox.ErrModule), message: `export its memory as "memory"`},
		{name: "memory is a function", wasm: module(func(b *wb.Builder) {
			f := b.Func(b.Type(nil, i32), nil, wb.I32Const(0))
			b.ExportFunc("lambent_handle", f)
			b.ExportFunc("memory", f)
		}), refused: is(sandbox.ErrModule), message: `export its memory as "memory"`},
		{name: "a program that the manifest calls a reactor", wasm: function("_start", nil, nil),
			config:  sandbox.Config{Manifest: sandbox.Manifest{Model: sandbox.Reactor}},
			refused: is(sandbox.ErrModule), message: "the manifest says reactor"},
		{name: "wrong types on the stack", wasm: function("lambent_handle", nil, i32, wb.I64Const(0)), refused: is(engine.ErrInvalid)},

		{name: "unknown module", wasm: importing(func(b *wb.Builder) { b.ImportFunc("env", "abort", b.Type(nil, nil)) }),
			refused: unlinked("env", "abort"), message: "offered are lambent_v1, wasi_snapshot_preview1"},
		{name: "unknown function", wasm: importing(func(b *wb.Builder) { b.ImportFunc("lambent_v1", "format_disk", b.Type(nil, nil)) }),
			refused: unlinked("lambent_v1", "format_disk"), message: "no such function"},
		{name: "known function, wrong signature", wasm: importing(func(b *wb.Builder) {
			b.ImportFunc("wasi_snapshot_preview1", "fd_write", b.Type(wb.Types{wb.I32, wb.I64}, nil))
		}), refused: unlinked("wasi_snapshot_preview1", "fd_write"), message: "it is (i32 i32 i32 i32) -> (i32) here, the module wants (i32 i64) -> ()"},
		{name: "imported memory", wasm: module(func(b *wb.Builder) {
			b.ImportMemory("env", "memory", 1, 1)
			b.ExportMemory()
			b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil, wb.I32Const(0)))
		}), refused: unlinked("env", "memory"), message: "a memory cannot be imported"},
		{name: "imported table", wasm: importing(func(b *wb.Builder) { b.ImportTable("env", "table", wb.FuncRef, 1, 1) }),
			refused: unlinked("env", "table"), message: "a table cannot be imported"},
		{name: "imported global", wasm: importing(func(b *wb.Builder) { b.ImportGlobal("env", "__stack_pointer", wb.I32, true) }),
			refused: unlinked("env", "__stack_pointer"), message: "a global cannot be imported"},
	}
	return append(rows, absurdModules(t)...)
}

// absurdModules exceed one of ModuleLimits each: a rich module with one limit
// lowered, for every limit there is.
func absurdModules(t *testing.T) (rows []badGuest) {
	rich := richModule()
	if _, err := engine.Check(rich, engine.ModuleLimits{}); err != nil {
		t.Fatalf("the rich module is refused: %v", err)
	}
	limits := reflect.TypeFor[engine.ModuleLimits]()
	for i := range limits.NumField() {
		var config sandbox.Config
		reflect.ValueOf(&config.Modules).Elem().Field(i).SetInt(1)
		rows = append(rows, badGuest{name: "more than one of " + limits.Field(i).Name, wasm: rich, config: config, refused: is(engine.ErrTooLarge)})
	}
	nested := func(depth int, open []byte) []byte {
		return handler("", code(wb.Cat(slices.Repeat([][]byte{open}, depth)...), wb.Cat(slices.Repeat([][]byte{wb.End}, depth)...), wb.I32Const(0)))
	}
	return append(rows,
		badGuest{name: "8,000 loops in each other", wasm: nested(8000, wb.Loop(wb.Empty)), refused: is(engine.ErrTooLarge)},
		badGuest{name: "8,000 blocks in each other", wasm: nested(8000, wb.Block(wb.Empty)), refused: is(engine.ErrTooLarge)},
		badGuest{name: "a body of 1 MiB", wasm: handler("", code([]byte(strings.Repeat(string(wb.Nop), 1<<20)), wb.I32Const(0))), refused: is(engine.ErrTooLarge)},
	)
}

// richModule has two of everything that ModuleLimits counts.
func richModule() []byte {
	var b wb.Builder
	none := b.Type(nil, nil)
	pair := b.Type(wb.Types{wb.I32, wb.I32}, wb.Types{wb.I32, wb.I32})
	for _, name := range []string{"sched_yield", "sock_open"} {
		b.ImportFunc("wasi_snapshot_preview1", name, none)
	}
	for range 2 {
		b.Table(wb.FuncRef, 1, 1)
		b.Tag(none)
		b.Global(wb.I32, true, wb.I32Const(0))
	}
	b.Memory(1, 1)
	b.ExportMemory()
	f := b.Func(pair, wb.Types{wb.I32, wb.I32},
		wb.Loop(wb.Empty), wb.Loop(wb.Empty), wb.Block(wb.Empty),
		wb.I32Const(0), wb.BrTable(0, 0, 0),
		wb.End, wb.End, wb.End,
		wb.LocalGet(0), wb.LocalGet(1))
	b.ExportFunc("f", f)
	for range 2 {
		b.Elem(0, f)
		b.Data(0, []byte("x"))
		b.Custom("note", nil)
	}
	return b.Bytes()
}
