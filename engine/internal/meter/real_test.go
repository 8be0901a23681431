package meter

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
)

// Guests of C and AssemblyScript still compile when they are metered, within
// the bound of size.
func TestGuestsValidate(t *testing.T) {
	files, err := filepath.Glob("../../../sandbox/testdata/guests/*/*.wasm")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d guests: %v", len(files), err)
	}
	h := newHost(t, 1_000_000, 1<<50)
	for _, file := range files {
		binary, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out := instrument(t, binary)
		if len(out) > largest(len(binary)) {
			t.Errorf("%s: %d bytes became %d", file, len(binary), len(out))
		}
		compiled, err := h.CompileModule(context.Background(), out)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		compiled.Close(context.Background())
	}
}

// A Go program prints the same, and exits the same, when it is metered; and is
// charged the same whatever the slices.
func TestGoProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program of Go")
	}
	binary := corpus.GoProgram(t)
	metered := instrument(t, binary)

	ctx := context.Background()
	h := newHost(t, 0, 1<<50)
	wasi_snapshot_preview1.MustInstantiate(ctx, h)
	run := func(compiled wazero.CompiledModule, counts bool) (string, uint32, int64) {
		h.granted = 0
		var out bytes.Buffer
		config := wazero.NewModuleConfig().WithName("").WithStartFunctions().
			WithStdin(strings.NewReader(corpus.GoInput)).WithStdout(&out).WithStderr(&out)
		m, err := h.InstantiateModule(ctx, compiled, config)
		if err != nil {
			t.Fatal(err)
		}
		fuel := m.ExportedGlobal(Global)
		_, err = m.ExportedFunction("_start").Call(ctx)
		var exit *sys.ExitError
		if !errors.As(err, &exit) {
			t.Fatalf("it ended with %v", err)
		}
		if counts {
			return out.String(), exit.ExitCode(), h.granted - int64(fuel.Get())
		}
		return out.String(), exit.ExitCode(), 0
	}
	compile := func(binary []byte) wazero.CompiledModule {
		compiled, err := h.CompileModule(ctx, binary)
		if err != nil {
			t.Fatal(err)
		}
		return compiled
	}
	text, code, _ := run(compile(binary), false)
	if code != corpus.GoExit || text == "" {
		t.Fatalf("it exits with %d: %s", code, text)
	}
	compiled := compile(metered)
	var first int64
	for _, h.slice = range []int64{1_000_000, 1000, 7, 1} {
		gotText, gotCode, used := run(compiled, true)
		if gotText != text || gotCode != code {
			t.Errorf("slices of %d: exits with %d: %s, want %d: %s", h.slice, gotCode, gotText, code, text)
		}
		if first == 0 {
			first = used
		}
		if used != first || used < 100_000 {
			t.Errorf("slices of %d: used %d, want %d", h.slice, used, first)
		}
	}
}
