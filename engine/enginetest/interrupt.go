package enginetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// errCause is the cause that the suite gives to contexts.
var errCause = errors.New("the cause")

// wantInterrupted checks the error of a guest whose context was cancelled with
// errCause.
func wantInterrupted(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, engine.ErrInterrupted) || !errors.Is(err, errCause) {
		t.Errorf("%s: %v, want ErrInterrupted and the context's cause", what, err)
	}
}

// spin is code that calls function 0, which tells the host, and never ends.
var spin = Cat(Call(0), Loop(Empty), Br(0), End)

func testInterruptSpin(t *testing.T, eng engine.Engine) {
	for name, code := range map[string][]byte{
		"loop":         spin,
		"conditional":  Cat(Call(0), Loop(Empty), I32Const(1), BrIf(0), End),
		"memory.grow":  Cat(Call(0), Loop(Empty), I32Const(0), MemoryGrow, Drop, Br(0), End),
		"host calls":   Cat(Loop(Empty), Call(0), Br(0), End),
		"tail calls":   Cat(Call(0), ReturnCall(1)), // of the function itself
		"call tree":    Cat(Call(0), I32Const(60), Call(2)),
		"nested loops": Cat(Call(0), Loop(Empty), Loop(Empty), I32Const(0), BrIf(0), End, Br(0), End),
	} {
		t.Run(name, func(t *testing.T) {
			var b Builder
			nothing := b.Type(nil, nil)
			b.ImportFunc("env", "ready", nothing)
			b.Memory(1, NoMax)
			b.ExportFunc("spin", b.Func(nothing, nil, code))
			// twice(n) calls itself twice, to a depth of n.
			b.Func(b.Type(Types{I32}, nil), nil, LocalGet(0), If(Empty),
				LocalGet(0), I32Const(1), I32Sub, Call(2), LocalGet(0), I32Const(1), I32Sub, Call(2), End)
			ctx, cancel := context.WithCancelCause(context.Background())
			defer cancel(nil)
			var once sync.Once
			in := start(t, eng, &b, hostFunc("ready", nil, nil, func(context.Context, engine.Instance, []uint64) {
				once.Do(func() { go cancel(errCause) })
			}))
			_, err := call(ctx, t, in, "spin")
			wantInterrupted(t, name, err)
			// The view outlives the interruption: the host may look at it.
			if n := len(in.Memory()); n != page || in.Memory()[n-1] != 0 {
				t.Errorf("memory has %d bytes after the interruption", n)
			}
		})
	}
}

func testInterruptStart(t *testing.T, eng engine.Engine) {
	var b Builder
	nothing := b.Type(nil, nil)
	b.ImportFunc("env", "ready", nothing)
	b.Memory(1, NoMax)
	b.Start(b.Func(nothing, nil, spin))
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	m := compile(t, eng, &b, hostFunc("ready", nil, nil, func(context.Context, engine.Instance, []uint64) { go cancel(errCause) }))
	in, err := m.Instantiate(ctx, engine.InstanceConfig{})
	wantInterrupted(t, "start function", err)
	if in != nil {
		t.Error("an instance and an error")
	}
}

// testInterruptHost cancels while a host function waits, which then returns to
// the guest, or stops it.
func testInterruptHost(t *testing.T, eng engine.Engine) {
	errStopped := errors.New("stopped by the host function")
	var b Builder
	b.Trampolines(Trampoline{Module: "env", Name: "return"}, Trampoline{Module: "env", Name: "stop"})
	entered := make(chan struct{}, 1)
	wait := func(ctx context.Context) {
		entered <- struct{}{}
		<-ctx.Done()
	}
	m := compile(t, eng, &b,
		hostFunc("return", nil, nil, func(ctx context.Context, _ engine.Instance, _ []uint64) { wait(ctx) }),
		hostFunc("stop", nil, nil, func(ctx context.Context, _ engine.Instance, _ []uint64) {
			wait(ctx)
			engine.Stop(errStopped)
		}))
	for _, name := range []string{"return", "stop"} {
		in := instantiate(t, m, engine.InstanceConfig{})
		ctx, cancel := context.WithCancelCause(context.Background())
		go func() {
			<-entered
			cancel(errCause)
		}()
		_, err := call(ctx, t, in, name)
		if name == "stop" {
			if err != errStopped {
				t.Errorf("stop: %v, want what Stop was given", err)
			}
		} else {
			wantInterrupted(t, name, err)
		}
		in.Close()
	}
}

func testAlreadyDone(t *testing.T, eng engine.Engine) {
	ran := false
	var b Builder
	run := b.ImportFunc("env", "run", b.Type(nil, nil))
	b.Memory(1, NoMax)
	b.Start(b.Func(b.Type(nil, nil), nil, Call(run)))
	b.ExportFunc("run", run)
	m := compile(t, eng, &b, hostFunc("run", nil, nil, func(context.Context, engine.Instance, []uint64) { ran = true }))
	in := instantiate(t, m, engine.InstanceConfig{})
	ran = false

	cancelled, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	late, stop := context.WithDeadlineCause(context.Background(), time.Unix(0, 0), errCause)
	defer stop()
	for _, ctx := range []context.Context{cancelled, late} {
		_, err := call(ctx, t, in, "run")
		wantInterrupted(t, "Call", err)
		in2, err := m.Instantiate(ctx, engine.InstanceConfig{})
		wantInterrupted(t, "Instantiate", err)
		if in2 != nil {
			t.Error("an instance and an error")
		}
	}
	if ran {
		t.Error("the guest ran although the context was done")
	}
}

// otherContext is done for a reason of its own.
type otherContext struct {
	context.Context
	done chan struct{}
}

func (c otherContext) Done() <-chan struct{} { return c.done }

func (c otherContext) Err() error {
	select {
	case <-c.done:
		return errCause
	default:
		return nil
	}
}

// testOtherContext: the error of a context need not be one of package context.
func testOtherContext(t *testing.T, eng engine.Engine) {
	var b Builder
	nothing := b.Type(nil, nil)
	b.ImportFunc("env", "ready", nothing)
	b.ExportFunc("spin", b.Func(nothing, nil, spin))
	ctx := otherContext{context.Background(), make(chan struct{})}
	in := start(t, eng, &b, hostFunc("ready", nil, nil, func(context.Context, engine.Instance, []uint64) { close(ctx.done) }))
	_, err := call(ctx, t, in, "spin")
	wantInterrupted(t, "spin", err)
}

// testContextValues: each call has its own context, and the instance is usable
// for as long as none of its calls was interrupted.
func testContextValues(t *testing.T, eng engine.Engine) {
	type key struct{}
	var b Builder
	b.Trampolines(Trampoline{Module: "env", Name: "look", Results: Types{I32}})
	in := start(t, eng, &b, hostFunc("look", nil, []engine.ValueType{engine.I32}, func(ctx context.Context, _ engine.Instance, stack []uint64) {
		stack[0] = ctx.Value(key{}).(uint64)
	}))
	for i := range uint64(100) {
		ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, i))
		v, err := call(ctx, t, in, "look")
		cancel() // after the call: it must not harm the next
		if err != nil || uint64(uint32(v)) != i {
			t.Fatalf("call %d: %d, %v", i, v, err)
		}
	}
}
