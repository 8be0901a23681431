package meter

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// shape is a module whose function "run" calls itself without end, in frames of
// one shape. The global "depth" counts its calls.
type shape struct {
	name   string
	module []byte
	frame  int64 // bytes of one call, by the formula; 0 if the calls differ
}

// counted counts a call.
func counted() []byte {
	return wb.Cat(wb.GlobalGet(0), wb.I32Const(1), wb.I32Add, wb.GlobalSet(0))
}

func repeated(n int, code func(i uint32) []byte) []byte {
	var out []byte
	for i := range uint32(n) {
		out = append(out, code(i)...)
	}
	return out
}

func types(n int, t byte) wb.Types { return bytes.Repeat([]byte{t}, n) }

// recursive makes a module; build adds function run of a type with so many
// parameters, which is its own index.
func recursive(name string, frame int64, params wb.Types, build func(b *wb.Builder, typ uint32) uint32) shape {
	var b wb.Builder
	typ := b.Type(params, nil)
	nothing := b.Type(nil, nil)
	b.Export("depth", wb.KindGlobal, b.Global(wb.I32, true, wb.I32Const(0)))
	b.Table(wb.FuncRef, 1, 1)
	run := build(&b, typ)
	b.Elem(0, run)
	first := repeated(len(params), func(i uint32) []byte { return zero(params[i]) })
	b.ExportFunc("run", b.Func(nothing, nil, first, wb.Call(run)))
	return shape{name, b.Bytes(), frame}
}

// zero is the constant 0 of a type.
func zero(t byte) []byte {
	switch t {
	case wb.I32:
		return wb.I32Const(0)
	case wb.I64:
		return wb.I64Const(0)
	case wb.F64:
		return wb.F64Const(0)
	}
	return wb.Cat(wb.Raw(0xfd, 0x0c), make([]byte, 16))
}

func shapes() []shape {
	params := func(n int, t byte) shape {
		return recursive("parameters", 64+16*int64(n+max(n, 2)), types(n, t), func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, counted(), repeated(n, wb.LocalGet), wb.Call(0), repeated(n, func(i uint32) []byte { return wb.Cat(wb.LocalGet(i), wb.Drop) }))
		})
	}
	// Locals that are set before the call and used after it.
	locals := func(n int, t byte, add []byte) shape {
		set := func(i uint32) []byte { return wb.Cat(wb.GlobalGet(1), wb.GlobalGet(1), add, wb.LocalSet(i)) }
		use := func(i uint32) []byte { return wb.Cat(wb.LocalGet(i), wb.GlobalGet(1), add, wb.GlobalSet(1)) }
		return recursive("locals", 64+16*int64(n+2), nil, func(b *wb.Builder, typ uint32) uint32 {
			b.Global(t, true, zero(t))
			return b.Func(typ, types(n, t), counted(), repeated(n, set), wb.Call(0), repeated(n, use))
		})
	}
	// Operands that differ, or one would do.
	operands := func(n int, t byte, add []byte) shape {
		return recursive("operands", 64+16*int64(n+1), nil, func(b *wb.Builder, typ uint32) uint32 {
			b.Global(t, true, zero(t))
			return b.Func(typ, nil, counted(), repeated(n, func(uint32) []byte { return wb.Cat(wb.GlobalGet(1), wb.GlobalGet(1), add) }), wb.Call(0),
				repeated(n-1, func(uint32) []byte { return add }), wb.GlobalSet(1))
		})
	}
	named := func(name string, s shape) shape { s.name = name; return s }
	addV := wb.Raw(0xfd, 0xae, 0x01) // i32x4.add
	return []shape{
		recursive("nothing", 64+16*2, nil, func(b *wb.Builder, typ uint32) uint32 { return b.Func(typ, nil, counted(), wb.Call(0)) }),
		named("1 parameter", params(1, wb.I32)), named("7 parameters", params(7, wb.I64)), named("30 parameters", params(30, wb.I32)),
		named("1,000 parameters", params(1000, wb.I64)), named("20 doubles", params(20, wb.F64)), named("20 vectors", params(20, wb.V128)),
		named("10 locals", locals(10, wb.I32, wb.I32Add)), named("200 locals", locals(200, wb.I64, wb.I64Add)),
		named("4,000 locals", locals(4000, wb.I64, wb.I64Add)), named("100 doubles", locals(100, wb.F64, wb.F64Add)),
		named("100 vectors", locals(100, wb.V128, addV)), named("3 operands", operands(3, wb.I32, wb.I32Add)),
		named("50 operands", operands(50, wb.I64, wb.I64Add)), named("3,000 operands", operands(3000, wb.I64, wb.I64Add)),
		named("200 vectors as operands", operands(200, wb.V128, addV)),
		recursive("1,000 blocks deep", 64+16*2, nil, func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, counted(), bytes.Repeat(wb.Block(wb.Empty), 1000), wb.Call(0), bytes.Repeat(wb.End, 1000))
		}),
		recursive("inside 20 loops", 64+16*2, nil, func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, counted(), bytes.Repeat(wb.Loop(wb.Empty), 20), wb.Call(0), bytes.Repeat(wb.End, 20))
		}),
		recursive("through a table", 64+16*2, nil, func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, counted(), wb.I32Const(0), wb.CallIndirect(typ, 0))
		}),
		recursive("three functions", 0, nil, func(b *wb.Builder, typ uint32) uint32 {
			b.Func(typ, types(10, wb.I32), counted(), wb.Call(1))
			b.Func(typ, nil, counted(), wb.I32Const(1), wb.If(wb.Empty), wb.Call(2), wb.End)
			return b.Func(typ, types(3, wb.I64), counted(), wb.Call(0))
		}),
		recursive("short code", 64, nil, func(b *wb.Builder, typ uint32) uint32 { return b.Func(typ, nil, wb.Call(0)) }),
	}
}

// deepest runs a module until it ends, and returns how often run was called.
func (h *host) deepest(t *testing.T, binary []byte) (depth int64, err error) {
	t.Helper()
	m, err := h.instance(t, binary)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.Background())
	_, err = m.ExportedFunction("run").Call(context.Background())
	return int64(m.ExportedGlobal("depth").Get()), err
}

// Recursion without end ends where the formula says, before the stack of
// wazero's compiler does: 50,000,000 bytes at least.
func TestRecursionEnds(t *testing.T) {
	h := newHost(t, 1_000_000, 1<<50)
	for _, s := range shapes() {
		metered := instrument(t, s.module)
		depth, err := h.deepest(t, metered)
		if !errors.Is(err, errDeep) {
			t.Errorf("%s: it ended with %v", s.name, err)
		}
		if s.frame == 0 || s.name == "short code" {
			continue
		}
		// The function that is called first has a frame too.
		if want := StackLimit / s.frame; depth > want || depth < (StackLimit-100_000)/s.frame {
			t.Errorf("%s: %d calls deep, want %d of %d bytes", s.name, depth, want, s.frame)
		}
		plain, err := h.deepest(t, s.module)
		if err == nil || !strings.Contains(err.Error(), "stack overflow") {
			t.Errorf("%s: plain, it ended with %v", s.name, err)
		}
		native := nativeStack(s) / float64(plain)
		t.Logf("%s: %d calls deep of %d bytes, plain %d of %.0f native bytes: %.2f", s.name, depth, s.frame, plain, native, native/float64(s.frame))
		if native*float64(depth) > 40_000_000 {
			t.Errorf("%s: %.0f bytes of native stack", s.name, native*float64(depth))
		}
	}
}

// Modules that handle exceptions end sooner: see CatchLimit. wazero, which has
// no limit of its own for what it copies, is not asked.
func TestCatchingRecursionEnds(t *testing.T) {
	try := wb.Raw(0x1f, wb.Empty, 1, 2, 0)
	for name, build := range map[string]func(b *wb.Builder, typ uint32) uint32{
		"a try around the call": func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, counted(), wb.Block(wb.Empty), try, wb.Call(0), wb.End, wb.End)
		},
		"ten": func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, counted(), wb.Block(wb.Empty), bytes.Repeat(try, 10), wb.Call(0), bytes.Repeat(wb.End, 11))
		},
		"in a function that is called deep down": func(b *wb.Builder, typ uint32) uint32 {
			b.Func(typ, nil, counted(), wb.GlobalGet(0), wb.I32Const(5000), wb.I32LtU, wb.If(wb.Empty), wb.Call(0), wb.End, wb.Call(1))
			b.Func(typ, nil, wb.Block(wb.Empty), try, wb.End, wb.End)
			return 0
		},
	} {
		s := recursive(name, 0, nil, build)
		h := newHost(t, 1_000_000, 1<<50)
		depth, err := h.deepest(t, instrument(t, s.module))
		if !errors.Is(err, errDeep) || depth < 10 || depth > CatchLimit/(frameBytes+2*valueBytes) {
			t.Errorf("%s: %d calls deep, it ended with %v", name, depth, err)
		}
	}
}

// The stack is as it was when a call has returned, thrown, or been caught.
func TestStackIsGivenBack(t *testing.T) {
	get := wb.LocalGet(0)
	work := wb.Cat(get, wb.Drop)
	long := bytes.Repeat(work, 40)
	for name, build := range map[string]func(b *wb.Builder, typ uint32){
		"a result": func(b *wb.Builder, typ uint32) { b.Func(typ, nil, get, wb.Call(1), long); b.Func(typ, nil, get) },
		"return": func(b *wb.Builder, typ uint32) {
			b.Func(typ, nil, get, wb.Call(1), wb.If(wb.Empty), get, wb.Return, wb.End, wb.Loop(wb.Empty), get, wb.Return, wb.End, get, long)
			b.Func(typ, nil, get)
		},
		"branches out": func(b *wb.Builder, typ uint32) {
			b.Func(typ, nil, wb.Block(wb.Empty), get, get, wb.Call(1), wb.BrIf(1), wb.Drop, get, get, wb.BrTable(1, 1, 1), wb.End, get, long)
			b.Func(typ, nil, get)
		},
		"short code": func(b *wb.Builder, typ uint32) { b.Func(typ, nil, get, wb.Call(1)); b.Func(typ, nil, get) },
		"tail calls": func(b *wb.Builder, typ uint32) {
			b.Func(typ, nil, get, wb.Call(1), wb.ReturnCall(1), long)
			b.Func(typ, nil, get, wb.Call(2), wb.I32Const(0), wb.Raw(0x13), wb.Uint(uint64(typ)), wb.Raw(0))
			b.Func(typ, nil, get)
		},
		"a million tail calls": func(b *wb.Builder, typ uint32) {
			b.Func(typ, nil, wb.I32Const(1_000_000), wb.Call(1), long)
			b.Func(typ, nil, get, wb.Call(2), wb.Drop, get, wb.I32Eqz, wb.If(wb.Empty), get, wb.Return, wb.End,
				get, wb.I32Const(1), wb.I32Sub, wb.ReturnCall(1))
			b.Func(typ, nil, get)
		},
		"a caught exception": func(b *wb.Builder, typ uint32) {
			b.Func(typ, nil, wb.Block(wb.Empty), wb.Raw(0x1f, wb.Empty, 1, 2, 0), get, wb.Call(1), wb.Drop, wb.End, wb.End, get, wb.Call(2), long)
			b.Func(typ, nil, get, wb.Call(3), long)
			b.Func(typ, nil, get)
			b.Func(typ, nil, get, wb.Call(2), wb.Throw(0), long)
		},
		"exceptions caught by a loop": func(b *wb.Builder, typ uint32) {
			b.Func(typ, wb.Types{wb.I32}, wb.Loop(wb.Empty), wb.LocalGet(1), wb.I32Const(1), wb.I32Add, wb.LocalTee(1), wb.I32Const(100), wb.I32LtU,
				wb.If(wb.Empty), wb.Raw(0x1f, wb.Empty, 1, 2, 1), get, wb.Call(1), wb.Drop, wb.End, wb.End, wb.End, get, wb.Call(2), long)
			b.Func(typ, nil, get, wb.Call(3), long)
			b.Func(typ, nil, get)
			b.Func(typ, nil, get, wb.Call(2), wb.Throw(0), long)
		},
		"an exception caught by the function": func(b *wb.Builder, typ uint32) {
			b.Func(typ, nil, wb.Raw(0x1f, wb.I32, 1, 0, 1, 0), get, wb.Call(1), wb.End, long)
			b.Func(typ, nil, get, wb.Call(2), wb.Throw(1), long)
			b.Func(typ, nil, get)
		},
	} {
		for _, config := range []wazero.RuntimeConfig{wazero.NewRuntimeConfigCompiler(), wazero.NewRuntimeConfigInterpreter()} {
			var b wb.Builder
			typ := b.Type(wb.Types{wb.I32}, wb.Types{wb.I32})
			b.Tag(b.Type(nil, nil))
			b.Tag(b.Type(wb.Types{wb.I32}, nil))
			b.Table(wb.FuncRef, 1, 1)
			build(&b, typ)
			b.Elem(0, b.Func(typ, nil, get))
			b.ExportFunc("run", 0)
			h := newHostOf(t, config, 1000, 1<<50)
			m, err := h.instance(t, instrument(t, b.Bytes()))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, arg := range []uint64{0, 1} {
				if _, err := m.ExportedFunction("run").Call(context.Background(), arg); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				want := uint64(StackLimit)
				if strings.Contains(name, "exception") {
					want = CatchLimit
				}
				if left := m.ExportedGlobal(StackGlobal).Get(); left != want {
					t.Errorf("%s of %d: %d bytes are left of %d", name, arg, left, want)
				}
			}
		}
	}
}

// nativeStack is how many bytes of stack wazero's compiler has when it gives
// up: it doubles what it has until that exceeds 50,000,000.
func nativeStack(shape) float64 {
	size := 10240.0
	for size <= 50_000_000 {
		size = 2*size + 16
	}
	return size
}

// The interpreter of wazero has 2,000 frames, whatever they hold. Where that is
// not enough for StackLimit, it ends there; with the same kind of trap.
func TestRecursionEndsInterpreted(t *testing.T) {
	h := newHostOf(t, wazero.NewRuntimeConfigInterpreter(), 1_000_000, 1<<50)
	for _, s := range shapes() {
		_, err := h.deepest(t, instrument(t, s.module))
		if ours := errors.Is(err, errDeep); err == nil || ours != (s.frame > StackLimit/2000) || !ours && !strings.Contains(err.Error(), "stack overflow") {
			t.Errorf("%s, of %d bytes: it ended with %v", s.name, s.frame, err)
		}
	}
}
