package function_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestPreload: what was used last is loaded before anybody asks, without its
// package, and answers without its init phase.
func TestPreload(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "hot.json")
	images, err := sandbox.NewImageFolder(filepath.Join(dir, "images"), 0)
	if err != nil {
		t.Fatal(err)
	}
	during := func(use func(*function.Service, *shaky)) {
		t.Helper()
		eng, err := wazero.New(wazero.Config{CacheDir: filepath.Join(dir, "code")})
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		opened := openStore(t, filepath.Join(dir, "data"))
		counted := &shaky{Store: opened}
		s := newService(t, function.Config{Store: counted, Engine: eng, Images: images, HotFile: file})
		use(s, counted)
		closeNow(t, s)
		if err := opened.Close(); err != nil {
			t.Fatal(err)
		}
	}
	during(func(s *function.Service, _ *shaky) {
		for _, name := range []string{"a", "b", "gone"} {
			active(t, s, name, packGuest(t, "echo"))
			if got := invoke(t, s, name, `1`); got != `1` {
				t.Errorf("%s answered %s", name, got)
			}
		}
		if err := s.Delete(t.Context(), function.Ref{Name: "gone"}); err != nil {
			t.Fatal(err)
		}
	})
	if said, err := os.ReadFile(file); err != nil || string(said) != `{"Account":"000000000000","Region":"us-east-1","Functions":["b","a"]}` {
		t.Errorf("the file says %s, %v", said, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	during(func(s *function.Service, counted *shaky) {
		for function.Ready(s) < 2 {
			time.Sleep(time.Millisecond)
		}
		out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: "a"}, Event: []byte(`2`)})
		if err != nil || string(out.Payload) != `2` || out.Usage.Init != 0 {
			t.Errorf("%s, %v, init %v", out.Payload, err, out.Usage.Init)
		}
		if n := counted.loads.Load(); n != 0 {
			t.Errorf("%d packages were read", n)
		}
	})
	// Whatever is in the file, functions answer.
	for _, said := range []string{"", "{", `{"Account":"000000000000","Region":"us-east-1","Functions":["../x","nobody","a"]}`, `{"Account":"1","Functions":["a"]}`} {
		if err := os.WriteFile(file, fmt.Append(nil, said), 0o600); err != nil {
			t.Fatal(err)
		}
		during(func(s *function.Service, _ *shaky) {
			if got := invoke(t, s, "b", `3`); got != `3` {
				t.Errorf("%q: it answered %s", said, got)
			}
		})
	}
}
