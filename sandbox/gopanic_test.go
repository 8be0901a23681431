package sandbox_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// buildGo compiles a program below testdata to a reactor.
func buildGo(t testing.TB, path string, flags ...string) []byte {
	t.Helper()
	module := filepath.Join(t.TempDir(), "function.wasm")
	args := slices.Concat([]string{"build", "-buildmode=c-shared", "-trimpath", "-o", module}, flags, []string{"./testdata/" + path})
	c := exec.CommandContext(t.Context(), "go", args...)
	c.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	if b, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", c, err, b)
	}
	wasm, err := os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// TestGoPanics ends Go programs as Go programs end: a library's runtime says why
// on stderr and traps, the SDK reports the panic. The next event finds
// everything as it was.
func TestGoPanics(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	fatal := traps(engine.TrapUnreachable)
	for name, deeds := range map[string][]struct {
		event           string
		want            wants
		message, stderr string
	}{
		"library": {
			{`"panic"`, fatal, "Runtime.Trap: RequestId: r-1", "panic: as the event asked"},
			{`"nil"`, fatal, "Runtime.Trap: RequestId: r-1", "nil pointer dereference"},
			{`"index"`, fatal, "Runtime.Trap: RequestId: r-1", "index out of range"},
			{`"exit"`, reports(sandbox.TypeExit), "exit status 9", ""},
			{`"deadlock"`, fatal, "Runtime.Trap: RequestId: r-1", "all goroutines are asleep - deadlock!"},
		},
		"sdk": {
			{`"the door"`, reports("broken"), "broken: the door is broken", "the door"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			box := newBox(t, buildGo(t, "gopanic/"+name), sandbox.Config{})
			for _, d := range deeds {
				var book logbook
				_, err := box.Do(t.Context(), sandbox.Request{Event: []byte(d.event), ID: "r-1", Log: book.add})
				badGuest{message: d.message}.check(t, d.event, err, d.want)
				if text := strings.Join(book.of(sandbox.Stderr), "\n"); !strings.Contains(text, d.stderr) {
					t.Errorf("%s: stderr is %q, want %q in it", d.event, text, d.stderr)
				}
				run(t, box, `""`)
			}
		})
	}
}
