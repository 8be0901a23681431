// Package lambent_test checks what holds for the tree as a whole: the arrows
// between packages, and what a program that embeds Lambent has to download.
package lambent_test

import (
	"bufio"
	"bytes"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/lambent-dev/lambent"

// floors lists the top-level folders from the ground up. A package imports
// packages of floors below its own.
var floors = []string{"engine", "sandbox", "host", "cmd"}

// sideways lists the arrows between packages of one floor. It must stay
// acyclic.
var sideways = map[string][]string{
	"engine":                  {"engine/internal/meter", "engine/internal/wasm"},
	"engine/internal/binding": {"engine"},
	"engine/internal/meter":   {"engine/internal/wasm"},
	"engine/internal/image":   {"engine", "engine/internal/meter", "engine/internal/stored", "engine/internal/wasm"},
	"engine/wasmtime":         {"engine", "engine/internal/binding", "engine/internal/codecache", "engine/internal/image", "engine/internal/meter", "engine/internal/stored"},
	"engine/wazero":           {"engine", "engine/internal/binding", "engine/internal/codecache", "engine/internal/image", "engine/internal/meter", "engine/internal/stored"},
	"engine/enginetest":       {"engine", "engine/enginetest/wasmbuild"},
	"sandbox":                 {"sandbox/internal/abi", "sandbox/internal/memfs", "sandbox/internal/wasi"},
	"sandbox/internal/abi":    {"sandbox/internal/wasi"},
	"sandbox/internal/wasi":   {"sandbox/internal/memfs"},

	"host":                          {"host/internal/asl", "host/internal/asl/drawing", "host/internal/auth", "host/internal/auth/sigv4", "host/internal/bucket", "host/internal/fault", "host/internal/function", "host/internal/store", "host/internal/verify", "host/internal/workflow"},
	"host/gateway":                  {"host", "host/internal/api", "host/internal/auth/sigv4", "host/internal/fault"},
	"host/hosttest":                 {"host", "host/gateway"},
	"host/internal/api":             {"host/internal/asl", "host/internal/auth", "host/internal/auth/policy", "host/internal/auth/sigv4", "host/internal/fault", "host/internal/function", "host/internal/workflow"},
	"host/internal/auth":            {"host/internal/auth/policy", "host/internal/auth/sigv4", "host/internal/fault", "host/internal/store"},
	"host/internal/asl":             {"host/internal/asl/intrinsic", "host/internal/asl/path", "host/internal/asl/payload", "host/internal/asl/shape", "host/internal/jsonata"},
	"host/internal/asl/drawing":     {"host/internal/asl"},
	"host/internal/asl/driver":      {"host/internal/asl", "host/internal/asl/payload"},
	"host/internal/asl/intrinsic":   {"host/internal/asl/path", "host/internal/asl/payload", "host/internal/jsonata"},
	"host/internal/asl/path":        {"host/internal/jsonata"},
	"host/internal/asl/payload":     {"host/internal/jsonata"},
	"host/internal/asl/shape":       {"host/internal/jsonata"},
	"host/internal/bucket":          {"host/internal/auth/sigv4"},
	"host/internal/function":        {"host/internal/auth/policy", "host/internal/bucket", "host/internal/fault", "host/internal/store", "host/internal/verify"},
	"host/internal/store":           {"host/internal/store/schema"},
	"host/internal/store/storetest": {"host/internal/store"},
	"host/internal/workflow":        {"host/internal/asl", "host/internal/asl/driver", "host/internal/asl/payload", "host/internal/fault", "host/internal/function", "host/internal/store"},

	"sdk/go/examples/hello":  {"sdk/go"},
	"sdk/go/examples/plugin": {"sdk/go"},

	"sdk/go/examples/thumbnail":  {"sdk/go"},
	"sdk/go/examples/word-count": {"sdk/go"},
}

// owners lists dependencies that a single package, or folder, may import.
var owners = map[string]string{
	"github.com/tetratelabs/wazero": "engine/wazero",
	"github.com/bytecodealliance":   "engine/wasmtime",
	"github.com/spf13/cobra":        "cmd",
	"go.yaml.in/yaml":               "cmd",
	"github.com/valyala/fasthttp":   "host/gateway",
	"github.com/ncruces":            "host/internal/store",
}

// beyondStd lists what packages of the engine's floor import beside the standard
// library.
var beyondStd = map[string][]string{
	"engine/enginetest":     {"golang.org/x/sys/unix"},                       // to evict pages
	"engine/internal/image": {"golang.org/x/sys/unix"},                       // memfd, madvise, PAGEMAP_SCAN
	"engine/wasmtime":       {"github.com/bytecodealliance/wasmtime-go/v39"}, // its library
	"engine/wazero": {
		"github.com/tetratelabs/wazero", "github.com/tetratelabs/wazero/api",
		"github.com/tetratelabs/wazero/experimental", "github.com/tetratelabs/wazero/sys",
	},
}

// downward says of a package that is not on a floor what it may import.
var downward = map[string][]string{
	"cmd/lambent": {"sdk/toolchain"},
}

func TestArrows(t *testing.T) {
	for pkg, imports := range imports(t) {
		for _, imported := range imports {
			if name, ours := strings.CutPrefix(imported, module+"/"); ours {
				if !allowed(pkg, name) {
					t.Errorf("%s imports %s: against the arrows", pkg, name)
				}
				continue
			}
			for prefix, owner := range owners {
				if within(imported, prefix) && !within(pkg, owner) {
					t.Errorf("%s imports %s: only %s may", pkg, imported, owner)
				}
			}
			if std := !strings.Contains(top(imported), "."); !std && top(pkg) == "engine" && !slices.Contains(beyondStd[pkg], imported) {
				t.Errorf("%s imports %s: the contract needs only the standard library", pkg, imported)
			}
		}
	}
}

func allowed(pkg, imported string) bool {
	if slices.Contains(sideways[pkg], imported) || slices.Contains(downward[pkg], imported) {
		return true
	}
	if top(pkg) == "sandbox" && top(imported) == "engine" && imported != "engine" {
		return false // it is given its engine
	}
	from, to := slices.Index(floors, top(pkg)), slices.Index(floors, top(imported))
	return to >= 0 && from > to
}

func top(pkg string) string { return strings.Split(pkg, "/")[0] }

func within(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

// TestSidewaysArrowsAreAcyclic also keeps the list free of arrows that nothing
// needs.
func TestSidewaysArrowsAreAcyclic(t *testing.T) {
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(pkg string, path []string)
	visit = func(pkg string, path []string) {
		switch path = append(path, pkg); state[pkg] {
		case done:
			return
		case visiting:
			t.Fatalf("cycle: %s", strings.Join(path, " → "))
		}
		state[pkg] = visiting
		for _, next := range sideways[pkg] {
			visit(next, path)
		}
		state[pkg] = done
	}
	for _, pkg := range slices.Sorted(maps.Keys(sideways)) {
		visit(pkg, nil)
	}
	real := imports(t)
	for pkg, list := range sideways {
		for _, imported := range list {
			if !slices.Contains(real[pkg], module+"/"+imported) {
				t.Errorf("%s → %s is listed, but no such import exists", pkg, imported)
			}
		}
	}
}

// imports returns what each of our packages imports on any system and with any
// tag, tests left aside.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out := output(t, ".", "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}} {{$dir := .Dir}}{{range .IgnoredGoFiles}}{{$dir}}/{{.}} {{end}}`, "./...")
	all := map[string][]string{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		pkg := strings.TrimPrefix(fields[0], module+"/")
		for _, field := range fields[1:] {
			switch {
			case !strings.HasSuffix(field, ".go"):
				all[pkg] = append(all[pkg], field)
			case !strings.HasSuffix(field, "_test.go"):
				all[pkg] = append(all[pkg], importsOf(t, field)...)
			}
		}
	}
	return all
}

// importsOf returns what a file imports that is not built here.
func importsOf(t *testing.T, file string) (paths []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// output runs a command in dir and returns what it prints.
func output(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = dir
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", c, err, stderr.Bytes())
	}
	return out
}
