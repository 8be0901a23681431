package meter

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
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

const goProgram = `package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

func main() {
	var event map[string]any
	if err := json.NewDecoder(os.Stdin).Decode(&event); err != nil {
		panic(err)
	}
	keys := []string{}
	for k := range event {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	fmt.Printf("%v %x\n", keys, sha256.Sum256(fmt.Append(nil, event)))
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		_ = keys[len(keys)]
	}()
	os.Exit(len(keys))
}
`

// A Go program prints the same, and exits the same, when it is metered; and is
// charged the same whatever the slices.
func TestGoProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program of Go")
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte(goProgram), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "main.wasm")
	build := exec.Command("go", "build", "-o", file, source)
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	metered := instrument(t, binary)

	ctx := context.Background()
	h := newHost(t, 0, 1<<50)
	wasi_snapshot_preview1.MustInstantiate(ctx, h)
	run := func(compiled wazero.CompiledModule, counts bool) (string, uint32, int64) {
		h.granted = 0
		var out bytes.Buffer
		config := wazero.NewModuleConfig().WithName("").WithStartFunctions().
			WithStdin(bytes.NewReader([]byte(`{"name":"Ada","n":41,"list":[1,2,{"a":null}]}`))).WithStdout(&out).WithStderr(&out)
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
	if code != 3 || text == "" {
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
