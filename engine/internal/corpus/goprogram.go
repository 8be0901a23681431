package corpus

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What GoProgram reads, and the status that it exits with then.
const (
	GoInput = `{"name":"Ada","n":41,"list":[1,2,{"a":null}]}`
	GoExit  = 3
)

//go:embed testdata/main.go
var goProgram []byte

// GoProgram builds a command of Go's: it reads JSON from its standard input, prints
// a line about it, recovers from a panic, and exits with the number of keys. Its
// data are tens of thousands of segments.
func GoProgram(t testing.TB) []byte {
	t.Helper()
	dir := t.TempDir()
	source, out := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.wasm")
	if err := os.WriteFile(source, goProgram, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", out, source)
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
