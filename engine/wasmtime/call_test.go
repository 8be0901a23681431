//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

var errTest = errors.New("of the test")

// countdown exports f(n), which asks env.next(n) for the result unless n is 0.
func countdown() *Builder {
	var b Builder
	typ := b.Type(Types{I32}, Types{I32})
	next := b.ImportFunc("env", "next", typ)
	b.Memory(1, 10)
	b.ExportFunc("f", b.Func(typ, nil, LocalGet(0), If(I32), LocalGet(0), Call(next), I32Const(1), I32Add, Else, I32Const(1000), End))
	b.ExportFunc("grow", b.Func(typ, nil, LocalGet(0), MemoryGrow))
	return &b
}

// next is env.next, done so.
func next(call func(ctx context.Context, in engine.Instance, stack []uint64)) engine.HostFunc {
	i32 := []engine.ValueType{engine.I32}
	return engine.HostFunc{Module: "env", Name: "next", Params: i32, Results: i32, Call: call}
}

// TestNested has host functions call the guest that called them, 200 deep, grow its
// memory there, and stop it from there.
func TestNested(t *testing.T) {
	deepest := func(in engine.Instance) {}
	in, err := instantiate(t, open(t, Config{}), countdown(), next(func(ctx context.Context, in engine.Instance, stack []uint64) {
		n := stack[0] - 1
		inner := []uint64{n}
		if err := in.Func("f").Call(ctx, inner); err != nil {
			engine.Stop(err)
		}
		if n == 0 {
			deepest(in)
		}
		stack[0] = inner[0]
	}))
	if err != nil {
		t.Fatal(err)
	}
	in.Meter().Begin(0)
	for range 3 {
		deepest = func(in engine.Instance) {
			if err := in.Func("grow").Call(context.Background(), []uint64{1}); err != nil {
				t.Error(err)
			}
			if err := in.Close(); err == nil {
				t.Error("an instance was closed by what it called")
			}
		}
		stack := []uint64{200}
		if err := in.Func("f").Call(t.Context(), stack); err != nil || stack[0] != 1200 {
			t.Fatalf("f(200) = %d, %v", stack[0], err)
		}
	}
	if n := len(in.Memory()); n != 4*64<<10 {
		t.Errorf("the memory has %d bytes after it grew three times", n)
	}
	if used := in.Meter().Used(); used < 3*200*engine.HostCallFuel || used > 3*200*(engine.HostCallFuel+100)+3*10_000 {
		t.Errorf("%d units were used", used)
	}
	deepest = func(engine.Instance) { engine.Stop(errTest) }
	if err := in.Func("f").Call(t.Context(), []uint64{200}); err != errTest {
		t.Errorf("%v, want what the innermost call was stopped with", err)
	}
}

// TestGoexit ends the goroutine in a host function. What waits for it is unwound,
// and the thread is of use to others.
func TestGoexit(t *testing.T) {
	eng := open(t, Config{})
	for range 50 {
		in, err := instantiate(t, eng, countdown(), next(func(ctx context.Context, in engine.Instance, stack []uint64) {
			if stack[0] == 1 {
				runtime.Goexit()
			}
			inner := []uint64{stack[0] - 1}
			in.Func("f").Call(ctx, inner)
		}))
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		group.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("it panicked with %v", r)
				}
			}()
			err := in.Func("f").Call(context.Background(), []uint64{3})
			t.Errorf("the call returned, with %v", err)
		})
		group.Wait()
		if err := in.Func("f").Call(context.Background(), []uint64{0}); err == nil {
			t.Error("the instance can be used")
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestFaultInHostFunction: a fault of Go's is a panic of Go's while a guest waits.
func TestFaultInHostFunction(t *testing.T) {
	var nothing *[10]int
	in, err := instantiate(t, open(t, Config{}), countdown(), next(func(_ context.Context, _ engine.Instance, stack []uint64) {
		stack[0] = uint64(nothing[stack[0]])
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Func("f").Call(t.Context(), []uint64{1}); !errors.Is(err, engine.ErrHostPanic) {
		t.Errorf("%v, want ErrHostPanic", err)
	}
}

// TestOtherGuestsOnTheThread: while a guest waits, the thread runs others.
func TestOtherGuestsOnTheThread(t *testing.T) {
	eng := open(t, Config{})
	var stopped int
	var ask func(ctx context.Context, in engine.Instance, stack []uint64)
	ask = func(ctx context.Context, in engine.Instance, stack []uint64) {
		other, err := instantiate(t, eng, countdown(), next(ask))
		if err != nil {
			t.Error(err)
			return
		}
		inner := []uint64{stack[0] - 1}
		if stack[0] == 3 { // it goes wrong there, and this guest goes on
			err = other.Func("grow").Call(ctx, nil)
			engineStop := next(func(context.Context, engine.Instance, []uint64) { engine.Stop(errTest) })
			doomed, err2 := instantiate(t, eng, countdown(), engineStop)
			if err == nil || err2 != nil {
				t.Errorf("%v, %v", err, err2)
				return
			}
			if err := doomed.Func("f").Call(ctx, []uint64{1}); err == errTest {
				stopped++
			}
		}
		if err := other.Func("f").Call(ctx, inner); err != nil {
			t.Error(err)
		}
		stack[0] = inner[0]
	}
	in, err := instantiate(t, eng, countdown(), next(ask))
	if err != nil {
		t.Fatal(err)
	}
	stack := []uint64{5}
	if err := in.Func("f").Call(t.Context(), stack); err != nil || stack[0] != 1005 || stopped != 1 {
		t.Errorf("f(5) = %d, %v; %d others were stopped", stack[0], err, stopped)
	}
}

// TestClock: a guest that has fuel for a hundred years, and so never asks for more,
// notices that its context is done.
func TestClock(t *testing.T) {
	var b Builder
	b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, Call(b.ImportFunc("env", "ready", b.Type(nil, nil))), Loop(Empty), Br(0), End))
	ctx, cancel := context.WithCancelCause(context.Background())
	in, err := instantiate(t, open(t, Config{}), &b, engine.HostFunc{Module: "env", Name: "ready", Call: func(_ context.Context, in engine.Instance, _ []uint64) {
		(*gauge)(in.(*instance)).SetLeft(1 << 62)
		go cancel(errTest)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Func("f").Call(ctx, nil); !errors.Is(err, engine.ErrInterrupted) || !errors.Is(err, errTest) {
		t.Errorf("%v, want ErrInterrupted and the cause", err)
	}
}

// TestSignals has the profiler, and the garbage collector, signal threads that run
// guests, on stacks that Go knows nothing of.
func TestSignals(t *testing.T) {
	var b Builder
	b.ImportFunc("env", "next", b.Type(Types{I32}, Types{I32}))
	b.Memory(1, 1)
	b.ExportFunc("f", b.Func(b.Type(Types{I32}, nil), nil,
		Loop(Empty), LocalGet(0), Call(0), I32Const(0), I32Store(0), LocalGet(0), I32Const(1), I32Sub, LocalTee(0), BrIf(0), End))
	// The guest stores its n at an address that the host says: too far, at last.
	far := next(func(_ context.Context, _ engine.Instance, stack []uint64) {
		if uint32(stack[0]) == 1 {
			stack[0] = 1 << 31
		} else {
			stack[0] = 8
		}
	})
	eng := open(t, Config{})
	var profile bytes.Buffer
	if err := pprof.StartCPUProfile(&profile); err != nil {
		t.Skip(err)
	}
	defer pprof.StopCPUProfile()
	var group sync.WaitGroup
	end := time.Now().Add(300 * time.Millisecond)
	for range 4 {
		group.Go(func() {
			for time.Now().Before(end) {
				in, err := instantiate(t, eng, &b, far)
				if err != nil {
					t.Error(err)
					return
				}
				err = in.Func("f").Call(context.Background(), []uint64{20_000})
				if trap, ok := errors.AsType[*engine.Trap](err); !ok || trap.Kind != engine.TrapMemoryBounds {
					t.Errorf("%v, want a trap", err)
				}
				runtime.GC()
				in.Close()
			}
		})
	}
	group.Wait()
}
