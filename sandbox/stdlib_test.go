package sandbox_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// standardLibrary lists the packages whose tests are run, with patterns of the
// tests that need what a guest does not get, and why.
var standardLibrary = map[string]map[string]string{
	"encoding/json": {},
	"strings":       {},
	"time":          {},
	"os": {
		"TestHardLink":            "hard links",
		"TestLongPath":            "hard and symbolic links",
		"TestRootLink(From|To)":   "hard links",
		"TestRoot.*/.*symlink":    "symbolic links",
		"TestRootMulti.*/[a-z]*S": "symbolic links: S in the name",
		"TestRootSymlinkToRoot":   "symbolic links",
		"TestOpenInRoot":          "symbolic links",
		"ExampleReadlink":         "symbolic links",
	},
}

// TestStandardLibrary compiles the tests of packages of Go's standard library to
// WASI preview 1 and runs them, short, as functions.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and runs thousands of tests")
	}
	for pkg, skip := range standardLibrary {
		t.Run(pkg, func(t *testing.T) {
			t.Parallel()
			wasm, goroot := buildTests(t, pkg, skip)
			var out strings.Builder
			box := newBox(t, wasm, sandbox.Config{
				Limits: sandbox.Limits{Time: 10 * time.Minute, Memory: 2 << 30, Logs: 16 << 20},
				Files:  os.DirFS(goroot),
				Env:    map[string]string{"GOROOT": "/var/task"},
				Log:    func(l sandbox.LogLine) { fmt.Fprintf(&out, "%s\n", l.Message) },
			})
			_, err := box.Run(t.Context(), nil)
			if err != nil || !strings.HasSuffix(out.String(), "PASS\n") {
				t.Errorf("%v\n%s", err, out.String())
			}
		})
	}
}

// buildTests compiles the tests of a package, but for those in skip, and
// returns the module and Go's own folder, which some of them read.
func buildTests(t *testing.T, pkg string, skip map[string]string) (wasm []byte, goroot string) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	goroot = strings.TrimSpace(string(out))
	dir := filepath.Join(goroot, "src", filepath.FromSlash(pkg))
	args := `"-test.short"`
	if len(skip) > 0 {
		// The first pattern that matches a test or its parent decides: those
		// without a subtest go first.
		patterns := slices.SortedFunc(maps.Keys(skip), func(a, b string) int {
			return cmp.Or(strings.Count(a, "/")-strings.Count(b, "/"), cmp.Compare(a, b))
		})
		args += fmt.Sprintf(", %q", "-test.skip="+strings.Join(patterns, "|"))
	}
	tmp := t.TempDir()
	// Guests get no arguments, start in /var/task, and of a program that fails
	// only the log is seen: a file beside the tests sees to all that.
	extra := fmt.Sprintf(`package %s_test

import "os"

func init() {
	os.Args = append(os.Args, %s)
	os.Stdout = os.Stderr
	if err := os.Chdir("/var/task/src/%s"); err != nil {
		panic(err)
	}
}
`, path.Base(pkg), args, pkg)
	file := filepath.Join(tmp, "arguments.go")
	if err := os.WriteFile(file, []byte(extra), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(dir, "arguments_test.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tmp, "overlay.json"), overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(tmp, "tests.wasm")
	c := exec.CommandContext(t.Context(), "go", "test", "-c", "-trimpath", "-vet=off", "-overlay", filepath.Join(tmp, "overlay.json"), "-o", module, pkg)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	if b, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", c, err, b)
	}
	wasm, err = os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	return wasm, goroot
}
