package enginetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// exitError is an error as an embedder would give to Stop.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

func testStop(t *testing.T, eng engine.Engine) {
	want := fmt.Errorf("outer: %w", errors.Join(&exitError{3}, io.ErrUnexpectedEOF))
	var b Builder
	stop := b.ImportFunc("env", "stop", b.Type(nil, nil))
	// deep(n) calls itself n times and stops at the bottom.
	deep := b.Func(b.Type(Types{I32}, nil), nil,
		LocalGet(0), I32Eqz, If(Empty), Call(stop), End,
		LocalGet(0), I32Const(1), I32Sub, Call(stop+1),
		Unreachable)
	b.ExportFunc("deep", deep)
	b.ExportFunc("stop", stop)
	m := compile(t, eng, &b, hostFunc("stop", nil, nil, func(context.Context, engine.Instance, []uint64) { engine.Stop(want) }))
	for _, test := range []struct {
		name   string
		params []uint64
	}{{"deep", []uint64{0}}, {"deep", []uint64{500}}, {"stop", nil}} {
		in := instantiate(t, m, engine.InstanceConfig{})
		_, err := call(context.Background(), t, in, test.name, test.params...)
		if err != want {
			t.Errorf("%s%v: %v, want the very error given to Stop", test.name, test.params, err)
		}
		var exit *exitError
		if !errors.As(err, &exit) || exit.code != 3 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: what Stop's error wraps is lost", test.name)
		}
		in.Close()
	}
}

func testStopInStart(t *testing.T, eng engine.Engine) {
	want := &exitError{0}
	var b Builder
	stop := b.ImportFunc("env", "stop", b.Type(nil, nil))
	b.Memory(1, NoMax)
	b.Start(b.Func(b.Type(nil, nil), nil, Call(stop), Unreachable))
	m := compile(t, eng, &b, hostFunc("stop", nil, nil, func(context.Context, engine.Instance, []uint64) { engine.Stop(want) }))
	in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != want || in != nil {
		t.Errorf("Instantiate = %v, %v, want the very error given to Stop", in, err)
	}
}

func testHostPanic(t *testing.T, eng engine.Engine) {
	cause := &exitError{9}
	var b Builder
	b.Trampolines(Trampoline{Module: "env", Name: "text"}, Trampoline{Module: "env", Name: "error"}, Trampoline{Module: "env", Name: "runtime"})
	var none []int
	m := compile(t, eng, &b,
		hostFunc("text", nil, nil, func(context.Context, engine.Instance, []uint64) { panic("whoops") }),
		hostFunc("error", nil, nil, func(context.Context, engine.Instance, []uint64) { panic(cause) }),
		hostFunc("runtime", nil, nil, func(_ context.Context, _ engine.Instance, stack []uint64) { none[len(stack)]++ }),
	)
	for name, text := range map[string]string{"text": "whoops", "error": "exit 9", "runtime": "index out of range"} {
		in := instantiate(t, m, engine.InstanceConfig{})
		_, err := call(context.Background(), t, in, name)
		if !errors.Is(err, engine.ErrHostPanic) || !strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), "env."+name) {
			t.Errorf("%s: %v, want ErrHostPanic with %q and the function's name", name, err, text)
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the message has several lines: %v", name, err)
		}
		if name == "error" && !errors.Is(err, cause) {
			t.Errorf("the error that the function panicked with is lost: %v", err)
		}
		in.Close()
	}
}

func testTraps(t *testing.T, eng engine.Engine) {
	i32 := Types{I32}
	for _, test := range []struct {
		name string
		kind engine.TrapKind
		code [][]byte
	}{
		{"unreachable", engine.TrapUnreachable, [][]byte{Unreachable}},
		{"load", engine.TrapMemoryBounds, [][]byte{I32Const(65533), I32Load(0)}},
		{"load with an offset", engine.TrapMemoryBounds, [][]byte{I32Const(0), I32Load(math.MaxUint32)}},
		{"load at a negative address", engine.TrapMemoryBounds, [][]byte{I32Const(-4), I32Load(8)}},
		{"store", engine.TrapMemoryBounds, [][]byte{I32Const(65536), I32Const(1), I32Store8(0), I32Const(0)}},
		{"memory.fill", engine.TrapMemoryBounds, [][]byte{I32Const(65535), I32Const(1), I32Const(2), MemoryFill, I32Const(0)}},
		{"memory.copy", engine.TrapMemoryBounds, [][]byte{I32Const(0), I32Const(65535), I32Const(2), MemoryCopy, I32Const(0)}},
		{"call_indirect of nothing", engine.TrapTableBounds, [][]byte{I32Const(1), CallIndirect(0, 0), I32Const(0)}},
		{"call_indirect outside", engine.TrapTableBounds, [][]byte{I32Const(2), CallIndirect(0, 0), I32Const(0)}},
		{"call_indirect of another type", engine.TrapIndirectType, [][]byte{I32Const(0), CallIndirect(1, 0)}},
		{"divide", engine.TrapDivideByZero, [][]byte{I32Const(1), I32Const(0), I32DivS}},
		{"divide unsigned", engine.TrapDivideByZero, [][]byte{I32Const(1), I32Const(0), I32DivU}},
		{"divide 64", engine.TrapDivideByZero, [][]byte{I64Const(1), I64Const(0), I64DivS, I32WrapI64}},
		{"overflow", engine.TrapIntegerOverflow, [][]byte{I32Const(math.MinInt32), I32Const(-1), I32DivS}},
		{"truncate too much", engine.TrapIntegerOverflow, [][]byte{F32Const(1e30), I32TruncF32}},
		{"truncate NaN", engine.TrapInvalidToInteger, [][]byte{F64Const(math.NaN()), I32TruncF64}},
		{"recursion", engine.TrapStackOverflow, [][]byte{Call(1)}},
		{"recursion with a result", engine.TrapStackOverflow, [][]byte{Call(1), I32Const(1), I32Add}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b Builder
			nothing, number := b.Type(nil, nil), b.Type(nil, i32)
			b.Table(FuncRef, 2, 2)
			b.Memory(1, 1)
			b.Elem(0, b.Func(nothing, nil))
			b.ExportFunc("f", b.Func(number, nil, test.code...))
			_, err := call(context.Background(), t, start(t, eng, &b), "f")
			var trap *engine.Trap
			if !errors.As(err, &trap) || trap.Kind != test.kind {
				t.Errorf("%v, want %q", err, test.kind)
			}
		})
	}
}

// testExceptions: an engine either refuses modules with exceptions or traps
// when nobody catches one.
func testExceptions(t *testing.T, eng engine.Engine) {
	var b Builder
	typ := b.Type(nil, nil)
	tag := b.Tag(typ)
	b.ExportFunc("throw", b.Func(typ, nil, Throw(tag)))
	m, err := eng.Compile(context.Background(), check(t, &b), engine.NewHost())
	if errors.Is(err, engine.ErrInvalid) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	_, err = call(context.Background(), t, instantiate(t, m, engine.InstanceConfig{}), "throw")
	var trap *engine.Trap
	if !errors.As(err, &trap) || trap.Kind != engine.TrapException {
		t.Errorf("%v, want %q", err, engine.TrapException)
	}
}

func testTrapInStart(t *testing.T, eng engine.Engine) {
	var b Builder
	b.Memory(1, NoMax)
	b.Start(b.Func(b.Type(nil, nil), nil, Unreachable))
	in, err := compile(t, eng, &b).Instantiate(context.Background(), engine.InstanceConfig{})
	var trap *engine.Trap
	if !errors.As(err, &trap) || trap.Kind != engine.TrapUnreachable || in != nil {
		t.Errorf("Instantiate = %v, %v, want a trap", in, err)
	}
}

// testTrapStack names functions, some with names that look like what they are
// not, and asks for them innermost first. An engine may know no names.
func testTrapStack(t *testing.T, eng engine.Engine) {
	var b Builder
	typ := b.Type(Types{I32, I64}, Types{I32, I32})
	args := Cat(LocalGet(0), LocalGet(1))
	inner := b.Func(typ, nil, Unreachable)
	middle := b.Func(typ, nil, args, Call(inner))
	nameless := b.Func(typ, nil, args, Call(middle))
	b.ExportFunc("outer", b.Func(typ, nil, args, Call(nameless)))
	b.ExportFunc("deep", b.Func(typ, nil,
		LocalGet(0), I32Eqz, If(Empty), Unreachable, End,
		LocalGet(0), I32Const(1), I32Sub, LocalGet(1), Call(nameless+2)))
	b.Custom("name", Section(1, Vec(
		Cat(Uint(0), Name("main.(*T).inner(i32)")), Cat(Uint(1), Name("middle\n\tfake(i32) i32")), Cat(Uint(3), Name("outer")), Cat(Uint(4), Name("deep")))))
	m := compile(t, eng, &b)
	stack := func(name string, n uint64) []string {
		in := instantiate(t, m, engine.InstanceConfig{})
		defer in.Close()
		err := in.Func(name).Call(context.Background(), []uint64{n, 0})
		var trap *engine.Trap
		if !errors.As(err, &trap) {
			t.Fatalf("%s: %v", name, err)
		}
		return trap.Stack
	}
	got := stack("outer", 0)
	if len(got) == 0 {
		return
	}
	if len(got) != 4 || got[0] != "main.(*T).inner(i32)" || got[3] != "outer" || strings.ContainsAny(got[1], "\n\t") || !strings.HasPrefix(got[1], "middle") {
		t.Errorf("the stack is %q", got)
	}
	got = stack("deep", 1000)
	if len(got) > 30 || !slices.Equal(got, slices.Repeat([]string{"deep"}, len(got))) {
		t.Errorf("the stack of a deep recursion has %d frames: %q", len(got), got)
	}
}
