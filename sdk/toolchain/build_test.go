package toolchain

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write makes a folder of files, given as name, content, name, content …
func write(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func build(t *testing.T, dir string) Result {
	t.Helper()
	r, err := Build(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const goMod = "module example.org/function\n\ngo 1.24\n"

func TestBuildOfAReactor(t *testing.T) {
	r := build(t, filepath.Join("..", "go", "examples", "hello"))
	if r.Model != Reactor || !strings.HasPrefix(r.Compiler, "go1.") {
		t.Errorf("model %s, compiler %s", r.Model, r.Compiler)
	}
	exports := exportsOf(t, r.Wasm)
	for _, name := range []string{"memory", "_initialize", "lambent_init", "lambent_handle"} {
		if !slices.Contains(exports, name) {
			t.Errorf("exports %q; %s is not among them", exports, name)
		}
	}
	if slices.Contains(exports, "_start") {
		t.Error("a reactor exports _start")
	}
}

func TestBuildOfAPlainProgram(t *testing.T) {
	r := build(t, write(t, "go.mod", goMod, "main.go", `package main; import ("io"; "os"); func main() { io.Copy(os.Stdout, os.Stdin) }`))
	if exports := exportsOf(t, r.Wasm); r.Model != Stdio || !slices.Contains(exports, "_start") {
		t.Errorf("model %s, exports %q", r.Model, exports)
	}
}

// The same source gives the same bytes in any folder.
func TestBuildIsDeterministic(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "sdk", "go", "examples", "hello", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.org/function\n\ngo 1.26.0\n\nrequire github.com/lambent-dev/lambent v0.0.0\n\nreplace github.com/lambent-dev/lambent => " + filepath.ToSlash(root) + "\n"
	dir := write(t, "go.mod", mod, "main.go", string(source))
	a := build(t, dir)
	b := build(t, write(t, "deep/er/go.mod", mod, "deep/er/main.go", string(source))+"/deep/er")
	if a.Model != Reactor || !bytes.Equal(a.Wasm, b.Wasm) {
		t.Errorf("model %s, %d and %d bytes", a.Model, len(a.Wasm), len(b.Wasm))
	}
	if bytes.Contains(a.Wasm, []byte(dir)) {
		t.Error("the module holds the path of its folder")
	}
}

func TestBuildIgnoresOtherTargets(t *testing.T) {
	t.Setenv("GOOS", "plan9")
	t.Setenv("GOARCH", "386")
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("GOFLAGS", "-tags=special")
	r := build(t, write(t, "go.mod", goMod,
		"main.go", "package main\n\nfunc main() { special() }\n",
		"special.go", "//go:build special && wasip1 && wasm\n\npackage main\n\nfunc special() {}\n"))
	if r.Model != Stdio {
		t.Errorf("model %s", r.Model)
	}
}

func TestSourcesThatCannotBeBuilt(t *testing.T) {
	mainGo := "package main\n\nfunc main() {}\n"
	for name, test := range map[string]struct {
		dir  string
		want []string
	}{
		"no folder":  {filepath.Join(t.TempDir(), "nowhere"), []string{"nowhere"}},
		"empty":      {write(t), []string{"it holds no source file of a known language", "Go programs can be built today", "compiled to WASI preview 1 beforehand"}},
		"tests only": {write(t, "go.mod", goMod, "a_test.go", "package main\n"), []string{"no source file"}},
		"JavaScript": {write(t, "package.json", "{}", "index.mjs", "", "a.js", "", "b.js", "", "lib/x.go", mainGo),
			[]string{"it holds a.js, b.js, index.mjs, … (JavaScript)", "Go programs can be built today"}},
		"Rust and Python": {write(t, "Cargo.toml", "", "x.py", ""), []string{"x.py (Python), Cargo.toml (Rust)"}},
		"module":          {write(t, "app.wasm", ""), []string{"app.wasm (compiled already, needs no building)"}},
		"no go.mod":       {write(t, "main.go", mainGo), []string{"no go.mod", "go mod init example.com/function"}},
		"library":         {write(t, "go.mod", goMod, "lib.go", "package lib\n"), []string{"package lib is a library"}},
		"AWS library": {write(t,
			"go.mod", goMod+"require github.com/aws/aws-lambda-go v1.0.0\nreplace github.com/aws/aws-lambda-go => ./aws\n",
			"main.go", "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(nil) }\n",
			"aws/go.mod", "module github.com/aws/aws-lambda-go\n",
			"aws/lambda/lambda.go", "package lambda\n\nfunc Start(any) {}\n",
		), []string{"imports github.com/aws/aws-lambda-go/lambda", "import github.com/lambent-dev/lambent/sdk/go instead"}},
	} {
		_, err := Build(t.Context(), Options{Dir: test.dir})
		if !errors.Is(err, ErrSource) {
			t.Errorf("%s: error %v; want ErrSource", name, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %q does not say %q", name, err, want)
			}
		}
	}
}

func TestCompileError(t *testing.T) {
	dir := write(t, "go.mod", goMod, "main.go", "package main\n\nfunc main() {\n\tundefinedThing()\n}\n")
	var log bytes.Buffer
	_, err := Build(t.Context(), Options{Dir: dir, Log: &log})
	failed, ok := errors.AsType[*ToolError](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	const want = "main.go:4:2: undefined: undefinedThing"
	if !strings.HasPrefix(failed.Command, "go build ") || !strings.Contains(failed.Output, want) || !strings.Contains(err.Error(), want) || !strings.Contains(log.String(), want) {
		t.Errorf("command %q, output %q, log %q", failed.Command, failed.Output, &log)
	}
}

func TestGoIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Build(t.Context(), Options{Dir: write(t, "go.mod", goMod, "main.go", "package main\n")})
	if !errors.Is(err, ErrTool) || !strings.Contains(err.Error(), "version 1.24 or newer") || !strings.Contains(err.Error(), "https://go.dev/dl/") {
		t.Errorf("error %v", err)
	}
}

// fakeGo names the variable that makes this test's program a go command.
const fakeGo = "TOOLCHAIN_TEST_FAKE_GO"

func TestMain(m *testing.M) {
	switch version := os.Getenv(fakeGo); version {
	case "":
		os.Exit(m.Run())
	case "hang":
		os.Stderr.WriteString("started\n")
		time.Sleep(time.Hour) // until it is stopped
	default:
		os.Stdout.WriteString(version + "\n")
	}
}

// fake makes Options with a go command that prints a version, or hangs.
func fake(t *testing.T, version string) Options {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(fakeGo, version)
	return Options{Go: program, Dir: write(t, "go.mod", goMod, "main.go", "package main\n")}
}

func TestGoIsTooOld(t *testing.T) {
	for _, version := range []string{"go1.23.12", "tinygo 0.33", "devel"} {
		_, err := Build(t.Context(), fake(t, version))
		if !errors.Is(err, ErrTool) || !strings.Contains(err.Error(), `has version "`+version+`"`) || !strings.Contains(err.Error(), "go1.24 or newer") {
			t.Errorf("%s: error %v", version, err)
		}
	}
}

func TestGoVersions(t *testing.T) {
	for version, want := range map[string]int{"go1.26.1": 26, "go1.27rc1": 27, "devel go1.28-0a1b2c Mon": 28, "go1.26.1 X:nodwarf5": 26} {
		if got, ok := goMinor(version); !ok || got != want {
			t.Errorf("%s: %d, %v", version, got, ok)
		}
	}
}

func TestBuildStopsWithItsContext(t *testing.T) {
	gone := errors.New("the user went home")
	ctx, cancel := context.WithCancelCause(t.Context())
	o := fake(t, "hang")
	o.Log = writerFunc(func(p []byte) { cancel(gone) })
	if _, err := Build(ctx, o); !errors.Is(err, gone) {
		t.Errorf("stopped while it ran: %v", err)
	}
	if _, err := Build(ctx, o); !errors.Is(err, gone) {
		t.Errorf("stopped before it ran: %v", err)
	}
}

type writerFunc func(p []byte)

func (w writerFunc) Write(p []byte) (int, error) { w(p); return len(p), nil }

func TestErrorsHoldTheHeadOfTheOutput(t *testing.T) {
	var h head
	for range 100 {
		if n, err := h.Write(bytes.Repeat([]byte("x"), 1000)); n != 1000 || err != nil {
			t.Fatal(n, err)
		}
	}
	if h.Len() != maxOutput {
		t.Errorf("%d bytes kept; want %d", h.Len(), maxOutput)
	}
}
