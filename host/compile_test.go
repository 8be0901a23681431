package host_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/host"
)

// child makes the command that is this test binary as one of children.
func child(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Env = []string{childVariable + "=" + name}
	return c
}

// compiles is a Config.CompileCommand that starts that child, and counts.
func compiles(t testing.TB, name string, count *int) func(string) *exec.Cmd {
	return func(cacheDir string) *exec.Cmd {
		*count++
		return child(t, name, cacheDir)
	}
}

// TestCompileInChild compiles once, in a child process, which leaves the code in
// the cache. Opening again needs no child.
func TestCompileInChild(t *testing.T) {
	dir := t.TempDir()
	started := 0
	config := host.Config{Dir: dir, CompileCommand: compiles(t, "compile", &started), Limits: host.Limits{Compilers: 1, CompileTime: 10 * time.Minute}}
	h := openHost(t, config)
	deploy(t, h, host.Deployment{Name: "echo", Module: guest(t, "echo")})
	if got := invoke(t, h, "echo", `7`); got != `7` {
		t.Errorf("it answered %s", got)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if code, err := filepath.Glob(filepath.Join(dir, "cache", "wazero", "*", "index", "*")); err != nil || len(code) != 1 {
		t.Errorf("the cache holds %q, %v", code, err)
	}
	h = openHost(t, config)
	if got := invoke(t, h, "echo", `8`); got != `8` {
		t.Errorf("opened again it answered %s", got)
	}
	if started != 1 {
		t.Errorf("%d children were started", started)
	}
	// Code that has gone from the cache is compiled by a child as well.
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	h = openHost(t, config)
	if got := invoke(t, h, "echo", `9`); got != `9` {
		t.Errorf("without its code it answered %s", got)
	}
	if started != 2 {
		t.Errorf("%d children were started, want one more", started)
	}
	// What the compiler itself refuses: an operand of the wrong type.
	_, err := h.Deploy(t.Context(), host.Deployment{Name: "wrong", Module: mistyped()})
	wantError(t, "a module that does not validate", err, host.CodeInvalidParameterValue, "The deployment failed: ")
	f, err := h.Function(t.Context(), "wrong")
	if err != nil || f.State.Is != host.Failed || f.State.Code != "InvalidZipFileException" || f.State.Reason == "" {
		t.Errorf("a module that does not validate: %+v, %v", f.State, err)
	}
	_, err = h.Invoke(t.Context(), host.Invocation{Function: "wrong"})
	wantError(t, "invoking it", err, host.CodeResourceConflict, "The function is currently in the following state: Failed")
	// It can be mended.
	deploy(t, h, host.Deployment{Name: "wrong", Module: guest(t, "echo")})
	if got := invoke(t, h, "wrong", `9`); got != `9` {
		t.Errorf("mended it answered %s", got)
	}
}

// TestCompilerDies has children that end, hang, say nothing or may take almost no
// memory. Each leaves a function in state Failed that says why.
func TestCompilerDies(t *testing.T) {
	for _, c := range []struct {
		name, child string
		limits      host.Limits
		code, text  string
	}{
		{"exits", "die", host.Limits{}, "InternalError", "the compiler ended without a verdict: exit status 3"},
		{"says nothing", "mute", host.Limits{}, "InternalError", "the compiler gave no verdict"},
		{"hangs", "sleep", host.Limits{CompileTime: 50 * time.Millisecond}, "FunctionError.InitResourceExhausted", "took more than 50ms"},
		{"needs memory", "compile", host.Limits{CompileMemory: 1 << 20, CompileTime: 10 * time.Minute}, "FunctionError.InitResourceExhausted", "took more than 1 MB of memory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "needs memory" && runtime.GOOS != "linux" {
				t.Skip("the address space of a process is limited on Linux only")
			}
			started := 0
			h := openHost(t, host.Config{CompileCommand: compiles(t, c.child, &started), Limits: c.limits})
			module := guest(t, "echo")
			if c.name == "needs memory" {
				// More than fits into what Go has reserved before the limit is set.
				module = append(module, customSection(40<<20)...)
			}
			_, err := h.Deploy(t.Context(), host.Deployment{Name: "f", Module: module})
			wantError(t, "deploying", err, host.CodeInvalidParameterValue, c.text)
			if f, err := h.Function(t.Context(), "f"); err != nil || f.State.Is != host.Failed || f.State.Code != c.code || !strings.Contains(f.State.Reason, c.text) {
				t.Errorf("state %+v, %v; want %s: %s", f.State, err, c.code, c.text)
			}
		})
	}
	t.Run("cannot start", func(t *testing.T) {
		h := openHost(t, host.Config{CompileCommand: func(string) *exec.Cmd { return exec.Command(filepath.Join(t.TempDir(), "nothing")) }})
		_, err := h.Deploy(t.Context(), host.Deployment{Name: "f", Module: guest(t, "echo")})
		wantError(t, "deploying", err, host.CodeInvalidParameterValue, "the compiler could not be started")
	})
	t.Run("cannot write", func(t *testing.T) {
		other := t.TempDir()
		if err := os.WriteFile(filepath.Join(other, "wazero"), nil, 0o600); err != nil { // a file where a folder belongs
			t.Fatal(err)
		}
		h := openHost(t, host.Config{CompileCommand: func(string) *exec.Cmd { return child(t, "compile", other) }, Limits: host.Limits{CompileTime: 10 * time.Minute}})
		_, err := h.Deploy(t.Context(), host.Deployment{Name: "f", Module: guest(t, "echo")})
		wantError(t, "deploying", err, host.CodeInvalidParameterValue, "the compiled module cannot be kept: ")
		if f, err := h.Function(t.Context(), "f"); err != nil || f.State.Is != host.Failed || f.State.Code != "InternalError" || !strings.Contains(f.State.Reason, "not a directory") {
			t.Errorf("state %+v, %v; want InternalError and what writing said", f.State, err)
		}
	})
}

// TestCompileWorkerRefuses gives the worker what is not its input.
func TestCompileWorkerRefuses(t *testing.T) {
	if err := host.CompileWorker(t.TempDir(), strings.NewReader("hello"), new(strings.Builder)); err == nil || !strings.Contains(err.Error(), "header") {
		t.Errorf("without a header: %v", err)
	}
}

// customSection is a section without meaning, of so many bytes and a few.
func customSection(size int) []byte {
	content := append([]byte{1, 'x'}, make([]byte, size)...)
	return append(binary.AppendUvarint([]byte{0}, uint64(len(content))), content...)
}

// mistyped is a module that only a compiler finds wrong: its handler returns an
// i64 for an i32.
func mistyped() []byte {
	var b wb.Builder
	b.Memory(1, 1)
	b.ExportMemory()
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, wb.Types{wb.I32}), nil, wb.I64Const(0)))
	return b.Bytes()
}
