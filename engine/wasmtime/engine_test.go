//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// open makes an engine that the test closes.
func open(t testing.TB, cfg Config) *wasmtimeEngine {
	t.Helper()
	eng, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close() })
	return eng.(*wasmtimeEngine)
}

// instantiate compiles a module that a test built and makes an instance of it.
func instantiate(t testing.TB, eng engine.Engine, b *Builder, funcs ...engine.HostFunc) (*instance, error) {
	t.Helper()
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := eng.Compile(context.Background(), binary, engine.NewHost(funcs...))
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { m.Close() })
	in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { in.Close() })
	return in.(*instance), nil
}

// run calls the function "f" of a module.
func run(t testing.TB, eng engine.Engine, b *Builder, stack ...uint64) ([]uint64, error) {
	t.Helper()
	in, err := instantiate(t, eng, b)
	if err != nil {
		return nil, err
	}
	err = in.Func("f").Call(context.Background(), stack)
	return stack, err
}

func TestNewRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fill := func(context.Context, []byte) error { return nil }
	for _, cfg := range []Config{{CacheSize: -1}, {CacheDir: file}, {Fill: fill}} {
		if eng, err := New(cfg); err == nil {
			eng.Close()
			t.Errorf("New with a CacheDir of %q and a CacheSize of %d works", cfg.CacheDir, cfg.CacheSize)
		}
	}
}

// TestFeatures: what guests may use is what they may use on wazero, but for
// references that code makes.
func TestFeatures(t *testing.T) {
	for name, c := range map[string]struct {
		build func(b *Builder)
		works bool
	}{
		"exceptions": {func(b *Builder) {
			typ := b.Type(nil, nil)
			b.ExportFunc("f", b.Func(typ, nil, Throw(b.Tag(typ))))
		}, false},
		"catching": {func(b *Builder) {
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, Raw(0x1f, Empty, 1, 2, 0), End)) // try_table, catch_all
		}, false},
		"threads": {func(b *Builder) {
			b.Memory(1, 1)
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, Raw(0xfe, 3, 0))) // atomic.fence
		}, false},
		"relaxed SIMD": {func(b *Builder) {
			zero := Cat([]byte{0xfd, 0x0c}, make([]byte, 16))
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, zero, zero, Raw(0xfd, 0x80, 0x02), Drop)) // i8x16.relaxed_swizzle
		}, false},
		"SIMD": {func(b *Builder) {
			zero := Cat([]byte{0xfd, 0x0c}, make([]byte, 16))
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, zero, zero, Raw(0xfd, 0x6e), Drop)) // i8x16.add
		}, true},
		"extended constants": {func(b *Builder) {
			b.Global(I32, false, I32Const(40), I32Const(2), I32Add)
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil))
		}, true},
		"references that code makes": {func(b *Builder) {
			f := b.Func(b.Type(nil, nil), nil, RefFunc(0), Drop)
			b.DeclareElem(f)
			b.ExportFunc("f", f)
		}, true},
	} {
		var b Builder
		c.build(&b)
		binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
		if err == nil {
			_, err = open(t, Config{}).Compile(context.Background(), binary, engine.NewHost())
		}
		if c.works {
			if _, err := run(t, open(t, Config{}), &b); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		} else if !errors.Is(err, engine.ErrInvalid) && !errors.Is(err, engine.ErrUnsupported) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

// TestNaNsAreCanonical: an operation that makes a NaN makes the same one always,
// or one of its operands, made quiet, if any will do.
func TestNaNsAreCanonical(t *testing.T) {
	var b Builder
	b.ExportFunc("f", b.Func(b.Type(Types{F64}, Types{F64}), nil, LocalGet(0), LocalGet(0), F64Add))
	for _, bits := range []uint64{0xfff8_0000_0000_1234, 0x7ff4_0000_0000_0001} {
		if got, err := run(t, open(t, Config{}), &b, bits); err != nil || got[0] != math.Float64bits(math.NaN())&^1 {
			t.Errorf("the sum of two NaNs %#x is %#x, %v", bits, got, err)
		}
		if got, err := run(t, open(t, Config{AnyNaN: true}), &b, bits); err != nil || got[0] != bits|1<<51 {
			t.Errorf("the sum of two NaNs %#x is %#x, %v, of which any will do", bits, got, err)
		}
	}
}

// TestExternalReferences: a table of them needs a heap, even for null. All else
// that may hold one works.
func TestExternalReferences(t *testing.T) {
	for name, build := range map[string]func(b *Builder){
		"a table":  func(b *Builder) { b.Table(ExternRef, 1, 10) },
		"a global": func(b *Builder) { b.Global(ExternRef, true, RefNull(ExternRef)) },
		"a result": func(b *Builder) { b.Func(b.Type(nil, Types{ExternRef}), nil, RefNull(ExternRef)) },
		"a type":   func(b *Builder) { b.Type(Types{ExternRef}, nil) },
		"a local":  func(b *Builder) { b.Func(b.Type(nil, nil), Types{ExternRef}) },
		"a value":  func(b *Builder) { b.Func(b.Type(nil, nil), nil, RefNull(ExternRef), Drop) },
	} {
		for _, memory := range []bool{false, true} {
			var b Builder
			build(&b)
			if memory {
				b.Memory(0, NoMax)
			}
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil))
			var want error
			if name == "a table" {
				want = engine.ErrUnsupported
			}
			if _, err := run(t, open(t, Config{}), &b); !errors.Is(err, want) {
				t.Errorf("%s, with a memory: %t: %v, want %v", name, memory, err, want)
			}
		}
	}
}

// TestReferencesDoNotCross: they are addresses of wasmtime's.
func TestReferencesDoNotCross(t *testing.T) {
	for _, typ := range []byte{ExternRef, FuncRef, V128} {
		var b Builder
		b.ExportFunc("f", b.Func(b.Type(Types{typ}, Types{typ}), nil, LocalGet(0)))
		if _, err := run(t, open(t, Config{}), &b, 0x1234, 0x5678); err == nil {
			t.Errorf("a parameter of type %v was passed", engine.ValueType(typ))
		}
	}
	odd := engine.HostFunc{Module: "m", Name: "f", Params: []engine.ValueType{0x6f}, Call: func(context.Context, engine.Instance, []uint64) {}}
	var b Builder
	b.ImportFunc("m", "f", b.Type(Types{ExternRef}, nil))
	if _, err := instantiate(t, open(t, Config{}), &b, odd); err == nil {
		t.Error("a host function has an externref")
	}
}

// TestTableGrowth: the guest finds the bound with table.grow, which fails.
func TestTableGrowth(t *testing.T) {
	var b Builder
	b.Table(FuncRef, 1, NoMax)
	b.ExportFunc("f", b.Func(b.Type(Types{I32}, Types{I32}), nil,
		RefNull(FuncRef), LocalGet(0), Raw(0xfc, 15, 0))) // table.grow
	for _, test := range []struct{ by, want uint32 }{
		{tableEntries - 1, 1}, {tableEntries, math.MaxUint32}, {1 << 31, math.MaxUint32}, {math.MaxUint32, math.MaxUint32},
	} {
		if got, err := run(t, open(t, Config{}), &b, uint64(test.by)); err != nil || uint32(got[0]) != test.want {
			t.Errorf("table.grow(%d) = %v, %v, want %d", test.by, got, err, test.want)
		}
	}
}
