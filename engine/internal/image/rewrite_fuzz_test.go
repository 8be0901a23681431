package image

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/corpus"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// FuzzRewrite: what wazero compiles, it compiles rewritten, within the bound of
// size; and what is left for the host to do it can do.
func FuzzRewrite(f *testing.F) {
	for _, g := range goldens {
		f.Add(g.built(false))
	}
	for _, pattern := range []string{"data.*", "bulk.*", "start.*", "global.*", "elem.*", "memory_init.*", "table_init.?"} {
		files, err := filepath.Glob(filepath.Join(corpus.Wazero(f), "internal/integration_test/spectest/v2/testdata", pattern+".wasm"))
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds %s: %v", pattern, err)
		}
		for _, file := range files {
			binary, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(binary)
		}
	}
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	f.Cleanup(func() { runtime.Close(ctx) })
	f.Fuzz(func(t *testing.T, binary []byte) {
		m, err := wasm.Read(binary, wasm.Limits{})
		if err != nil {
			return
		}
		p, err := Rewrite(m, bounds)
		if err != nil {
			t.Fatal(err)
		}
		if most := largest(len(binary)); len(p.Module) > most {
			t.Errorf("%d bytes became %d", len(binary), len(p.Module))
		}
		memory := make([]byte, 1<<16)
		var trap *engine.Trap
		if err := p.Apply(memory); err != nil && !errors.As(err, &trap) {
			t.Error(err)
		}
		known := 0
		for i := range uint32(len(m.Functions)) + 100 {
			if _, ok := p.Functions.Name(i); ok {
				known++
			}
		}
		if known != len(m.Functions) {
			t.Errorf("%d functions are known, the module has %d", known, len(m.Functions))
		}
		if slices.ContainsFunc(m.Sections, func(s wasm.Section) bool { return s.Name == "name" }) {
			return // wazero allocates what it claims to hold
		}
		plain, err := runtime.CompileModule(ctx, binary)
		if err != nil {
			return
		}
		plain.Close(ctx)
		rewritten, err := runtime.CompileModule(ctx, p.Module)
		if err != nil {
			t.Fatalf("%x became %x: %v", binary, p.Module, err)
		}
		rewritten.Close(ctx)
	})
}
