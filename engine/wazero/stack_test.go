package wazero

import (
	"context"
	"runtime"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// TestDeepStacksAreDropped: an instance that an event had recursed in kept all of
// that stack for the events after it, 10 MiB here.
func TestDeepStacksAreDropped(t *testing.T) {
	eng, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	var b Builder
	typ := b.Type(Types{I32}, Types{I32})
	b.Memory(1, 1)
	b.ExportFunc("f", b.Func(typ, nil, LocalGet(0), If(I32), LocalGet(0), I32Const(1), I32Sub, Call(0), I32Const(1), I32Add, Else, I32Const(0), End))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := eng.Compile(context.Background(), binary, engine.NewHost())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	first, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	image, err := first.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	in, err := image.Instantiate(engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if !in.Func("f").(*function).stack.IsValid() {
		t.Error("wazero's stacks cannot be seen")
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	event := func(depth uint64) {
		in.Restorer().Watch()
		stack := []uint64{depth}
		if err := in.Func("f").Call(context.Background(), stack); err != nil || stack[0] != depth {
			t.Fatalf("f(%d) = %d, %v", depth, stack[0], err)
		}
		in.Restorer().Settle()
		if err := in.Restorer().Restore(); err != nil {
			t.Fatal(err)
		}
	}
	event(1)
	before, f := heap(), in.Func("f")
	event(1)
	if in.Func("f") != f {
		t.Error("a function is dropped whose stack is small")
	}
	f = nil
	event(100_000)
	if after := heap(); after > before+1<<20 {
		t.Errorf("%d bytes of stack are kept", after-before)
	}
	event(100_000)
}
