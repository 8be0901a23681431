package enginetest

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// all is one parameter of each value type.
var (
	all      = Types{I32, I64, F32, F64}
	allTypes = []engine.ValueType{engine.I32, engine.I64, engine.F32, engine.F64}
)

// samples are values of every type, from one end to the other.
var samples = [][4]uint64{
	{0, 0, 0, 0},
	{1, 1, uint64(math.Float32bits(1.5)), math.Float64bits(2.5)},
	{math.MaxUint32, math.MaxUint64, uint64(math.Float32bits(float32(math.Inf(-1)))), math.Float64bits(math.Inf(1))},
	{1 << 31, 1 << 63, uint64(math.Float32bits(math.MaxFloat32)), math.Float64bits(math.SmallestNonzeroFloat64)},
}

func testName(t *testing.T, eng engine.Engine) {
	if eng.Name() == "" {
		t.Error("the engine has no name")
	}
}

// equalValues compares slots of allTypes, upper halves aside.
func equalValues(a, b []uint64) bool {
	return uint32(a[0]) == uint32(b[0]) && a[1] == b[1] && uint32(a[2]) == uint32(b[2]) && a[3] == b[3]
}

func testValues(t *testing.T, eng engine.Engine) {
	var b Builder
	b.ExportFunc("all", b.Func(b.Type(all, all), nil, LocalGet(0), LocalGet(1), LocalGet(2), LocalGet(3)))
	b.ExportFunc("none", b.Func(b.Type(nil, nil), nil))
	b.ExportFunc("more", b.Func(b.Type(nil, Types{I32, I64}), nil, I32Const(7), I64Const(-8)))
	in := start(t, eng, &b)

	for _, want := range samples {
		stack := slices.Clone(want[:])
		if err := in.Func("all").Call(context.Background(), stack); err != nil || !equalValues(stack, want[:]) {
			t.Errorf("all(%#x) = %#x, %v", want, stack, err)
		}
	}
	if err := in.Func("none").Call(context.Background(), nil); err != nil {
		t.Errorf("none: %v", err)
	}
	f := in.Func("more")
	for range 3 { // a Func may be kept
		stack := make([]uint64, 3) // more than needed
		if err := f.Call(context.Background(), stack); err != nil || uint32(stack[0]) != 7 || int64(stack[1]) != -8 || stack[2] != 0 {
			t.Errorf("more() = %v, %v", stack, err)
		}
	}
	if in.Func("missing") != nil {
		t.Error("a function that is not exported is not nil")
	}
}

func testNoMemory(t *testing.T, eng engine.Engine) {
	var b Builder
	b.ExportFunc("one", b.Func(b.Type(nil, Types{I32}), nil, I32Const(1)))
	in := instantiate(t, compile(t, eng, &b), engine.InstanceConfig{MemoryLimit: 1})
	if n := len(in.Memory()); n != 0 {
		t.Errorf("a module without memory has %d bytes", n)
	}
	if v := must(t, in, "one"); uint32(v) != 1 {
		t.Errorf("one() = %d", v)
	}
}

func testShortStack(t *testing.T, eng engine.Engine) {
	var b Builder
	b.ExportFunc("params", b.Func(b.Type(Types{I32, I32}, nil), nil))
	b.ExportFunc("results", b.Func(b.Type(nil, Types{I32, I32}), nil, I32Const(1), I32Const(2)))
	in := start(t, eng, &b)
	for _, name := range []string{"params", "results"} {
		if err := in.Func(name).Call(context.Background(), make([]uint64, 1)); err == nil {
			t.Errorf("%s ran with a stack too short", name)
		}
		if err := in.Func(name).Call(context.Background(), make([]uint64, 2)); err != nil {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}
}

// testTailCalls counts down a million times: no stack holds that.
func testTailCalls(t *testing.T, eng engine.Engine) {
	var b Builder
	typ := b.Type(Types{I32}, Types{I32})
	b.ExportFunc("count", b.Func(typ, nil,
		LocalGet(0), I32Eqz, If(Empty), I32Const(42), Return, End,
		LocalGet(0), I32Const(1), I32Sub, ReturnCall(0)))
	if v := must(t, start(t, eng, &b), "count", 1_000_000); uint32(v) != 42 {
		t.Errorf("count = %d", v)
	}
}
