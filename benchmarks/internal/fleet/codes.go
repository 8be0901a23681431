package fleet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// cGuest is the C handler of the first benchmark.
const cGuest = "../sandbox/testdata/guests/c/json.wasm"

// greeting is in both handlers, that in Go too; its place is taken by one of the
// same length for each code.
const greeting = "Hello, "

// maxCodes is how many greetings there are.
const maxCodes = 1000

func greetingOf(code int) string { return fmt.Sprintf("Hey%03d ", code) }

// Guests are the handlers as they were built.
type Guests struct{ Go, C []byte }

// build builds them in dir. It is called in the folder of the benchmarks.
func build(ctx context.Context, dir string) (g Guests, err error) {
	goGuest := filepath.Join(dir, "go.wasm")
	err = server.Run(ctx, []string{"GOOS=wasip1", "GOARCH=wasm"},
		"go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", goGuest, "./guests/go/lambent")
	if err != nil {
		return g, err
	}
	for path, module := range map[string]*[]byte{goGuest: &g.Go, cGuest: &g.C} {
		if *module, err = os.ReadFile(path); err != nil {
			return g, fmt.Errorf("a guest is missing, is this run in the folder of the benchmarks? %w", err)
		}
		if !bytes.Contains(*module, []byte(greeting)) {
			return g, fmt.Errorf("%s does not contain %q", path, greeting)
		}
	}
	return g, nil
}

// variant returns one of maxCodes modules, which are all different, made of one of
// the Guests.
func variant(module []byte, code int) []byte {
	return bytes.ReplaceAll(module, []byte(greeting), []byte(greetingOf(code)))
}

// pack makes a module a package that can be deployed.
func pack(module []byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entry, err := w.Create("bootstrap")
	if err == nil {
		_, err = entry.Write(module)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}
