//go:build wasmtime && cgo && linux && amd64

package wasmtime_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/wasmtime"
)

// newEngine returns a function that makes engines of one configuration.
func newEngine(cfg wasmtime.Config) func(t *testing.T) engine.Engine {
	return func(t *testing.T) engine.Engine {
		eng, err := wasmtime.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return eng
	}
}

func TestSuite(t *testing.T) { enginetest.Run(t, newEngine(wasmtime.Config{})) }

// TestSuiteBare: guests do without what is wasmtime's only.
func TestSuiteBare(t *testing.T) {
	enginetest.Run(t, newEngine(wasmtime.Config{AnyNaN: true, NoClock: true}))
}

func TestCached(t *testing.T) {
	enginetest.Run(t, newEngine(wasmtime.Config{CacheDir: t.TempDir()}))
}

func BenchmarkWasmtime(b *testing.B) {
	enginetest.Benchmark(b, func() (engine.Engine, error) { return wasmtime.New(wasmtime.Config{}) })
}
