package enginetest

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// Benchmark measures an engine: "instance" makes an instance of a tiny module,
// calls it and closes it; "thaw" does so from an image; "restore" calls an
// instance of an image and restores it; "call" calls a function that does
// nothing; "host call" has the guest call a host function, one operation each.
func Benchmark(b *testing.B, newEngine func() (engine.Engine, error)) {
	eng, err := newEngine()
	if err != nil {
		b.Fatal(err)
	}
	defer eng.Close()
	module := memoryModule(1, NoMax)
	ctx := context.Background()

	b.Run("instance", func(b *testing.B) {
		m := compile(b, eng, module)
		b.ReportAllocs()
		for b.Loop() {
			in, err := m.Instantiate(ctx, engine.InstanceConfig{MemoryLimit: 128 << 20})
			if err != nil {
				b.Fatal(err)
			}
			if err := in.Func("store").Call(ctx, []uint64{1, 2}); err != nil {
				b.Fatal(err)
			}
			in.Close()
		}
	})
	b.Run("thaw", func(b *testing.B) {
		image := frozen(b, eng, 1)
		b.ReportAllocs()
		for b.Loop() {
			in, err := image.Instantiate(engine.InstanceConfig{MemoryLimit: 128 << 20})
			if err != nil {
				b.Fatal(err)
			}
			if err := in.Func("store").Call(ctx, []uint64{1, 2}); err != nil {
				b.Fatal(err)
			}
			in.Close()
		}
	})
	b.Run("restore", func(b *testing.B) {
		in := thaw(b, frozen(b, eng, 1), engine.InstanceConfig{})
		restorer, store := in.Restorer(), in.Func("store")
		stack := make([]uint64, 2)
		b.ReportAllocs()
		for b.Loop() {
			restorer.Watch()
			stack[0], stack[1] = 1, 2
			if err := store.Call(ctx, stack); err != nil {
				b.Fatal(err)
			}
			restorer.Settle()
			if err := restorer.Restore(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("call", func(b *testing.B) {
		size := start(b, eng, module).Func("size")
		stack := make([]uint64, 1)
		b.ReportAllocs()
		for b.Loop() {
			if err := size.Call(ctx, stack); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("host call", func(b *testing.B) {
		var build Builder
		host := build.ImportFunc("env", "host", build.Type(Types{I32}, Types{I32}))
		build.ExportFunc("repeat", build.Func(build.Type(Types{I32}, nil), nil,
			Loop(Empty), LocalGet(0), Call(host), Drop,
			LocalGet(0), I32Const(1), I32Sub, LocalTee(0), BrIf(0), End))
		i32 := []engine.ValueType{engine.I32}
		in := start(b, eng, &build, hostFunc("host", i32, i32, func(context.Context, engine.Instance, []uint64) {}))
		if err := in.Func("repeat").Call(ctx, []uint64{uint64(b.N)}); err != nil {
			b.Fatal(err)
		}
	})
}
