package pooling

import (
	"strings"
	"testing"

	"github.com/bytecodealliance/wasmtime-go/v39"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// counter counts in its memory how often it was called.
func counter(imports bool) []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	if imports {
		b.ImportFunc("nowhere", "f", b.Type(nil, nil))
	}
	b.Memory(1, 1)
	b.ExportMemory()
	b.ExportFunc("count", b.Func(b.Type(nil, i32), nil,
		wb.I32Const(0), wb.I32Const(0), wb.I32Load8U(0), wb.I32Const(1), wb.I32Add, wb.I32Store8(0),
		wb.I32Const(0), wb.I32Load8U(0)))
	return b.Bytes()
}

func prepare(t *testing.T, wasm []byte) (*wasmtime.Engine, *Pre, error) {
	t.Helper()
	config := wasmtime.NewConfig()
	Enable(config, 2, 1<<20)
	engine := wasmtime.NewEngineWithConfig(config)
	module, err := wasmtime.NewModule(engine, wasm)
	if err != nil {
		t.Fatal(err)
	}
	pre, err := NewPre(wasmtime.NewLinker(engine), module)
	return engine, pre, err
}

// TestPool makes instances one after the other: each is new. A third at once
// does not fit the pool, which shows that there is one.
func TestPool(t *testing.T) {
	engine, pre, err := prepare(t, counter(false))
	if err != nil {
		t.Fatal(err)
	}
	defer pre.Close()
	open := func() (*wasmtime.Store, error) {
		store := wasmtime.NewStore(engine)
		in, err := pre.Instantiate(store)
		if err != nil {
			return store, err
		}
		got, err := in.GetFunc(store, "count").Call(store)
		if err != nil || got != int32(1) {
			t.Fatalf("the first call returned %v, %v; want 1", got, err)
		}
		return store, nil
	}
	for range 10 {
		store, err := open()
		if err != nil {
			t.Fatal(err)
		}
		store.Close()
	}
	for i := range 3 {
		store, err := open()
		defer store.Close()
		if full := err != nil && strings.Contains(err.Error(), "2"); full != (i == 2) {
			t.Errorf("instance %d: %v", i+1, err)
		}
	}
}

func TestImportsAreResolvedBefore(t *testing.T) {
	if _, _, err := prepare(t, counter(true)); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a module whose import is not there: %v", err)
	}
}
