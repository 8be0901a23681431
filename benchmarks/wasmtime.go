package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bytecodealliance/wasmtime-go/v39"
)

// wasmtimeEngine is wasmtime by its Go package, with its own WASI: a store and
// an instance for each event. It limits memory and, if asked for, time.
type wasmtimeEngine struct {
	engine *wasmtime.Engine
	linker *wasmtime.Linker
	module *wasmtime.Module
	epochs bool

	stop    chan struct{}
	stopped sync.WaitGroup
}

// epoch is the resolution of wasmtime's deadline.
const epoch = 10 * time.Millisecond

func loadWasmtime(deadline bool) func(context.Context, handler) (contender, error) {
	return func(_ context.Context, h handler) (contender, error) {
		config := wasmtime.NewConfig()
		config.SetEpochInterruption(deadline)
		w := &wasmtimeEngine{engine: wasmtime.NewEngineWithConfig(config), epochs: deadline, stop: make(chan struct{})}
		w.linker = wasmtime.NewLinker(w.engine)
		if deadline {
			w.stopped.Go(w.count)
		}
		if err := w.prepare(h.bare); err != nil {
			w.close()
			return nil, err
		}
		return w, nil
	}
}

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
	w.module, err = wasmtime.NewModule(w.engine, module)
	return err
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

func (w *wasmtimeEngine) answer(_ context.Context, event []byte) ([]byte, error) {
	x := &exchange{event: event}
	store := wasmtime.NewStoreWithData(w.engine, x)
	defer store.Close()
	store.SetWasi(wasmtime.NewWasiConfig())
	store.Limiter(memoryPages<<16, -1, -1, -1, -1)
	if w.epochs {
		store.SetEpochDeadline(uint64(timeout / epoch))
	}
	instance, err := w.linker.Instantiate(store, w.module)
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

func (w *wasmtimeEngine) close() error {
	close(w.stop)
	w.stopped.Wait()
	if w.module != nil {
		w.module.Close()
	}
	w.linker.Close()
	w.engine.Close()
	return nil
}
