package wazero

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// open makes an engine that the test closes.
func open(t testing.TB, cfg Config) *wazeroEngine {
	t.Helper()
	eng, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close() })
	return eng.(*wazeroEngine)
}

// compile compiles a module that a test built; the test closes it.
func compile(t testing.TB, eng engine.Engine, b *Builder, host *engine.Host) (engine.Module, error) {
	t.Helper()
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := eng.Compile(context.Background(), binary, host)
	if err == nil {
		t.Cleanup(func() { m.Close() })
	}
	return m, err
}

// run compiles a module without imports and calls its function "f".
func run(t testing.TB, eng engine.Engine, b *Builder, stack ...uint64) ([]uint64, error) {
	t.Helper()
	m, err := compile(t, eng, b, engine.NewHost())
	if err != nil {
		return nil, err
	}
	in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	err = in.Func("f").Call(context.Background(), stack)
	return stack, err
}

func TestVersionIsThatOfGoMod(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(mod), "github.com/tetratelabs/wazero ")
	want, _, _ := strings.Cut(rest, " ")
	if got := open(t, Config{}).Name(); got != "wazero "+want {
		t.Errorf("Name is %q, go.mod requires %q", got, want)
	}
}

func TestNewRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []Config{{CacheSize: -1}, {CacheDir: file}} {
		if eng, err := New(cfg); err == nil {
			eng.Close()
			t.Errorf("New(%+v) works", cfg)
		}
	}
}

// TestFeaturesOff: what would endanger the host does not compile.
func TestFeaturesOff(t *testing.T) {
	for name, build := range map[string]func(b *Builder){
		"exceptions": func(b *Builder) {
			typ := b.Type(nil, nil)
			b.ExportFunc("f", b.Func(typ, nil, Throw(b.Tag(typ))))
		},
		"throwing references": func(b *Builder) {
			b.ExportFunc("f", b.Func(b.Type(nil, nil), Types{ExnRef}, LocalGet(0), Raw(0x0a)))
		},
		"catching": func(b *Builder) {
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, Raw(0x1f, Empty, 1, 2, 0), End)) // try_table, catch_all
		},
		"tables of exceptions": func(b *Builder) {
			b.Table(ExnRef, 1, 1)
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil))
		},
		"threads": func(b *Builder) {
			b.Memory(1, 1)
			b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, Raw(0xfe, 3, 0))) // atomic.fence
		},
	} {
		var b Builder
		build(&b)
		binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
		if err == nil {
			_, err = open(t, Config{}).Compile(context.Background(), binary, engine.NewHost())
		}
		if !errors.Is(err, engine.ErrInvalid) && !errors.Is(err, engine.ErrUnsupported) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func TestExtendedConstants(t *testing.T) {
	var b Builder
	g := b.Global(I32, false, I32Const(40), I32Const(2), I32Add)
	b.ExportFunc("f", b.Func(b.Type(nil, Types{I32}), nil, GlobalGet(g)))
	if got, err := run(t, open(t, Config{}), &b, 0); err != nil || got[0] != 42 {
		t.Errorf("f = %v, %v", got, err)
	}
}

// TestReferencesDoNotCross: wazero's references are addresses of its own.
func TestReferencesDoNotCross(t *testing.T) {
	for _, typ := range []byte{ExternRef, FuncRef, V128} {
		var b Builder
		b.ExportFunc("f", b.Func(b.Type(Types{typ}, Types{typ}), nil, LocalGet(0)))
		if _, err := run(t, open(t, Config{}), &b, 0x1234, 0x5678); err == nil {
			t.Errorf("a parameter of type %v was passed", engine.ValueType(typ))
		}
	}
}

func TestTwoSignaturesInOneModule(t *testing.T) {
	nothing := func(context.Context, engine.Instance, []uint64) {}
	i32 := []engine.ValueType{engine.I32}
	host := engine.NewHost(
		engine.HostFunc{Module: "m", Name: "f", Call: nothing},
		engine.HostFunc{Module: "m", Name: "f", Params: i32, Call: nothing},
	)
	var b Builder
	b.ImportFunc("m", "f", b.Type(nil, nil))
	b.ImportFunc("m", "f", b.Type(Types{I32}, nil))
	_, err := compile(t, open(t, Config{}), &b, host)
	var link *engine.LinkError
	if !errors.As(err, &link) || !strings.Contains(err.Error(), "() -> () and as (i32) -> ()") {
		t.Errorf("%v, want a LinkError that names both", err)
	}
}

// TestHostModulesAreShared: a process has 65,530 mappings, and a host module
// takes one.
func TestHostModulesAreShared(t *testing.T) {
	nothing := func(context.Context, engine.Instance, []uint64) {}
	i32 := []engine.ValueType{engine.I32}
	host := engine.NewHost(
		engine.HostFunc{Module: "m", Name: "f", Params: i32, Call: nothing},
		engine.HostFunc{Module: "m", Name: "f", Call: nothing},
		engine.HostFunc{Module: "m", Name: "g", Call: nothing},
		engine.HostFunc{Module: "other", Name: "", Call: nothing},
	)
	eng := open(t, Config{})
	for i := range int32(30) {
		var b Builder
		b.ImportFunc("other", "", b.Type(nil, nil))
		b.ImportFunc("m", "g", b.Type(nil, nil))
		switch i % 3 { // one in three imports the first f, one the second
		case 1:
			b.ImportFunc("m", "f", b.Type(Types{I32}, nil))
		case 2:
			b.ImportFunc("m", "f", b.Type(nil, nil))
		}
		b.ExportFunc("own", b.Func(b.Type(nil, Types{I32}), nil, I32Const(i)))
		if _, err := compile(t, eng, &b, host); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(eng.memory.hosts); n != 3 {
		t.Errorf("30 guests have %d host modules, want 3: one of other, two of m", n)
	}
}

// TestUnknownHostType: a mistake of the embedder is an error, not a panic.
func TestUnknownHostType(t *testing.T) {
	odd := []engine.ValueType{0x01}
	host := engine.NewHost(
		engine.HostFunc{Module: "m", Name: "odd", Params: odd, Call: func(context.Context, engine.Instance, []uint64) {}},
		engine.HostFunc{Module: "m", Name: "f", Call: func(context.Context, engine.Instance, []uint64) {}},
	)
	var b Builder
	b.ImportFunc("m", "f", b.Type(nil, nil))
	if _, err := compile(t, open(t, Config{}), &b, host); err != nil && !strings.Contains(err.Error(), `host module "m"`) {
		t.Errorf("the error does not say where: %v", err)
	}
}
