package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// newEngine is one engine for all tests: compiling is what takes time.
var newEngine = sync.OnceValues(func() (engine.Engine, error) { return wazero.New(wazero.Config{}) })

func testEngine(t testing.TB) engine.Engine {
	t.Helper()
	eng, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	return eng
}

// guest reads one of testdata/guests, "c/json" or "assemblyscript/json".
func guest(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "guests", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newBox makes a Sandbox that is closed with the test.
func newBox(t testing.TB, wasm []byte, config sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(t.Context(), testEngine(t), wasm, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return box
}

// run runs one event that must succeed and returns the response.
func run(t testing.TB, box *sandbox.Sandbox, event string) string {
	t.Helper()
	res, err := box.Run(context.Background(), []byte(event))
	if err != nil {
		t.Fatalf("event %s: %v", event, err)
	}
	return string(res.Response)
}

func TestGuestsGreet(t *testing.T) {
	for _, name := range []string{"c/json", "assemblyscript/json"} {
		t.Run(name, func(t *testing.T) {
			box := newBox(t, guest(t, name), sandbox.Config{})
			got := run(t, box, `{"name":"Ada","n":41}`)
			if want := `{"message":"Hello, Ada!","n":42}`; got != want {
				t.Errorf("answered %s, want %s", got, want)
			}
		})
	}
}
