package wazero_test

import (
	"context"
	"runtime"
	"slices"
	"testing"

	plain "github.com/tetratelabs/wazero"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// compareZero is a module with a function for each way in which zero can be
// compared with a conjunction: (a, b) → the result of 0 op a&b. Named after the
// type, the operation and the way.
func compareZero() (binary []byte, functions []comparison) {
	var b wb.Builder
	for _, wide := range []bool{false, true} {
		prefix, typ, zero, and, first := "i32 ", wb.I32, wb.I32Const(0), wb.I32And, byte(0x48)
		if wide {
			prefix, typ, zero, and, first = "i64 ", wb.I64, wb.I64Const(0), wb.Raw(0x83), 0x53
		}
		choose := wb.Cat(wb.If(wb.I32), wb.I32Const(1), wb.Else, wb.I32Const(0), wb.End)
		params := b.Type(wb.Types{typ, typ}, wb.Types{wb.I32})
		both := wb.Cat(wb.LocalGet(0), wb.LocalGet(1), and)
		for i, name := range []string{"lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"} {
			op := wb.Raw(first + byte(i))
			compare := wb.Cat(zero, both, op)
			for way, code := range map[string][]byte{
				"value":     compare,
				"if":        wb.Cat(compare, choose),
				"select":    wb.Cat(wb.I32Const(1), wb.I32Const(0), compare, wb.Select),
				"br_if":     wb.Cat(wb.Block(wb.I32), wb.I32Const(1), compare, wb.BrIf(0), wb.Drop, wb.I32Const(0), wb.End),
				"eqz":       wb.Cat(compare, wb.I32Eqz, wb.If(wb.I32), wb.I32Const(0), wb.Else, wb.I32Const(1), wb.End),
				"local":     wb.Cat(both, wb.LocalSet(0), zero, wb.LocalGet(0), op, choose),
				"two":       wb.Cat(both, wb.LocalSet(0), wb.LocalGet(0), wb.LocalSet(1), zero, wb.LocalGet(1), op, choose),
				"unset":     wb.Cat(wb.LocalGet(2), both, op, choose),
				"block":     wb.Cat(zero, wb.Block(typ), both, wb.End, op, choose),
				"in a loop": wb.Cat(both, wb.LocalSet(0), wb.Loop(wb.I32), zero, wb.LocalGet(0), op, choose, wb.End),
				"below":     wb.Cat(zero, both, wb.I32Const(7), wb.LocalSet(3), op, choose),
			} {
				c := comparison{prefix + name + " " + way, wide, i}
				b.ExportFunc(c.name, b.Func(params, wb.Types{typ, wb.I32}, code))
				functions = append(functions, c)
			}
		}
	}
	return b.Bytes(), functions
}

type comparison struct {
	name string
	wide bool
	op   int
}

// want is what the function returns.
func (c comparison) want(a, b uint64) uint64 {
	and := a & b
	signed := int64(and)
	if !c.wide {
		and = uint64(uint32(and))
		signed = int64(int32(and))
	}
	if [...]bool{0 < signed, 0 < and, 0 > signed, false, 0 <= signed, true, 0 >= signed, 0 >= and}[c.op] {
		return 1
	}
	return 0
}

var conjunctions = [][2]uint64{{0, 0}, {1, 1}, {1, 2}, {0xffffffff, 0xffff}, {0x80000001, 0xf0000000}, {1 << 63, 1<<63 | 1}, {1<<63 - 1, 1 << 40}, {^uint64(0), ^uint64(0)}}

// TestZeroIsComparedWithAConjunction: wazero's compiler takes 0 < a&b for
// a&b < 0. Found by comparing it with its interpreter on random functions.
func TestZeroIsComparedWithAConjunction(t *testing.T) {
	binary, functions := compareZero()
	for name, config := range map[string]wazero.Config{"compiler": {}, "interpreter": {Interpreter: true}} {
		t.Run(name, func(t *testing.T) {
			in := instance(t, config, binary)
			for _, c := range functions {
				for _, args := range conjunctions {
					stack := slices.Clone(args[:])
					if err := in.Func(c.name).Call(context.Background(), stack); err != nil {
						t.Fatal(err)
					}
					if got, want := uint64(uint32(stack[0])), c.want(args[0], args[1]); got != want {
						t.Errorf("%s of %#x and %#x: %d, want %d", c.name, args[0], args[1], got, want)
					}
				}
			}
		})
	}
}

// TestUnguardedComparesWrong: without the guard, wazero's mistake is there, and what
// was compiled so is in no cache.
func TestUnguardedComparesWrong(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("it is known of amd64")
	}
	dir := t.TempDir()
	binary, functions := compareZero()
	wrong := func(config wazero.Config) (n int) {
		in := instance(t, config, binary)
		for _, c := range functions {
			for _, args := range conjunctions {
				stack := slices.Clone(args[:])
				if err := in.Func(c.name).Call(t.Context(), stack); err != nil {
					t.Fatal(err)
				}
				if uint64(uint32(stack[0])) != c.want(args[0], args[1]) {
					n++
				}
			}
		}
		return n
	}
	if wrong(wazero.Config{CacheDir: dir, Unguarded: true}) == 0 {
		t.Error("without the guard it compares right")
	}
	if n := wrong(wazero.Config{CacheDir: dir}); n > 0 {
		t.Errorf("with the guard, after an engine without it, it compares wrong %d times", n)
	}
}

// TestWazeroStillNeedsTheGuard fails when wazero compares right by itself: then
// image.Options.GuardWazero can go.
func TestWazeroStillNeedsTheGuard(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("it is known of amd64")
	}
	binary, functions := compareZero()
	ctx := context.Background()
	r := plain.NewRuntimeWithConfig(ctx, plain.NewRuntimeConfigCompiler())
	defer r.Close(ctx)
	m, err := r.Instantiate(ctx, binary)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for _, c := range functions {
		for _, args := range conjunctions {
			got, err := m.ExportedFunction(c.name).Call(ctx, args[0], args[1])
			if err != nil {
				t.Fatal(err)
			}
			if got[0] != c.want(args[0], args[1]) {
				wrong++
			}
		}
	}
	if wrong == 0 {
		t.Error("wazero compares zero with conjunctions right: the guard in engine/internal/image is not needed any more")
	}
}
