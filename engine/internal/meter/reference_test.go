package meter

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// reference charges for each operation where it stands, knowing nothing of
// control: what the meter's segments must come to.
type reference struct{ *helpers }

func (r *reference) charge(c *wasm.Code, cost uint64) {
	if cost > 0 {
		c.Emit(r.check(code{}.i64(int64(cost)))...)
	}
}

func (r *reference) Begin(c *wasm.Code) { r.charge(c, entry(c)) }
func (r *reference) End(*wasm.Code)     {}

func (r *reference) Operation(c *wasm.Code) {
	switch op := c.Op.Opcode; op {
	case wasm.OpLoop, wasm.OpCatch, wasm.OpCatchAll:
		c.Copy()
		r.charge(c, cost(op))
	default:
		r.charge(c, cost(op))
		r.move(c)
	}
}

// outcome is what can be seen of a run.
type outcome struct {
	result uint64
	memory [sha256.Size]byte
	used   int64
}

func (h *host) outcome(t testing.TB, binary []byte, metered bool) outcome {
	t.Helper()
	m, err := h.instance(t, binary)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.Background())
	result, err := m.ExportedFunction("run").Call(context.Background(), 5)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := m.Memory().Read(0, m.Memory().Size())
	o := outcome{result: result[0], memory: sha256.Sum256(all)}
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

// compare runs the program of a seed plain, metered and by the reference.
func compare(t testing.TB, seed uint64, slices ...int64) {
	t.Helper()
	binary := newProgram(seed)
	module, err := wasm.Read(binary, wasm.Limits{})
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	naive, err := module.Rewrite(func(w *wasm.Rewriter) wasm.Hook { return &reference{newHelpers(w)} })
	if err != nil {
		t.Fatal(err)
	}
	metered := instrument(t, binary)
	const plenty = 1 << 50
	h := newHost(t, 1_000_000, plenty)
	h.mix(t)
	plain := h.outcome(t, binary, false)
	want := h.outcome(t, naive, true)
	if want.result != plain.result || want.memory != plain.memory {
		t.Fatalf("seed %d: the reference changes what the program does", seed)
	}
	for _, slice := range slices {
		h.slice = slice
		if got := h.outcome(t, metered, true); got != want {
			t.Fatalf("seed %d, slices of %d: used %d, want %d; same result %v, same memory %v",
				seed, slice, got.used, want.used, got.result == want.result, got.memory == want.memory)
		}
	}
}

// Random programs are charged what their operations cost, whatever the slices,
// and do what they did before.
func TestRandomPrograms(t *testing.T) {
	for seed := range uint64(200) {
		compare(t, seed, 1, 7, 1000, 1_000_000)
	}
}

// FuzzPrograms makes as many random programs as wanted.
func FuzzPrograms(f *testing.F) {
	f.Add(uint64(1 << 32))
	f.Fuzz(func(t *testing.T, seed uint64) { compare(t, seed, 1, 1_000_000) })
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
