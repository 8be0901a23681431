package wasi_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Programs of real toolchains check what their libraries make of the
// functions; see testdata.

func TestGoProgram(t *testing.T) {
	wasm := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.Command("go", "build", "-o", wasm, "./testdata/go")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	build(t, cmd)
	runProgram(t, wasm)
}

func TestCProgram(t *testing.T) {
	clang, err := exec.LookPath("clang")
	if err != nil {
		t.Skip("clang is not installed")
	}
	if _, err := os.Stat("/usr/include/wasm32-wasi"); err != nil {
		t.Skip("wasi-libc is not installed")
	}
	wasm := filepath.Join(t.TempDir(), "program.wasm")
	build(t, exec.Command(clang, "--target=wasm32-wasi", "-O1", "-o", wasm, "testdata/c/main.c"))
	runProgram(t, wasm)
}

func build(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}

// runProgram runs the program, which must exit with 7, and gives it its answer
// at descriptor 4 once it asks.
func runProgram(t *testing.T, path string) {
	wasm, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bin, err := engine.Check(wasm, engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	host := engine.NewHost(wasi.Functions(func(data any) *wasi.State { return data.(*wasi.State) })...)
	mod, err := eng.Compile(t.Context(), bin, host)
	if err != nil {
		t.Fatal(err)
	}
	defer mod.Close()

	world := &hostWorld{start: time.Now()}
	base, err := memfs.NewBase(fstest.MapFS{"main.txt": {Data: []byte("package")}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	answer := &answer{ready: make(chan struct{}), text: "the answer"}
	state := wasi.New(wasi.Config{
		Args:  []string{"program", "an argument"},
		Env:   func() []string { return []string{"NAME=value"} },
		Stdin: []byte("standard input"),
		Stdout: func(p []byte) wasi.Errno {
			stdout.Write(p)
			if strings.Contains(stdout.String(), "ready for the answer") {
				answer.once.Do(func() { close(answer.ready) })
			}
			return wasi.ESUCCESS
		},
		Stderr:    func(p []byte) wasi.Errno { stderr.Write(p); return wasi.ESUCCESS },
		FS:        memfs.New(base, memfs.Quota{Bytes: 16 << 20, Files: 1000}, world.Wall),
		World:     world,
		OpenFiles: 64,
	})
	defer state.Close()
	if fd, errno := state.Insert(answer); fd != 4 || errno != wasi.ESUCCESS {
		t.Fatalf("the answer is at %d, %v", fd, errno)
	}
	instance, err := mod.Instantiate(t.Context(), engine.InstanceConfig{Data: state})
	if err != nil {
		t.Fatal(err)
	}
	defer instance.Close()
	err = instance.Func("_start").Call(t.Context(), nil)
	if exit, ok := errors.AsType[*wasi.ExitError](err); !ok || exit.Code != 7 {
		t.Errorf("the program ended with %v, want exit status 7", err)
	}
	if out, errs := stdout.String(), stderr.String(); out != "ready for the answer\ndone\n" || errs != "to stderr\n" {
		t.Errorf("stdout: %s\nstderr: %s", out, errs)
	}
}

// answer is a stream that has something to read once it is asked for.
type answer struct {
	once  sync.Once
	ready chan struct{}
	text  string
}

func (*answer) Filetype() wasi.Filetype  { return wasi.SocketStream }
func (*answer) Fdflags() wasi.Fdflags    { return wasi.NonBlock }
func (a *answer) Ready() <-chan struct{} { return a.ready }
func (a *answer) Available() uint64      { return uint64(len(a.text)) }
func (*answer) Close()                   {}

func (a *answer) Read(_ context.Context, p []byte) (int, wasi.Errno) {
	n := copy(p, a.text)
	a.text = a.text[n:]
	return n, wasi.ESUCCESS
}

// hostWorld is the world there is.
type hostWorld struct{ start time.Time }

func (*hostWorld) Wall() int64        { return time.Now().UnixNano() }
func (w *hostWorld) Monotonic() int64 { return int64(time.Since(w.start)) }
func (*hostWorld) Random(p []byte)    { rand.Read(p) }

func (*hostWorld) Wait(ctx context.Context, ready []<-chan struct{}, timeout time.Duration) []bool {
	closed := make([]bool, len(ready))
	cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())}}
	for _, c := range ready {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)})
	}
	switch {
	case timeout == 0:
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})
	case timeout > 0:
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(timer.C)})
	}
	switch chosen, _, _ := reflect.Select(cases); {
	case chosen == 0:
		engine.Stop(context.Cause(ctx))
	case chosen <= len(ready):
		closed[chosen-1] = true
	}
	return closed
}
