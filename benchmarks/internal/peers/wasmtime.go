package peers

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/bytecodealliance/wasmtime-go/v39"

	"github.com/lambent-dev/lambent/benchmarks/internal/pooling"
)

// wasmtimeEngine is wasmtime by its Go package, with its own WASI for modules
// that import it: a store and an instance for each event. It limits memory and, if
// asked for, time.
type wasmtimeEngine struct {
	engine *wasmtime.Engine
	linker *wasmtime.Linker
	module *wasmtime.Module
	pre    *pooling.Pre // nil: the linker makes the instances
	epochs bool
	wasi   bool // the module imports it

	stop    chan struct{}
	stopped sync.WaitGroup
}

// epoch is the resolution of wasmtime's deadline.
const epoch = 10 * time.Millisecond

// WasmtimeOptions are what wasmtime is asked for.
type WasmtimeOptions struct {
	Deadline bool // for each event
	Pool     bool // its pooling allocator, and imports that are resolved before
}

// Wasmtime loads a module with the imports of guests/c/bare.h.
func Wasmtime(module []byte, o WasmtimeOptions) (Peer, error) {
	config := wasmtime.NewConfig()
	config.SetEpochInterruption(o.Deadline)
	if o.Pool {
		pooling.Enable(config, poolSize, memoryPages<<16)
	}
	w := &wasmtimeEngine{engine: wasmtime.NewEngineWithConfig(config), epochs: o.Deadline, stop: make(chan struct{})}
	w.linker = wasmtime.NewLinker(w.engine)
	if o.Deadline {
		w.stopped.Go(w.count)
	}
	err := w.prepare(module)
	if err == nil && o.Pool {
		w.pre, err = pooling.NewPre(w.linker, w.module)
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// poolSize is how many instances there may be at once.
const poolSize = 64

func (w *wasmtimeEngine) prepare(module []byte) error {
	if err := w.linker.DefineWasi(); err != nil {
		return err
	}
	i32 := func() *wasmtime.ValType { return wasmtime.NewValType(wasmtime.KindI32) }
	two := func() []*wasmtime.ValType { return []*wasmtime.ValType{i32(), i32()} }
	err := errors.Join(
		w.linker.FuncNew("bench", "event_read", wasmtime.NewFuncType(two(), []*wasmtime.ValType{i32()}), wasmtimeEventRead),
		w.linker.FuncNew("bench", "response_write", wasmtime.NewFuncType(two(), nil), wasmtimeResponseWrite),
	)
	if err != nil {
		return err
	}
	if w.module, err = wasmtime.NewModule(w.engine, module); err != nil {
		return err
	}
	w.wasi = slices.ContainsFunc(w.module.Imports(), func(i *wasmtime.ImportType) bool {
		return i.Module() == "wasi_snapshot_preview1"
	})
	return nil
}

// count moves the engine's clock on.
func (w *wasmtimeEngine) count() {
	tick := time.NewTicker(epoch)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.engine.IncrementEpoch()
		case <-w.stop:
			return
		}
	}
}

func (w *wasmtimeEngine) Answer(_ context.Context, event []byte) ([]byte, error) {
	x := &exchange{event: event}
	store := wasmtime.NewStoreWithData(w.engine, x)
	defer store.Close()
	if w.wasi {
		store.SetWasi(wasmtime.NewWasiConfig())
	}
	store.Limiter(memoryPages<<16, -1, -1, -1, -1)
	if w.epochs {
		store.SetEpochDeadline(uint64(timeout / epoch))
	}
	instance, err := w.instantiate(store)
	if err != nil {
		return nil, err
	}
	if initialize := instance.GetFunc(store, "_initialize"); initialize != nil {
		if _, err := initialize.Call(store); err != nil {
			return nil, err
		}
	}
	status, err := instance.GetFunc(store, "handle").Call(store)
	if err != nil {
		return nil, err
	}
	return x.response, handled(uint32(status.(int32)))
}

func (w *wasmtimeEngine) instantiate(store *wasmtime.Store) (*wasmtime.Instance, error) {
	if w.pre != nil {
		return w.pre.Instantiate(store)
	}
	return w.linker.Instantiate(store, w.module)
}

func wasmtimeEventRead(guest *wasmtime.Caller, args []wasmtime.Val) ([]wasmtime.Val, *wasmtime.Trap) {
	n, err := guest.Data().(*exchange).read(wasmtimeMemory(guest), uint32(args[0].I32()), uint32(args[1].I32()))
	if err != nil {
		return nil, wasmtime.NewTrap(err.Error())
	}
	return []wasmtime.Val{wasmtime.ValI32(int32(n))}, nil
}

func wasmtimeResponseWrite(guest *wasmtime.Caller, args []wasmtime.Val) ([]wasmtime.Val, *wasmtime.Trap) {
	if err := guest.Data().(*exchange).write(wasmtimeMemory(guest), uint32(args[0].I32()), uint32(args[1].I32())); err != nil {
		return nil, wasmtime.NewTrap(err.Error())
	}
	return nil, nil
}

func wasmtimeMemory(guest *wasmtime.Caller) []byte {
	return guest.GetExport("memory").Memory().UnsafeData(guest)
}

func (w *wasmtimeEngine) Close() error {
	close(w.stop)
	w.stopped.Wait()
	if w.pre != nil {
		w.pre.Close()
	}
	if w.module != nil {
		w.module.Close()
	}
	w.linker.Close()
	w.engine.Close()
	return nil
}
