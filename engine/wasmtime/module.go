//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "guest.h"
import "C"

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// Room around linear memory, in bytes. Code that wasmtime compiles takes for
// granted that nothing else is within 4 GiB of where a memory begins, and
// guardAfter more; what is before it is for addresses that no guest can make.
const (
	roomBefore = 32 << 20
	roomAfter  = 4 << 30
	guardAfter = 32 << 20
)

var room = image.Room{Before: roomBefore, Size: roomAfter + guardAfter}

var errModuleClosed = errors.New("wasmtime: the module is closed")

// module implements engine.Module.
type module struct {
	engine  *wasmtimeEngine
	binary  *engine.Interface
	digest  [sha256.Size]byte // of the original
	program *image.Program
	funcs   []engine.HostFunc
	size    uint64 // see Size

	cells atomic.Pointer[[1 + mostCells]C.uint32_t] // offsets, see findCells

	mu  sync.RWMutex               // held for reading while pre is used; after engine.mu
	pre *C.wasmtime_instance_pre_t // nil when closed
}

// Interface implements engine.Module.
func (m *module) Interface() *engine.Interface { return m.binary }

// Instantiate implements engine.Module.
func (m *module) Instantiate(ctx context.Context, cfg engine.InstanceConfig) (engine.Instance, error) {
	if ctx.Err() != nil {
		return nil, engine.Interrupted(ctx)
	}
	in, err := m.make(cfg, nil)
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
func (m *module) make(cfg engine.InstanceConfig, of *image.Image) (*instance, error) {
	in := &instance{module: m, data: cfg.Data, ctx: context.Background()}
	in.meter = engine.NewMeter((*gauge)(in), cfg.Slice)
	if m.binary.Memory != nil {
		var err error
		if in.memory, err = room.Memory(m.binary.Memory, cfg.MemoryLimit, of); err != nil {
			return nil, fmt.Errorf("wasmtime: %w", err)
		}
	}
	err := m.instantiate(in)
	if err == nil {
		err = in.findExports()
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	m.engine.clock.start(m.engine)
	return in, nil
}

// instantiate makes the guest.
func (m *module) instantiate(in *instance) error {
	native, done, err := m.engine.use()
	if err != nil {
		return err
	}
	defer done()
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.pre == nil {
		return errModuleClosed
	}
	var start *C.uint8_t
	var size, room C.uint64_t
	if in.memory != nil {
		start, size, room = (*C.uint8_t)(in.memory.Start()), C.uint64_t(len(in.memory.Bytes())), roomAfter+guardAfter
	}
	var trap *C.wasm_trap_t
	var failed *C.wasmtime_error_t
	if in.guest = C.lambent_guest_new(native, m.pre, start, size, room, &trap, &failed); in.guest == nil {
		return m.failure(trap, failed)
	}
	return nil
}

// findExports looks up what an instance is restored by.
func (in *instance) findExports() error {
	program := in.module.program
	if !C.lambent_guest_fuel(in.guest, text(meter.Global), C.size_t(len(meter.Global))) {
		return errors.New("wasmtime: the module has no meter")
	}
	if in.memory != nil && !C.lambent_guest_memory(in.guest, text(image.MemoryExport), C.size_t(len(image.MemoryExport))) {
		return errors.New("wasmtime: the module does not export its memory")
	}
	if program.Restorable == nil && len(program.Globals) > 0 {
		if err := in.findGlobals(); err != nil {
			return err
		}
	}
	in.findCells()
	return nil
}

// findGlobals looks up the globals that are restored.
func (in *instance) findGlobals() error {
	program := in.module.program
	if !C.lambent_guest_globals(in.guest, C.size_t(len(program.Globals))) {
		return errors.New("wasmtime: no memory for the globals of an instance")
	}
	for i, g := range program.Globals {
		kind, ok := kindOf(engine.ValueType(g.Type))
		if !ok || !bool(C.lambent_guest_global(in.guest, C.size_t(i), text(g.Export), C.size_t(len(g.Export)), kind)) {
			return fmt.Errorf("wasmtime: the module does not export global %d", i)
		}
	}
	return nil
}

// mostCells is the most globals of a module whose cells are looked for, each in all
// that wasmtime keeps of the first instance.
const mostCells = 16

// findCells looks where wasmtime keeps globals. Nothing depends on it but how fast
// they are read and written.
func (in *instance) findCells() {
	m := in.module
	i := slices.IndexFunc(m.binary.Exports, func(x engine.Export) bool { return x.Kind == engine.KindFunc })
	if i < 0 || in.guest.globals_count > mostCells {
		return
	}
	f, err := in.find(m.binary.Exports[i].Name, m.binary.Exports[i])
	if err != nil {
		return
	}
	var offsets [1 + mostCells]C.uint32_t
	known := m.cells.Load()
	if known != nil {
		offsets = *known
	}
	C.lambent_guest_cells(in.guest, &f.native, &offsets[0])
	if known == nil {
		m.cells.Store(&offsets)
	}
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
		f, err := in.find(program.Start, engine.Export{})
		if err != nil {
			return err
		}
		// What it calls sees an instance without functions: it is not made yet.
		in.starting = true
		err = in.enter(ctx, f, nil)
		in.starting = false
		if err != nil {
			return err
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

// Close implements engine.Module.
func (m *module) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pre != nil {
		C.wasmtime_instance_pre_delete(m.pre)
		m.pre = nil
	}
	return nil
}

// values is a function's parameters and results, in wasmtime's slots of 16 bytes.
func values(p *C.wasmtime_val_raw_t, n int) [][2]uint64 {
	return unsafe.Slice((*[2]uint64)(unsafe.Pointer(p)), n)
}
