package sandbox

import (
	"context"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// Check refuses what New would refuse before it compiles, in time that is
// proportional to the module: a configuration that cannot be met, a module that
// is malformed, too large or not a function, that imports what no function is
// offered, or whose memory begins larger than it may become. What it accepts may
// still fail to validate, to start, or to have the handler that config names.
//
// Errors are those of New, without *InitError.
func Check(wasm []byte, config Config) error {
	if err := config.complete(); err != nil {
		return err
	}
	binary, _, _, err := check(wasm, config)
	if err != nil {
		return err
	}
	for _, im := range binary.Imports {
		if _, err := host().Resolve(im); err != nil {
			return err
		}
	}
	if m := binary.Memory; m != nil && uint64(m.Min)*pageSize > config.Limits.Memory {
		return fmt.Errorf("%w: the module starts with %d bytes, allowed are %d", engine.ErrMemoryLimit, uint64(m.Min)*pageSize, config.Limits.Memory)
	}
	return nil
}

// Compile checks and compiles a module as New does, and releases it: for an
// engine that keeps code on disk, from where New then loads it. So compiling can
// happen in another process than running.
//
// Errors are those of New, without ErrConfig and *InitError.
func Compile(ctx context.Context, eng engine.Engine, wasm []byte, limits engine.ModuleLimits) error {
	binary, err := engine.Check(wasm, limits)
	if err != nil {
		return err
	}
	module, err := eng.Compile(ctx, binary, host())
	if err != nil {
		return err
	}
	return module.Close()
}

// pageSize is the unit of linear memory, in bytes.
const pageSize = 64 << 10

// check reads a module and its files and decides how it is entered; config is
// complete.
func check(wasm []byte, config Config) (*engine.Binary, Model, *memfs.Base, error) {
	binary, err := engine.Check(wasm, config.Modules)
	if err != nil {
		return nil, "", nil, err
	}
	model, files, err := config.enter(&binary.Interface)
	if err != nil {
		return nil, "", nil, err
	}
	if _, err := config.warmup(model); err != nil {
		return nil, "", nil, err
	}
	return binary, model, files, nil
}

// enter decides how a module is entered, and reads which files it finds.
func (c *Config) enter(module *engine.Interface) (Model, *memfs.Base, error) {
	model, err := abi.Detect(module, c.Manifest)
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ErrModule, err)
	}
	files, err := newBase(c.Files, c.Layers)
	if err != nil {
		return "", nil, err
	}
	return model, files, nil
}
