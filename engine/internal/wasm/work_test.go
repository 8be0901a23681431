package wasm

import (
	"bytes"
	"errors"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// Modules of many large types, which wazero takes 7 s for.
func TestTypeBombs(t *testing.T) {
	of := func(n, params, results int) []byte {
		var b wb.Builder
		for range n {
			b.Type(i32s(params), i32s(results))
		}
		return b.Bytes()
	}
	if _, err := Read(of(20_000, 900, 0), Limits{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("20,000 types of 900 parameters: %v", err)
	}
	for _, binary := range [][]byte{of(500, 1000, 1000), of(10_000, 13, 1)} {
		if _, err := Read(binary, Limits{}); err != nil {
			t.Errorf("%d bytes: %v", len(binary), err)
		}
	}
}

// TestWorkBombs: small modules that wazero compiles for many seconds are
// refused by default, and what real programs have is not.
func TestWorkBombs(t *testing.T) {
	branch := wb.Cat(wb.I32Const(1), wb.BrIf(0))
	block := func(open []byte, locals, branches int) []byte {
		var b wb.Builder
		b.Func(b.Type(nil, nil), i32s(locals), open, bytes.Repeat(branch, branches), wb.End)
		return b.Bytes()
	}
	ifs := func(locals, n int) []byte {
		var b wb.Builder
		one := wb.Cat(wb.I32Const(1), wb.If(wb.Empty), wb.I32Const(1), wb.LocalSet(0), wb.End)
		b.Func(b.Type(nil, nil), i32s(locals), bytes.Repeat(one, n))
		return b.Bytes()
	}
	beside := func(globals, n int, code []byte) []byte {
		var b wb.Builder
		for range globals {
			b.Global(wb.I32, true, wb.I32Const(0))
		}
		b.Memory(1, 1)
		b.Func(b.Type(nil, nil), nil, bytes.Repeat(code, n))
		return b.Bytes()
	}
	functions := func(globals, n int) []byte {
		var b wb.Builder
		for range globals {
			b.Global(wb.I64, true, wb.I64Const(0))
		}
		typ := b.Type(nil, nil)
		for range n {
			b.Func(typ, nil)
		}
		return b.Bytes()
	}
	blocks := func(n int) []byte {
		var b wb.Builder
		b.Func(b.Type(nil, nil), nil, bytes.Repeat(wb.Cat(wb.Block(wb.Empty), branch, wb.End), n))
		return b.Bytes()
	}
	loop := wb.Cat(wb.Loop(wb.Empty), wb.End)
	grow := wb.Cat(wb.I32Const(0), wb.MemoryGrow, wb.Drop)
	move := wb.Cat(wb.I32Const(0), wb.I32Const(0), wb.I32Const(0), wb.MemoryCopy)
	for _, c := range []struct {
		name    string
		module  []byte
		refused bool
	}{
		{"br_if to one block, 100 locals: 13 s", block(wb.Block(wb.Empty), 100, 4000), true},
		{"br_if to one block, 1,000 locals: 164 s", block(wb.Block(wb.Empty), 1000, 4000), true},
		{"br_if to one block, no locals: 2.4 s", block(wb.Block(wb.Empty), 0, 8000), true},
		{"br_if to one loop, 1,000 locals: 20 s", block(wb.Loop(wb.Empty), 1000, 2000), true},
		{"if after if, 1,000 locals: 2.6 s for 2,000", ifs(1000, 4000), true},
		{"a block with a br_if after the other: 3 s", blocks(15_000), true},
		{"as many as compile in 1.2 s", blocks(9_500), false},
		{"as in esbuild", blocks(4225), false},
		{"br_if to one block, as in esbuild", block(wb.Block(wb.Empty), 20, 1761), false},
		{"if after if, as in ffmpeg", ifs(158, 3100), false},
		{"loop after loop: 15 s", beside(0, 30_000, loop), true},
		{"loop after loop, as many as compile in 2 s", beside(0, 10_000, loop), false},
		{"loops beside globals, metered: 90 s", beside(20_000, 20_000, loop), true},
		{"the smallest of them: 1 s", beside(3000, 3000, loop), true},
		{"calls beside globals", beside(3000, 3000, wb.Call(0)), true},
		{"memory.grow beside globals", beside(3000, 3000, grow), true},
		{"memory.copy beside globals", beside(3000, 3000, move), true},
		{"functions beside globals", functions(20_000, 20_000), true},
		{"calls beside globals, as in Pyodide", beside(284, 20_000, wb.Call(0)), false},
	} {
		if _, err := Read(c.module, Limits{}); (err != nil) != c.refused || err != nil && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s (%d bytes): %v", c.name, len(c.module), err)
		}
	}
}
