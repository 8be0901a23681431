package meter

import (
	"context"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// Modules that binaryen's wasm-opt makes of random bytes do metered what they do
// plain, and are charged equally much whatever the slices.
func TestBinaryenPrograms(t *testing.T) {
	tool, err := exec.LookPath("wasm-opt")
	if err != nil {
		t.Skip("wasm-opt, of Debian's package binaryen, is not installed")
	}
	n := uint64(400)
	if testing.Short() {
		n = 10
	}
	dir := t.TempDir()
	input, output := filepath.Join(dir, "input"), filepath.Join(dir, "output.wasm")
	h := newHost(t, 1_000_000, 20_000_000)
	h.binaryenImports(t)
	compared, long, ran := 0, 0, 0
	for seed := range n {
		random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
		b := make([]byte, 200+seed*37%8000)
		random.Read(b)
		if err := os.WriteFile(input, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "-ttf", input, "-o", output, "--enable-bulk-memory", "--enable-sign-ext",
			"--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-multivalue", "--enable-simd").CombinedOutput(); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, out)
		}
		binary, err := os.ReadFile(output)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wasm.Read(binary, wasm.Limits{}); err != nil {
			t.Errorf("seed %d: refused: %v", seed, err)
			continue
		}
		metered := instrument(t, binary)
		h.slice = 1_000_000
		want, stopped := h.session(t, binary, metered)
		if stopped {
			long++ // plain, it may not end
			continue
		}
		if compared++; strings.Contains(want, "memory") {
			ran++
		}
		h.slice = 777
		if again, _ := h.session(t, nil, metered); again != want {
			t.Errorf("seed %d: slices change it:\n%s, want\n%s", seed, again, want)
		}
	}
	if ran < int(n)/2 {
		t.Errorf("%d modules were compared, of which %d ran; %d take too long", compared, ran, long)
	}
}

// session calls all exported functions of a metered module, and of the same one
// plain if there is one. It returns what can be seen, and whether the metered
// one was stopped.
func (h *host) session(t *testing.T, plain, metered []byte) (string, bool) {
	t.Helper()
	ctx := context.Background()
	got, m := h.callAll(t, metered)
	used := int64(0)
	if m != nil {
		used = h.used(t, m)
		m.Close(ctx)
	}
	if strings.Contains(got, errSpent.Error()) || strings.Contains(got, errDeep.Error()) {
		return got, true
	}
	if plain != nil {
		want, m := h.callAll(t, plain)
		if m != nil {
			m.Close(ctx)
		}
		if got != want {
			t.Errorf("metered:\n%s, plain\n%s", got, want)
		}
	}
	return fmt.Sprintf("%s, used %d", got, used), false
}

// callAll instantiates a module and calls its exported functions, until one
// traps.
func (h *host) callAll(t *testing.T, binary []byte) (string, api.Module) {
	t.Helper()
	ctx := context.Background()
	m, err := h.instance(t, binary)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		_, first, _ = strings.Cut(first, "] failed: ")
		return "not instantiated: " + first, nil
	}
	exports := m.ExportedFunctionDefinitions()
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(exports)) {
		args := 0
		for _, p := range exports[name].ParamTypes() {
			if args++; p == wb.V128 {
				args++
			}
		}
		results, err := m.ExportedFunction(name).Call(ctx, make([]uint64, args)...)
		fmt.Fprintf(&out, "%s %v", name, results)
		if err != nil {
			first, _, _ := strings.Cut(err.Error(), "\n")
			out.WriteString(first + "\n")
			break
		}
	}
	if memory := m.Memory(); memory != nil {
		all, _ := memory.Read(0, memory.Size())
		fmt.Fprintf(&out, "memory %x", crc32.Checksum(all, castagnoli))
	}
	return out.String(), m
}

// binaryenImports are the functions that wasm-opt's random modules import.
func (h *host) binaryenImports(t *testing.T) {
	t.Helper()
	b := h.NewHostModuleBuilder("fuzzing-support")
	for name, typ := range map[string]api.ValueType{
		"log-i32": api.ValueTypeI32, "log-i64": api.ValueTypeI64, "log-f32": api.ValueTypeF32, "log-f64": api.ValueTypeF64, "log-v128": wb.V128,
	} {
		b.NewFunctionBuilder().WithGoFunction(api.GoFunc(func(context.Context, []uint64) {}), []api.ValueType{typ}, nil).Export(name)
	}
	if _, err := b.Instantiate(context.Background()); err != nil {
		t.Fatal(err)
	}
}
