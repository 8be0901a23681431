package sandbox_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// changedSDK returns flags to build a Go program with, of whose library one
// place in one file reads otherwise.
func changedSDK(t testing.TB, file, from, to string) []string {
	t.Helper()
	original, err := filepath.Abs(filepath.Join("..", "sdk", "go", file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), from); n != 1 {
		t.Fatalf("%s has %q %d times, want once", original, from, n)
	}
	dir := t.TempDir()
	changed, overlay := filepath.Join(dir, file), filepath.Join(dir, "overlay.json")
	b, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{changed: strings.Replace(string(text), from, to, 1), overlay: string(b)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"-overlay", overlay}
}

// TestGoRandomnessRepeats without what the library does after restoring: so an
// image is as dangerous as it is said to be, and TestGoRestored can fail.
func TestGoRandomnessRepeats(t *testing.T) {
	box := newBox(t, buildGo(t, "go/restored", changedSDK(t, "restore_wasip1.go", "err := restored.random.renew()", "var err error")...), sandbox.Config{})
	first := decode[restoredAnswer](t, run(t, box, "{}")).Random
	second := decode[restoredAnswer](t, run(t, box, "{}")).Random
	for source, value := range first {
		if repeats := second[source] == value; repeats != (source != "crypto/rand") {
			t.Errorf("%s: %s, then %s", source, value, second[source])
		}
	}
}

// TestGoRandomStateUnknown: of a program that cannot renew its randomness no
// image is made, and it says so.
func TestGoRandomStateUnknown(t *testing.T) {
	for name, flags := range map[string][]string{
		"no g":                 changedSDK(t, "random_wasip1.s", "MOVD g, ret+0(FP)", "MOVD $0, ret+0(FP)"),
		"a g without m":        changedSDK(t, "random_wasip1.go", "wordsOfG = 32", "wordsOfG = 2"),
		"an m without state":   changedSDK(t, "random_wasip1.go", "wordsOfM = 512", "wordsOfM = 2"),
		"another layout":       changedSDK(t, "random_wasip1.go", "buf  [32]uint64", "buf  [33]uint64"),
		"another order select": changedSDK(t, "random_wasip1.go", "s0>>16}", "s0>>15}"),
	} {
		t.Run(name, func(t *testing.T) {
			var book logbook
			box := newBox(t, buildGo(t, "go/restored", flags...), sandbox.Config{Log: book.add})
			if mode, why := box.Mode(); mode != sandbox.InitEach || why == nil || !strings.Contains(why.Error(), "files open") {
				t.Fatalf("mode %q: %v", mode, why)
			}
			if said := strings.Join(book.of(sandbox.Stderr), "\n"); !strings.Contains(said, "each event will go through initialisation") {
				t.Errorf("stderr is %q", said)
			}
			first := decode[restoredAnswer](t, run(t, box, "{}")).Random
			second := decode[restoredAnswer](t, run(t, box, "{}")).Random
			for source, value := range first {
				if second[source] == value {
					t.Errorf("%s drew %s twice", source, value)
				}
			}
		})
	}
}

// BenchmarkGoRestored is an event of the smallest Go function, with what the
// library does after restoring and without.
func BenchmarkGoRestored(b *testing.B) {
	for name, flags := range map[string][]string{
		"renewed":  nil,
		"as it is": changedSDK(b, "restore_wasip1.go", "//go:wasmexport lambent_after_restore\n", ""),
	} {
		box := newBox(b, buildGo(b, "go/empty", flags...), sandbox.Config{})
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := box.Run(b.Context(), []byte("{}")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
