package lambent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEmbeddingFromOutside makes a module of its own from the README's program,
// tidies, builds and runs it, and counts what it had to require: a program that
// imports sandbox gets Lambent, its engine, and what the engine needs.
func TestEmbeddingFromOutside(t *testing.T) {
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, "main.go", read(t, "sandbox/testdata/embedding/main.go"))
	write(t, dir, "function.wasm", read(t, "sandbox/testdata/guests/c/call.wasm"))
	write(t, dir, "go.mod", "module example.com/outside\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root+"\n")
	write(t, dir, "go.sum", read(t, "go.sum"))
	output(t, dir, "go", "mod", "tidy")

	var required []string
	for _, line := range strings.Split(read(t, filepath.Join(dir, "go.mod")), "\n") {
		line = strings.TrimPrefix(strings.TrimSpace(line), "require ")
		if fields := strings.Fields(line); len(fields) >= 2 && strings.HasPrefix(fields[1], "v") {
			required = append(required, fields[0])
		}
	}
	if len(required) == 0 || len(required) > 3 {
		t.Errorf("go.mod requires %d modules, at most 3 are wanted: %v", len(required), required)
	}
	if got, want := string(output(t, dir, "go", "run", ".")), "1999"; !strings.Contains(got, want) {
		t.Errorf("the program printed %q, want %q in it", got, want)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
