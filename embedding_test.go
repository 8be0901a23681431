package lambent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEmbeddingFromOutside makes modules of their own from the programs that
// show how to embed Lambent, tidies, builds and runs them, and looks at what they
// had to require: Lambent, and what it needs for that and nothing else.
func TestEmbeddingFromOutside(t *testing.T) {
	for _, c := range []struct {
		pkg, wasm, says string
		most            int // modules required
	}{
		{pkg: "sandbox", wasm: "call", says: "1999", most: 3},
		{pkg: "host", wasm: "json", says: `{"message":"Hello, Ada!","n":42}`, most: 15},
	} {
		t.Run(c.pkg, func(t *testing.T) {
			dir := outside(t, c.pkg+"/testdata/embedding/main.go", "sandbox/testdata/guests/c/"+c.wasm+".wasm")
			required := requirements(read(t, filepath.Join(dir, "go.mod")))
			if len(required) == 0 || len(required) > c.most {
				t.Errorf("go.mod requires %d modules, at most %d are wanted: %v", len(required), c.most, required)
			}
			for _, module := range required {
				for _, unwanted := range []string{"aws-sdk", "pgx", "franz-go", "opentelemetry", "wasmtime", "fasthttp", "cobra"} {
					if strings.Contains(module, unwanted) {
						t.Errorf("go.mod requires %s", module)
					}
				}
			}
			for range 2 { // the second finds what the first left
				if got := string(output(t, dir, "go", "run", ".")); !strings.Contains(got, c.says) {
					t.Errorf("the program printed %q, want %q in it", got, c.says)
				}
			}
		})
	}
}

// outside makes a module that needs Lambent, of a program that embeds
// function.wasm.
func outside(t *testing.T, program, wasm string) (dir string) {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	write(t, dir, "main.go", read(t, program))
	write(t, dir, "function.wasm", read(t, wasm))
	write(t, dir, "go.mod", "module example.com/outside\n\ngo 1.26.0\n\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+root+"\n")
	write(t, dir, "go.sum", read(t, "go.sum"))
	output(t, dir, "go", "mod", "tidy")
	return dir
}

// requirements returns the modules that a go.mod requires.
func requirements(mod string) (required []string) {
	for _, line := range strings.Split(mod, "\n") {
		line = strings.TrimPrefix(strings.TrimSpace(line), "require ")
		if fields := strings.Fields(line); len(fields) >= 2 && strings.HasPrefix(fields[1], "v") {
			required = append(required, fields[0])
		}
	}
	return required
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
