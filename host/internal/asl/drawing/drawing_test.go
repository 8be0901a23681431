package drawing

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

var update = flag.Bool("update", false, "write the drawings in testdata anew")

// draw draws a definition that is valid.
func draw(t testing.TB, definition string) string {
	t.Helper()
	d, err := asl.Parse(definition, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := SVG(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// machines are the definitions in testdata, by name.
func machines(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.asl.json")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d machines, want at least 10: %v", len(paths), err)
	}
	all := map[string]string{}
	for _, path := range paths {
		definition, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".asl.json")] = string(definition)
	}
	return all
}

// TestDrawings compares drawings with those that somebody has looked at.
func TestDrawings(t *testing.T) {
	for name, definition := range machines(t) {
		t.Run(name, func(t *testing.T) {
			got := draw(t, definition)
			golden := filepath.Join("testdata", name+".svg")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the drawing has changed: look at it with -update")
			}
		})
	}
}
