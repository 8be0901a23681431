//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// TestCells: globals of all types are found where the library keeps them, the same
// for all instances, and restored there; equal ones are told apart.
func TestCells(t *testing.T) {
	var b Builder
	b.ImportFunc("env", "next", b.Type(Types{I32}, Types{I32}))
	b.Memory(1, 1)
	var change []byte
	for _, g := range []struct {
		typ         byte
		init, other []byte
	}{
		{I32, I32Const(7), I32Const(-8)}, {I64, I64Const(7), I64Const(-9)}, {F32, F32Const(7), F32Const(-1)},
		{F64, F64Const(7), F64Const(-2)}, {I32, I32Const(7), I32Const(11)}, {I64, I64Const(7), I64Const(12)},
	} {
		change = append(change, Cat(g.other, GlobalSet(b.Global(g.typ, true, g.init)))...)
	}
	b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, change, I32Const(1), Call(0), Drop))
	first, err := instantiate(t, open(t, Config{}), &b, next(func(context.Context, engine.Instance, []uint64) {}))
	if err != nil {
		t.Fatal(err)
	}
	frozen, err := first.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		made, err := frozen.Instantiate(engine.InstanceConfig{})
		if err != nil {
			t.Fatal(err)
		}
		in := made.(*instance)
		if in.guest.fuel_cell == nil || in.guest.cells == nil {
			t.Fatalf("not found: of the fuel at %v, of the globals at %v", in.guest.fuel_cell, in.guest.cells)
		}
		for range 2 {
			if err := in.Func("f").Call(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if err := in.Restorer().Verify(); err == nil {
				t.Error("the guest changed nothing")
			}
			if err := in.Restorer().Restore(); err != nil {
				t.Fatal(err)
			}
			if err := in.Restorer().Verify(); err != nil { // by the library
				t.Error(err)
			}
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestWithoutCells: where no function of its own leads to an instance, the library
// is asked.
func TestWithoutCells(t *testing.T) {
	for name, export := range map[string]func(b *Builder, imported uint32){
		"no function":          func(*Builder, uint32) {},
		"a function of others": func(b *Builder, imported uint32) { b.ExportFunc("a", imported) },
		"many globals": func(b *Builder, _ uint32) {
			for range mostCells + 1 {
				b.Global(I32, true, I32Const(3))
			}
			b.ExportFunc("a", b.Func(b.Type(nil, nil), nil, I32Const(5), GlobalSet(0)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b Builder
			imported := b.ImportFunc("env", "next", b.Type(Types{I32}, Types{I32}))
			b.Memory(1, 1)
			export(&b, imported)
			in, err := instantiate(t, open(t, Config{}), &b, next(func(context.Context, engine.Instance, []uint64) {}))
			if err != nil {
				t.Fatal(err)
			}
			if in.guest.fuel_cell != nil || in.guest.cells != nil {
				t.Error("there are cells")
			}
			frozen, err := in.Freeze()
			if err != nil {
				t.Fatal(err)
			}
			again, err := frozen.Instantiate(engine.InstanceConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if f := again.Func("a"); f != nil {
				if err := f.Call(t.Context(), []uint64{1}); err != nil {
					t.Error(err)
				}
			}
			if err := again.Restorer().Restore(); err != nil {
				t.Error(err)
			}
			if err := again.Restorer().Verify(); err != nil {
				t.Error(err)
			}
		})
	}
}
