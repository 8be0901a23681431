package image

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

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

// buildGo builds a Go program.
func buildGo(t testing.TB, source string) []byte {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "main.wasm")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", out, file)
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=", "GOWORK=off")
	if message, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, message)
	}
	binary, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// A Go program, whose data are tens of thousands of segments, prints the same
// and exits the same.
func TestGoProgram(t *testing.T) {
	binary := buildGo(t, goProgram)
	p := rewrite(t, binary, bounds)
	if len(segments(t, p)) < 1000 || p.Restorable != nil || len(p.Globals) < 5 {
		t.Errorf("%d segments, %d globals, %v", len(segments(t, p)), len(p.Globals), p.Restorable)
	}
	run := func(rewrites bool) (string, uint32) {
		w := newWorld(t, rewrites, wazero.NewRuntimeConfigInterpreter())
		wasi_snapshot_preview1.MustInstantiate(context.Background(), w)
		var out bytes.Buffer
		m, err := w.instantiate(binary, wazero.NewModuleConfig().WithStdout(&out).WithStderr(&out).
			WithStdin(strings.NewReader(`{"name":"Ada","n":41,"list":[1,2,{"a":null}]}`)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.ExportedFunction("_start").Call(context.Background())
		exit, ok := errors.AsType[*sys.ExitError](err)
		if !ok {
			t.Fatalf("it ended with %v", err)
		}
		return out.String(), exit.ExitCode()
	}
	text, code := run(false)
	if code != 3 || text == "" {
		t.Fatalf("it exits with %d: %s", code, text)
	}
	if gotText, gotCode := run(true); gotText != text || gotCode != code {
		t.Errorf("rewritten, it exits with %d: %s, want %d: %s", gotCode, gotText, code, text)
	}
}
