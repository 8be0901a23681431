package wazero_test

import (
	"context"
	"math"
	"runtime"
	"testing"

	plain "github.com/tetratelabs/wazero"

	"github.com/lambent-dev/lambent/engine/enginetest"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// reloading is a function that wazero's compiler makes wrong code of: between the
// instructions of one operation an operand comes back from the stack.
type reloading struct {
	name string
	args []uint64
	want uint64
}

// simd is the code of a vector operation.
func simd(number uint64, immediate ...byte) []byte {
	return wb.Cat([]byte{0xfd}, wb.Uint(number), immediate)
}

// reloadings is a module with such functions. Each calls a function, so that nothing
// stays in registers; then comes the operation; and then a call wants one operand in a
// register that the operation uses.
func reloadings() (binary []byte, list []reloading) {
	var b wb.Builder
	nothing := b.Func(b.Type(nil, nil), nil)
	same := map[byte]uint32{}
	for _, t := range []byte{wb.F32, wb.F64} {
		same[t] = b.Func(b.Type(wb.Types{t}, wb.Types{t}), nil, wb.LocalGet(0))
	}
	get, call := wb.LocalGet, wb.Call
	add := func(name string, params, locals wb.Types, result byte, want uint64, args []uint64, code ...[]byte) {
		b.ExportFunc(name, b.Func(b.Type(params, wb.Types{result}), locals, code...))
		list = append(list, reloading{name, args, want})
	}
	wanted := func(t byte, local uint32) []byte { return wb.Cat(get(local), call(same[t]), wb.Drop) }

	f32, f64 := func(f float32) uint64 { return uint64(math.Float32bits(f)) }, math.Float64bits
	negated32, negated64 := wb.Cat(get(0), wb.Raw(0x8c), wb.LocalSet(0)), wb.Cat(get(0), wb.Raw(0x9a), wb.LocalSet(0))
	add("f32.copysign", wb.Types{wb.F32, wb.F32}, nil, wb.F32, f32(1.5), []uint64{f32(1.5), f32(2)},
		negated32, call(nothing), get(0), get(1), wb.Raw(0x98), wanted(wb.F32, 0))
	add("f64.copysign", wb.Types{wb.F64, wb.F64}, nil, wb.F64, f64(1.5), []uint64{f64(1.5), f64(2)},
		negated64, call(nothing), get(0), get(1), wb.Raw(0xa6), wanted(wb.F64, 0))
	add("select of f32", wb.Types{wb.F32, wb.F32, wb.F32, wb.I32}, nil, wb.F32, f32(3), []uint64{f32(1), f32(2), f32(3), 0},
		negated32, call(nothing), get(0), get(2), get(3), wb.Select, wanted(wb.F32, 0))
	add("select of f64", wb.Types{wb.F64, wb.F64, wb.F64, wb.I32}, nil, wb.F64, f64(3), []uint64{f64(1), f64(2), f64(3), 0},
		negated64, call(nothing), get(0), get(2), get(3), wb.Raw(0x1c, 1, wb.F64), wanted(wb.F64, 0))
	add("f64x2.replace_lane", wb.Types{wb.F64, wb.F64}, wb.Types{wb.V128, wb.V128}, wb.I64, f64(2), []uint64{f64(1), f64(2)},
		negated64, get(1), simd(0x14), wb.LocalSet(2), call(nothing),
		get(2), get(0), simd(0x22, 0), wb.LocalSet(3), wanted(wb.F64, 0), get(3), simd(0x1d, 1))

	// The others have vectors of i64: their parameters, in locals that take registers in
	// that order. The end of a loop wants them there again. The result is in the local
	// after them; the code between says what is used at first.
	result, global := b.Global(wb.I64, true, wb.I64Const(0)), b.Global(wb.I64, true, wb.I64Const(0))
	used := func(local uint32) []byte { return wb.Cat(get(local), simd(0x1d, 0), wb.GlobalSet(global)) }
	vectors := func(name string, want uint64, args []uint64, between, code []byte) {
		n := uint32(len(args))
		var params, locals wb.Types
		var splats, kept []byte
		for i := range n {
			params, locals = append(params, wb.I64), append(locals, wb.V128)
			splats = wb.Cat(splats, get(i), simd(0x12), wb.LocalSet(n+i))
			kept = wb.Cat(kept, used(n+i))
		}
		again := 2 * n
		add(name, params, append(locals, wb.I32), wb.I64, want, args,
			splats, wb.Block(wb.Empty), wb.Loop(wb.Empty), call(nothing), between, get(again), wb.BrIf(1), wb.I32Const(1), wb.LocalSet(again),
			code, simd(0x1d, 0), wb.GlobalSet(result), kept, wb.Br(0), wb.End, wb.End, wb.GlobalGet(result))
	}
	vectors("select of v128", 3, []uint64{1, 2, 3, 0}, nil,
		wb.Cat(get(4), get(6), get(3), wb.I32WrapI64, wb.Select))
	vectors("f64x2.convert_low_i32x4_u", f64(7), []uint64{7, 0}, nil,
		wb.Cat(get(2), simd(0xff)))
	vectors("v128.bitselect", 0x1ca, []uint64{0x0f0, 1, 0x1aa, 0x1cc, 0}, nil,
		wb.Cat(get(8), get(7), get(5), simd(0x52)))
	vectors("i64x2.mul", 0x300000005*0x70009, []uint64{0x300000005, 0x70009, 0}, used(4),
		wb.Cat(get(4), get(3), simd(0xd5)))
	vectors("f64x2.max", f64(9), []uint64{f64(9), f64(4), 0}, used(4),
		wb.Cat(get(3), get(4), simd(0xf5)))
	return b.Bytes(), list
}

func TestOperandsThatAreReloaded(t *testing.T) {
	binary, list := reloadings()
	for name, config := range map[string]wazero.Config{"compiler": {}, "interpreter": {Interpreter: true}} {
		t.Run(name, func(t *testing.T) {
			in := instance(t, config, binary)
			for _, f := range list {
				stack := append([]uint64(nil), f.args...)
				if err := in.Func(f.name).Call(t.Context(), stack); err != nil {
					t.Fatal(err)
				}
				if stack[0] != f.want {
					t.Errorf("%s: %#x, want %#x", f.name, stack[0], f.want)
				}
			}
		})
	}
}

// TestWazeroStillReloadsWrong fails for what wazero does right by itself: then that
// needs no guard any more, see reloads in engine/internal/image.
func TestWazeroStillReloadsWrong(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("it is known of amd64")
	}
	binary, list := reloadings()
	ctx := context.Background()
	r := plain.NewRuntimeWithConfig(ctx, plain.NewRuntimeConfigCompiler())
	defer r.Close(ctx)
	m, err := r.Instantiate(ctx, binary)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		got, err := m.ExportedFunction(f.name).Call(ctx, f.args...)
		if err != nil {
			t.Fatal(err)
		}
		if got[0] == f.want {
			t.Errorf("%s is right", f.name)
		}
	}
}

// TestRandomModulesFindTheMistake, without the guard, within a few hundred.
func TestRandomModulesFindTheMistake(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("it is known of amd64")
	}
	unguarded, interpreter := newEngine(wazero.Config{Unguarded: true})(t), newEngine(wazero.Config{Interpreter: true})(t)
	defer unguarded.Close()
	defer interpreter.Close()
	for seed := range uint64(1000) {
		_, err := enginetest.Compare(t.Context(), enginetest.PressingModule(seed),
			enginetest.Named{Label: "unguarded", Engine: unguarded}, enginetest.Named{Label: "interpreter", Engine: interpreter})
		if err != nil {
			t.Logf("seed %d: %v", seed, err)
			return
		}
	}
	t.Error("the modules show no mistake")
}
