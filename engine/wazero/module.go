package wazero

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync/atomic"

	wz "github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

var errModuleClosed = errors.New("wazero: the module is closed")

// module implements engine.Module.
type module struct {
	backend  *backend
	binary   *engine.Interface
	digest   [sha256.Size]byte // of the original
	program  *image.Program
	compiled wz.CompiledModule
	hosts    map[string]api.Module
	size     uint64 // see Size
	closed   atomic.Bool
}

// Interface implements engine.Module.
func (m *module) Interface() *engine.Interface { return m.binary }

// Instantiate implements engine.Module.
func (m *module) Instantiate(ctx context.Context, cfg engine.InstanceConfig) (engine.Instance, error) {
	if ctx.Err() != nil {
		return nil, engine.Interrupted(ctx)
	}
	in, err := m.make(ctx, cfg, nil)
	if err != nil {
		return nil, err
	}
	if err := in.start(ctx); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// make makes an instance that has not run anything, with what of may hold in its
// memory.
func (m *module) make(ctx context.Context, cfg engine.InstanceConfig, of *image.Image) (*instance, error) {
	if m.closed.Load() {
		return nil, errModuleClosed
	}
	in := &instance{module: m, data: cfg.Data}
	in.call = call{ctx, in}
	in.meter = engine.NewMeter(&in.gauge, cfg.Slice)
	options := experimental.WithImportResolver(&in.call, m.resolve)
	if m.binary.Memory != nil {
		mem, err := image.Room{}.Memory(m.binary.Memory, cfg.MemoryLimit, of)
		if err != nil {
			return nil, fmt.Errorf("wazero: %w", err)
		}
		in.memory = &memory{Memory: mem}
		options = experimental.WithMemoryAllocator(options, in.memory)
	}
	var err error
	if in.guest, err = m.backend.instantiate(options, m.compiled); err != nil {
		in.Close() // wazero forgets the memory of a module that failed
		return nil, failure(ctx, err, m.program.Functions)
	}
	in.gauge.global = in.guest.ExportedGlobal(meter.Global).(api.MutableGlobal)
	for _, g := range m.program.Globals {
		if global, ok := in.guest.ExportedGlobal(g.Export).(api.MutableGlobal); ok {
			in.globals = append(in.globals, global)
		}
	}
	return in, nil
}

// start applies data and calls the start function.
func (in *instance) start(ctx context.Context) error {
	program := in.module.program
	if in.memory != nil {
		if err := program.Apply(in.memory.Bytes()); err != nil {
			return err
		}
	}
	if program.Start != "" {
		err := in.guest.ExportedFunction(program.Start).CallWithStack(&in.call, nil)
		if err != nil {
			return failure(ctx, err, program.Functions)
		}
	}
	if ctx.Err() != nil {
		return engine.Interrupted(ctx)
	}
	return nil
}

// Restorable implements engine.Module.
func (m *module) Restorable() error {
	if err := m.program.Restorable; err != nil {
		return fmt.Errorf("%w: %w", engine.ErrNotRestorable, err)
	}
	return nil
}

// Size implements engine.Module.
func (m *module) Size() uint64 { return m.size }

// resolve finds the host module that an import names.
func (m *module) resolve(name string) api.Module {
	if host, ok := m.hosts[name]; ok {
		return host
	}
	return nil // a nil interface: wazero then fails
}

// Close implements engine.Module.
func (m *module) Close() error {
	if m.closed.Swap(true) {
		return nil
	}
	return m.compiled.Close(context.Background())
}

// instantiate turns a panic of wazero's into an error.
func (be *backend) instantiate(ctx context.Context, compiled wz.CompiledModule) (guest api.Module, err error) {
	defer func() {
		if r := recover(); r != nil {
			guest, err = nil, fmt.Errorf("instantiating panicked: %v", r)
		}
	}()
	return be.runtime.InstantiateModule(ctx, compiled, anonymous())
}
