package enginetest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

// DifferVariable is the environment variable that says how many random modules
// Differ compares, of each kind.
const DifferVariable = "LAMBENT_DIFFER"

// Named is an engine to compare, as it is called where it differs.
type Named struct {
	Label  string
	Engine engine.Engine
}

// Differ runs random modules on engines, which are to do the same: results, traps,
// memory, calls of the host, and fuel. It takes a minute, a second in short tests,
// or what DifferVariable asks for.
func Differ(t *testing.T, engines ...Named) {
	n := 2000
	if testing.Short() {
		n = 100
	}
	if text := os.Getenv(DifferVariable); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			t.Fatalf("%s is %q, want a number of modules", DifferVariable, text)
		}
	}
	t.Run("random modules", func(t *testing.T) {
		differ(t, engines, n, func(seed uint64) ([]byte, error) { return RandomModule(seed), nil })
	})
	t.Run("modules short of registers", func(t *testing.T) {
		differ(t, engines, n, func(seed uint64) ([]byte, error) { return PressingModule(seed), nil })
	})
	t.Run("binaryen's modules", func(t *testing.T) {
		tool, err := exec.LookPath("wasm-opt")
		if err != nil {
			t.Skip("wasm-opt, of Debian's package binaryen, is not installed")
		}
		dir := t.TempDir()
		differ(t, engines, n/10, func(seed uint64) ([]byte, error) { return binaryenModule(tool, dir, seed) })
	})
}

// differ compares n modules.
func differ(t *testing.T, engines []Named, n int, module func(seed uint64) ([]byte, error)) {
	var next, ran, ended, refused atomic.Uint64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for {
				seed := next.Add(1)
				if seed > uint64(n) || t.Failed() {
					return
				}
				wasm, err := module(seed)
				if err != nil {
					t.Errorf("seed %d: %v", seed, err)
					return
				}
				seen, err := Compare(t.Context(), wasm, engines...)
				switch {
				case errors.Is(err, engine.ErrUnsupported) || errors.Is(err, engine.ErrTooLarge):
					refused.Add(1)
				case err != nil:
					t.Errorf("seed %d: %v\n%s", seed, err, hex.EncodeToString(wasm))
				default:
					ran.Add(1)
					if strings.Contains(seen, "fuel: ") && !strings.Contains(seen, "trap") && !strings.Contains(seen, "out of fuel") {
						ended.Add(1)
					}
				}
			}
		})
	}
	group.Wait()
	t.Logf("%d modules compared, of which %d ended well; %d were refused", ran.Load(), ended.Load(), refused.Load())
	if !t.Failed() && (ran.Load() < uint64(n)*3/4 || ended.Load() < uint64(n)/10) {
		t.Error("too few of them show anything")
	}
}

// Compare runs a module on engines and returns what all see, or an error that says
// what they do not agree on.
func Compare(ctx context.Context, wasm []byte, engines ...Named) (string, error) {
	var first string
	for i, eng := range engines {
		seen, err := Observe(ctx, eng.Engine, wasm)
		if err != nil {
			return "", fmt.Errorf("%s: %w", eng.Label, err)
		}
		if i == 0 {
			first = seen
		} else if seen != first {
			return "", fmt.Errorf("on %s:\n%son %s:\n%s", engines[0].Label, first, eng.Label, seen)
		}
	}
	return first, nil
}

// binaryenModule has wasm-opt make a module of random bytes, in which NaNs are zeros.
func binaryenModule(tool, dir string, seed uint64) ([]byte, error) {
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})
	b := make([]byte, 200+seed*37%8000)
	random.Read(b)
	input := filepath.Join(dir, strconv.FormatUint(seed, 10))
	if err := os.WriteFile(input, b, 0o600); err != nil {
		return nil, err
	}
	output := input + ".wasm"
	defer os.Remove(input)
	defer os.Remove(output)
	if out, err := exec.Command(tool, "-ttf", input, "-o", output, "--denan", "--enable-bulk-memory", "--enable-sign-ext",
		"--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-multivalue").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("wasm-opt: %w\n%s", err, out)
	}
	return os.ReadFile(output)
}
