package wazero_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// newEngine returns a function that makes engines of one configuration.
func newEngine(cfg wazero.Config) func(t *testing.T) engine.Engine {
	return func(t *testing.T) engine.Engine {
		eng, err := wazero.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return eng
	}
}

func TestCompiler(t *testing.T)    { enginetest.Run(t, newEngine(wazero.Config{})) }
func TestInterpreter(t *testing.T) { enginetest.Run(t, newEngine(wazero.Config{Interpreter: true})) }

func TestCached(t *testing.T) {
	enginetest.Run(t, newEngine(wazero.Config{CacheDir: t.TempDir()}))
}

func TestShared(t *testing.T) {
	newCached := newEngine(wazero.Config{CacheDir: t.TempDir()})
	enginetest.Run(t, func(t *testing.T) engine.Engine { return engine.Shared(newCached(t)) })
}

func BenchmarkCompiler(b *testing.B) {
	enginetest.Benchmark(b, func() (engine.Engine, error) { return wazero.New(wazero.Config{}) })
}

func BenchmarkInterpreter(b *testing.B) {
	enginetest.Benchmark(b, func() (engine.Engine, error) { return wazero.New(wazero.Config{Interpreter: true}) })
}
