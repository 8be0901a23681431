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

// instance makes one of a module without imports, on an engine of its own; both end
// with the test.
func instance(t *testing.T, cfg wazero.Config, binary []byte) engine.Instance {
	t.Helper()
	checked, err := engine.Check(binary, engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	eng := newEngine(cfg)(t)
	t.Cleanup(func() { eng.Close() })
	m, err := eng.Compile(t.Context(), checked, engine.NewHost())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	in, err := m.Instantiate(t.Context(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in
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
