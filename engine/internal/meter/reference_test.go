package meter

import (
	"bytes"
	"context"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// reference charges for each operation where it stands, knowing nothing of
// control: what the meter's segments must come to.
type reference struct{ *routines }

func (r *reference) charge(c *wasm.Code, cost uint64) {
	if cost > 0 {
		c.Emit(code{}.i64(int64(cost)).with(opCall, r.pay)...)
	}
}

func (r *reference) Begin(c *wasm.Code) { r.charge(c, entry(c)) }
func (r *reference) End(*wasm.Code)     {}

func (r *reference) Operation(c *wasm.Code) {
	switch op := c.Op.Opcode; op {
	case wasm.OpLoop, wasm.OpCatch, wasm.OpCatchAll:
		r.charge(c, r.moved(c))
		c.Copy()
		r.charge(c, cost(op))
	default:
		r.charge(c, cost(op)+r.moved(c))
		r.move(c)
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// outcome is what can be seen of a run.
type outcome struct {
	result uint64
	trap   string
	memory uint32 // its checksum
	used   int64
}

func (h *host) outcome(t testing.TB, compiled wazero.CompiledModule, metered bool) outcome {
	t.Helper()
	h.granted, h.asked = 0, 0
	m, err := h.InstantiateModule(context.Background(), compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.Background())
	result, err := m.ExportedFunction("run").Call(context.Background(), 5)
	all, _ := m.Memory().Read(0, m.Memory().Size())
	o := outcome{memory: crc32.Checksum(all, castagnoli)}
	if err == nil {
		o.result = result[0]
	} else {
		o.trap, _, _ = strings.Cut(err.Error(), "\n")
	}
	if metered {
		o.used = h.used(t, m)
	}
	return o
}

// mix is the function that programs import.
func (h *host) mix(t testing.TB) {
	t.Helper()
	_, err := h.NewHostModuleBuilder("env").NewFunctionBuilder().
		WithGoFunction(api.GoFunc(func(_ context.Context, stack []uint64) { stack[0] = api.EncodeU32(uint32(stack[0])*31 + 7) }),
			[]api.ValueType{api.ValueTypeI32}, []api.ValueType{api.ValueTypeI32}).
		Export("mix").Instantiate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
}

// versions are a program plain, metered, metered with locals saved, and metered by
// the reference.
type versions struct {
	plain, metered, saving, reference []byte
	catches                           bool // it handles exceptions
}

func versionsOf(t testing.TB, binary []byte) versions {
	t.Helper()
	module, err := wasm.Read(binary, wasm.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	naive, err := module.Rewrite(func(w *wasm.Rewriter) wasm.Hook { return &reference{newRoutines(w)} })
	if err != nil {
		t.Fatal(err)
	}
	metered, err := Instrument(module)
	if err != nil {
		t.Fatal(err)
	}
	saving, err := module.Rewrite(func(w *wasm.Rewriter) wasm.Hook { return Hook(w, Options{SavesLocals: true}) })
	if err != nil {
		t.Fatal(err)
	}
	return versions{binary, metered, saving, naive, module.Catches}
}

// compare runs a program plain, metered and by the reference, and returns
// whether it trapped. Programs that trap may be charged for more than they
// executed: for equally much whatever the slices, and never for less.
func (h *host) compare(t testing.TB, v versions, slices ...int64) outcome {
	t.Helper()
	h.slice = 1_000_000
	compiled := make([]wazero.CompiledModule, 4)
	for i, binary := range [][]byte{v.plain, v.reference, v.metered, v.saving} {
		var err error
		if compiled[i], err = h.CompileModule(context.Background(), binary); err != nil {
			t.Fatal(err)
		}
		defer compiled[i].Close(context.Background())
	}
	plain, want := h.outcome(t, compiled[0], false), h.outcome(t, compiled[1], true)
	used := want.used
	if want.used = 0; want != plain {
		t.Fatalf("the reference changes what the program does: %+v, plain %+v", want, plain)
	}
	for i, slice := range slices {
		h.slice = slice
		for form, name := range []string{"metered", "locals saved"} {
			got := h.outcome(t, compiled[2+form], true)
			if i+form == 0 && got.trap != "" && got.used >= used {
				used = got.used
			}
			if want.used = used; got != want {
				t.Fatalf("%s, slices of %d: %+v, want %+v", name, slice, got, want)
			}
		}
	}
	return want
}

func newPrograms(t testing.TB, config wazero.RuntimeConfig) *host {
	const plenty = 1 << 50
	h := newHostOf(t, config, 1_000_000, plenty)
	h.mix(t)
	return h
}

// Random programs are charged what their operations cost, whatever the slices,
// and do what they did before. Those that are compiled end as those that are
// interpreted.
func TestRandomPrograms(t *testing.T) {
	n := uint64(1000)
	if testing.Short() {
		n = 30
	}
	interpreter := newPrograms(t, wazero.NewRuntimeConfigInterpreter())
	compiler := newPrograms(t, wazero.NewRuntimeConfigCompiler())
	trapped := 0
	for seed := range n {
		v := versionsOf(t, newProgram(seed))
		slices := []int64{1, 1_000_000}
		if seed%10 == 0 {
			slices = []int64{1, 7, 1000, 1_000_000}
		}
		compiled := compiler.compare(t, v, slices...)
		if seed%10 == 0 {
			interpreted := interpreter.compare(t, v, slices...)
			if compiled != interpreted && !v.catches { // locals set before an exception differ, plain too
				t.Fatalf("seed %d: compiled %+v, interpreted %+v", seed, compiled, interpreted)
			}
		}
		if compiled.trap != "" {
			trapped++
		}
	}
	if trapped < int(n)/20 || trapped > int(n)/2 {
		t.Errorf("%d of %d programs trapped", trapped, n)
	}
}

// FuzzPrograms makes as many random programs as wanted.
func FuzzPrograms(f *testing.F) {
	h := newPrograms(f, wazero.NewRuntimeConfigCompiler())
	f.Add(uint64(1 << 32))
	f.Fuzz(func(t *testing.T, seed uint64) { h.compare(t, versionsOf(t, newProgram(seed)), 1, 1_000_000) })
}

// FuzzInstrument: no bytes make it panic; what wazero compiles, it compiles
// metered, within the bound of size, and the output is refused as input.
func FuzzInstrument(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(newProgram(seed))
	}
	ctx := context.Background()
	config := wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features)
	limits := wasm.Limits{Module: 1 << 16, Table: 10_000}
	f.Fuzz(func(t *testing.T, binary []byte) {
		before := bytes.Clone(binary)
		module, err := wasm.Read(binary, limits)
		if err != nil {
			return
		}
		out, err := Instrument(module)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(binary, before) {
			t.Fatal("the input was changed")
		}
		if len(out) > largest(len(binary)) {
			t.Fatalf("%d bytes became %d", len(binary), len(out))
		}
		if _, err := wasm.Read(out, wasm.Limits{}); err == nil {
			t.Fatal("the output is accepted as input")
		}
		for _, s := range module.Sections { // wazero allocates what name sections claim to hold
			if s.ID == wasm.SectionCustom {
				return
			}
		}
		runtime := wazero.NewRuntimeWithConfig(ctx, config)
		defer runtime.Close(ctx)
		if _, err := runtime.CompileModule(ctx, binary); err != nil {
			return
		}
		if _, err := runtime.CompileModule(ctx, out); err != nil {
			t.Fatalf("metered: %v", err)
		}
	})
}
