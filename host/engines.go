package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// Engine is an engine that functions may run on.
type Engine struct {
	// Name is what Config.Engine and the "engine" of a function's lambent.json say.
	Name string

	// New makes the engine. The Host closes it.
	New func(EngineConfig) (engine.Engine, error)
}

// EngineConfig is what a Host wants of an engine.
type EngineConfig struct {
	// CacheDir is the folder in which the engine keeps code, CacheSize how much of
	// it, in bytes. Engines of several names share it, each in a folder of its own.
	CacheDir  string
	CacheSize int64

	// Fill, if not nil, compiles a module into CacheDir in another process. The
	// engine then compiles nothing itself.
	Fill func(ctx context.Context, module []byte) error

	// MustCache is set in that process: what the engine cannot write to CacheDir it
	// must not compile.
	MustCache bool
}

// Wazero is the engine that every Host has.
const Wazero = "wazero"

// engines returns wazero and others by name. It refuses those that cannot be told apart,
// or made; field is where they are from.
func engines(field string, others []Engine) (map[string]Engine, error) {
	all := map[string]Engine{Wazero: {Wazero, func(c EngineConfig) (engine.Engine, error) {
		return wazero.New(wazero.Config{CacheDir: c.CacheDir, CacheSize: c.CacheSize, Fill: c.Fill, MustCache: c.MustCache})
	}}}
	for _, e := range others {
		if _, ok := all[e.Name]; ok || e.Name == "" || e.New == nil {
			return nil, fmt.Errorf("host: %s has an engine %q that cannot be told from another, or made", field, e.Name)
		}
		all[e.Name] = e
	}
	return all, nil
}

// runners makes the engines. Code is compiled when a function is deployed, and
// again by the engine when it has gone from the cache since; with a CompileCommand,
// neither in this process.
func (h *Host) runners() (byName map[string]function.Runner, err error) {
	// Native code is trusted input: it stays in a folder that only we can write.
	if h.cache, err = filepath.Abs(filepath.Join(h.config.Dir, "cache")); err != nil {
		return nil, err
	}
	all, err := engines("Config.Engines", h.config.Engines)
	if err != nil {
		return nil, err
	}
	if _, err := engines("Config.Verifiers", h.config.Verifiers); err != nil {
		return nil, err
	}
	byName = make(map[string]function.Runner)
	for name, e := range all {
		made, err := h.newEngine(e)
		if err != nil {
			return nil, err
		}
		eng := engine.Shared(made) // many functions may have the same module
		h.engines = append(h.engines, eng)
		byName[name] = function.Runner{Engine: eng, Compile: h.compiler(name)}
	}
	return byName, nil
}

// newEngine makes an engine as Config says.
func (h *Host) newEngine(e Engine) (engine.Engine, error) {
	return e.New(EngineConfig{CacheDir: h.cache, CacheSize: h.config.Limits.CodeCache, Fill: h.compiler(e.Name)})
}

// compiler returns what compiles for an engine in another process, nil if nothing does.
func (h *Host) compiler(name string) function.Compiler {
	config := &h.config
	if config.CompileCommand == nil {
		return nil
	}
	return func(ctx context.Context, module []byte) error {
		return compileInChild(ctx, config.CompileCommand(h.cache), name, module, config.Limits)
	}
}

// closeEngines closes what runners made.
func (h *Host) closeEngines() (err error) {
	for _, e := range h.engines {
		err = errors.Join(err, e.Close())
	}
	return err
}
