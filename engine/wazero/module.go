package wazero

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	wz "github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine"
)

const pageSize = 64 << 10

var errModuleClosed = errors.New("wazero: the module is closed")

// module implements engine.Module.
type module struct {
	backend  *backend
	binary   *engine.Binary
	compiled wz.CompiledModule
	hosts    map[string]api.Module
	closed   atomic.Bool
}

func newModule(be *backend, b *engine.Binary, compiled wz.CompiledModule, hosts map[string]api.Module) *module {
	return &module{backend: be, binary: b, compiled: compiled, hosts: hosts}
}

// Instantiate implements engine.Module.
func (m *module) Instantiate(ctx context.Context, cfg engine.InstanceConfig) (engine.Instance, error) {
	if m.closed.Load() {
		return nil, errModuleClosed
	}
	if ctx.Err() != nil {
		return nil, engine.Interrupted(ctx)
	}
	in := &instance{module: m, data: cfg.Data}
	in.call = call{ctx, in}
	in.meter = engine.NewMeter(&in.gauge, cfg.Slice)
	options := experimental.WithImportResolver(&in.call, m.resolve)
	if initial, largest, declared := m.binary.Memory(); declared {
		limit, err := memoryLimit(initial, largest, cfg.MemoryLimit)
		if err != nil {
			return nil, err
		}
		if in.memory, err = newMemory(uint64(initial)*pageSize, limit); err != nil {
			return nil, err
		}
		options = experimental.WithMemoryAllocator(options, in.memory)
	}
	var err error
	in.guest, err = m.backend.instantiate(options, m.compiled)
	if err != nil || ctx.Err() != nil {
		// wazero forgets the memory of a module whose start function failed.
		in.Close()
		return nil, failure(ctx, err)
	}
	in.gauge.find(in.guest)
	return in, nil
}

// memoryLimit returns the most bytes that a memory of initial to largest
// pages may have.
func memoryLimit(initial, largest uint32, limit uint64) (uint64, error) {
	most := uint64(largest) * pageSize
	if limit > 0 {
		most = min(most, limit/pageSize*pageSize)
	}
	if first := uint64(initial) * pageSize; first > most {
		return 0, fmt.Errorf("%w: the module starts with %d bytes, allowed are %d", engine.ErrMemoryLimit, first, most)
	}
	return most, nil
}

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
