package enginetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// hostFunc is a host function of module "env".
func hostFunc(name string, params, results []engine.ValueType, call func(ctx context.Context, in engine.Instance, stack []uint64)) engine.HostFunc {
	return engine.HostFunc{Module: "env", Name: name, Params: params, Results: results, Call: call}
}

func testHostValues(t *testing.T, eng engine.Engine) {
	var b Builder
	b.Trampolines(
		Trampoline{Module: "env", Name: "echo", Params: all, Results: all},
		Trampoline{Module: "other", Name: "echo", Params: Types{I64}, Results: Types{I64, I32}, Export: "other"},
		Trampoline{Module: "env", Name: "nothing"},
	)
	var seen []uint64
	var called int
	in := start(t, eng, &b,
		hostFunc("echo", allTypes, allTypes, func(_ context.Context, _ engine.Instance, stack []uint64) { seen = slices.Clone(stack) }),
		hostFunc("nothing", nil, nil, func(context.Context, engine.Instance, []uint64) { called++ }),
		engine.HostFunc{Module: "other", Name: "echo", Params: []engine.ValueType{engine.I64}, Results: []engine.ValueType{engine.I64, engine.I32},
			Call: func(_ context.Context, _ engine.Instance, stack []uint64) { stack[0], stack[1] = stack[0]+1, 5 }},
	)
	must(t, in, "nothing")
	if called != 1 {
		t.Errorf("nothing was called %d times", called)
	}
	for _, want := range samples {
		stack := slices.Clone(want[:])
		err := in.Func("echo").Call(context.Background(), stack)
		if err != nil || len(seen) < 4 || !equalValues(seen, want[:]) || !equalValues(stack, want[:]) {
			t.Errorf("echo(%#x) = %#x, %v; the host saw %#x", want, stack, err, seen)
		}
	}
	stack := []uint64{41, 0}
	if err := in.Func("other").Call(context.Background(), stack); err != nil || stack[0] != 42 || uint32(stack[1]) != 5 {
		t.Errorf("other(41) = %d, %v", stack, err)
	}
}

// testGarbageHalves passes 32-bit values whose slots hold garbage above, both
// ways: what the guest computes with them must not depend on it.
func testGarbageHalves(t *testing.T, eng engine.Engine) {
	const garbage = 0xdeadbeef << 32
	var b Builder
	result := b.ImportFunc("env", "result", b.Type(nil, Types{I32}))
	param := b.ImportFunc("env", "param", b.Type(Types{I32, I32}, Types{I32}))
	extend := b.Type(nil, Types{I64})
	// A zero with garbage above is still zero, and extends to zero.
	b.ExportFunc("extend", b.Func(extend, nil, Call(result), I64ExtendU))
	b.ExportFunc("branch", b.Func(b.Type(nil, Types{I32}), nil,
		Block(Empty), Call(result), BrIf(0), I32Const(1), Return, End, I32Const(2)))
	b.ExportFunc("own", b.Func(b.Type(Types{I32}, Types{I64}), nil, LocalGet(0), I64ExtendU))
	b.ExportFunc("own branch", b.Func(b.Type(Types{I32}, Types{I32}), nil,
		Block(Empty), LocalGet(0), BrIf(0), I32Const(1), Return, End, I32Const(2)))
	b.ExportFunc("wrap", b.Func(b.Type(Types{I64}, Types{I32}), nil,
		LocalGet(0), I32WrapI64, LocalGet(0), I32WrapI64, Call(param)))
	in := start(t, eng, &b,
		hostFunc("result", nil, []engine.ValueType{engine.I32}, func(_ context.Context, _ engine.Instance, stack []uint64) { stack[0] = garbage }),
		hostFunc("param", []engine.ValueType{engine.I32, engine.I32}, []engine.ValueType{engine.I32},
			func(_ context.Context, _ engine.Instance, stack []uint64) {
				stack[0] = uint64(uint32(stack[0])) + uint64(uint32(stack[1]))
			}),
	)
	if v := must(t, in, "extend"); v != 0 {
		t.Errorf("a host function's i32 extends to %#x", v)
	}
	if v := must(t, in, "branch"); uint32(v) != 1 {
		t.Error("a host function's i32 of 0 branches")
	}
	if v := must(t, in, "own", garbage|3); v != 3 {
		t.Errorf("a parameter extends to %#x", v)
	}
	if v := must(t, in, "own branch", garbage); uint32(v) != 1 {
		t.Error("a parameter of 0 branches")
	}
	if v := must(t, in, "wrap", garbage|21); uint32(v) != 42 {
		t.Errorf("wrap = %d", uint32(v))
	}
}

// testSignatures binds one name with several signatures, as sock_accept has in
// the wild, to modules that share a Host.
func testSignatures(t *testing.T, eng engine.Engine) {
	answer := func(v uint64) func(context.Context, engine.Instance, []uint64) {
		return func(_ context.Context, _ engine.Instance, stack []uint64) { stack[0] = v }
	}
	two := []engine.ValueType{engine.I32, engine.I32}
	three := []engine.ValueType{engine.I32, engine.I32, engine.I32}
	one := []engine.ValueType{engine.I32}
	host := engine.NewHost(
		hostFunc("accept", three, one, answer(3)),
		hostFunc("accept", two, one, answer(2)),
		hostFunc("other", nil, one, answer(9)),
	)
	for round := range 2 {
		for n, want := range map[int]uint64{2: 2, 3: 3} {
			var b Builder
			params := Types(slices.Repeat([]byte{I32}, n))
			b.Trampolines(
				Trampoline{Module: "env", Name: "accept", Params: params, Results: Types{I32}},
				Trampoline{Module: "env", Name: "other", Results: Types{I32}},
			)
			m, err := eng.Compile(context.Background(), check(t, &b), host)
			if err != nil {
				t.Fatalf("Compile with %d parameters: %v", n, err)
			}
			in := instantiate(t, m, engine.InstanceConfig{})
			if got := must(t, in, "accept", make([]uint64, n)...); uint32(got) != uint32(want) {
				t.Errorf("round %d: accept with %d parameters is bound to %d", round, n, got)
			}
			if got := must(t, in, "other"); uint32(got) != 9 {
				t.Errorf("other = %d", got)
			}
			in.Close()
			m.Close()
		}
	}
}

func testHostSeesInstance(t *testing.T, eng engine.Engine) {
	type key struct{}
	var b Builder
	look := b.ImportFunc("env", "look", b.Type(nil, nil))
	b.Memory(1, NoMax)
	b.Data(8, []byte("hello"))
	b.Start(look)
	b.ExportFunc("look", b.Func(b.Type(nil, nil), nil, I32Const(0), I32Const(77), I32Store8(0), Call(look)))
	b.ExportFunc("imported", look)
	var inStart, seen engine.Instance
	m := compile(t, eng, &b, hostFunc("look", nil, nil, func(ctx context.Context, in engine.Instance, _ []uint64) {
		if ctx.Value(key{}) != "caller" {
			t.Errorf("the host function got another context")
		}
		if in.Data() != "state" {
			t.Errorf("Data is %v", in.Data())
		}
		if text, ok := in.Memory().Slice(8, 5); !ok || string(text) != "hello" {
			t.Errorf("memory holds %q", text)
		}
		if inStart == nil {
			inStart = in
			return
		}
		seen = in
		in.Memory()[1] = 78
	}))
	ctx := context.WithValue(context.Background(), key{}, "caller")
	in, err := m.Instantiate(ctx, engine.InstanceConfig{Data: "state"})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if inStart != in {
		t.Error("the start function's host call did not get the instance")
	}
	for _, name := range []string{"look", "imported"} {
		seen = nil
		if _, err := call(ctx, t, in, name); err != nil || seen != in {
			t.Errorf("%s: %v; the host function did not get the instance", name, err)
		}
	}
	if m := in.Memory(); m[0] != 77 || m[1] != 78 {
		t.Errorf("memory begins with %d", m[:2])
	}
}

func testLinkErrors(t *testing.T, eng engine.Engine) {
	host := engine.NewHost(hostFunc("known", []engine.ValueType{engine.I32}, nil, func(context.Context, engine.Instance, []uint64) {}))
	for _, test := range []struct {
		name  string
		build func(b *Builder)
		text  string
	}{
		{"module", func(b *Builder) { b.ImportFunc("nowhere", "known", b.Type(Types{I32}, nil)) },
			"unknown import nowhere.known (function): there is no such module; offered are env"},
		{"function", func(b *Builder) { b.ImportFunc("env", "unknown", b.Type(nil, nil)) },
			"unknown import env.unknown (function): there is no such function in that module"},
		{"signature", func(b *Builder) { b.ImportFunc("env", "known", b.Type(Types{I64}, Types{F32})) },
			"it is (i32) -> () here, the module wants (i64) -> (f32)"},
		{"memory", func(b *Builder) { b.ImportMemory("env", "memory", 1, 1) },
			"unknown import env.memory (memory): a memory cannot be imported, only functions"},
		{"global", func(b *Builder) { b.ImportGlobal("env", "known", I32, false) }, "a global cannot be imported"},
		{"table", func(b *Builder) { b.ImportTable("env", "known", FuncRef, 1, 1) }, "a table cannot be imported"},
	} {
		var b Builder
		test.build(&b)
		m, err := eng.Compile(context.Background(), check(t, &b), host)
		var link *engine.LinkError
		if !errors.As(err, &link) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v, want a LinkError with %q", test.name, err, test.text)
		}
		if m != nil {
			t.Errorf("%s: a module and an error", test.name)
		}
	}
}

func testInvalid(t *testing.T, eng engine.Engine) {
	for name, code := range map[string][][]byte{
		"wrong type":      {F32Const(1)},
		"nothing left":    {I32Add},
		"too much left":   {I32Const(1), I32Const(2)},
		"wrong operands":  {I32Const(1), F32Const(2), I32Add},
		"without a value": {},
	} {
		var b Builder
		b.ExportFunc("f", b.Func(b.Type(nil, Types{I32}), nil, code...))
		binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
		if err == nil {
			_, err = eng.Compile(context.Background(), binary, engine.NewHost())
		}
		if !errors.Is(err, engine.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	// The engine is none the worse for it.
	testValues(t, eng)
}
