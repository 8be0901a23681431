package peers

import (
	"context"
	"crypto/rand"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// wazeroRuntime is wazero by itself, with its own WASI and without limits but
// that of memory and, if asked for, a deadline.
type wazeroRuntime struct {
	runtime  wazero.Runtime
	module   wazero.CompiledModule
	deadline bool
}

// Wazero loads a module with the imports of guests/c/bare.h; with a deadline for
// each event, if it is told so.
func Wazero(ctx context.Context, module []byte, deadline bool) (Peer, error) {
	config := wazero.NewRuntimeConfig().WithCloseOnContextDone(deadline).WithMemoryLimitPages(memoryPages)
	w := &wazeroRuntime{runtime: wazero.NewRuntimeWithConfig(ctx, config), deadline: deadline}
	if err := w.prepare(ctx, module); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *wazeroRuntime) prepare(ctx context.Context, module []byte) error {
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, w.runtime); err != nil {
		return err
	}
	const i32 = api.ValueTypeI32
	_, err := w.runtime.NewHostModuleBuilder("bench").
		NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(wazeroEventRead), []api.ValueType{i32, i32}, []api.ValueType{i32}).Export("event_read").
		NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(wazeroResponseWrite), []api.ValueType{i32, i32}, nil).Export("response_write").
		Instantiate(ctx)
	if err != nil {
		return err
	}
	w.module, err = w.runtime.CompileModule(ctx, module)
	return err
}

// wazeroInstance configures a reactor that sees the system's clocks and
// randomness, as every contender's does.
func wazeroInstance() wazero.ModuleConfig {
	return wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize").
		WithSysWalltime().WithSysNanotime().WithRandSource(rand.Reader)
}

// exchangeKey finds the exchange in the context of a call.
type exchangeKey struct{}

func (w *wazeroRuntime) Answer(ctx context.Context, event []byte) ([]byte, error) {
	x := &exchange{event: event}
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	if w.deadline {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	instance, err := w.runtime.InstantiateModule(ctx, w.module, wazeroInstance())
	if err != nil {
		return nil, err
	}
	defer instance.Close(ctx)
	var stack [1]uint64
	if err := instance.ExportedFunction("handle").CallWithStack(ctx, stack[:]); err != nil {
		return nil, err
	}
	return x.response, handled(uint32(stack[0]))
}

func wazeroEventRead(ctx context.Context, guest api.Module, stack []uint64) {
	n, err := ctx.Value(exchangeKey{}).(*exchange).read(wazeroMemory(guest), uint32(stack[0]), uint32(stack[1]))
	if err != nil {
		panic(err) // a trap
	}
	stack[0] = uint64(n)
}

func wazeroResponseWrite(ctx context.Context, guest api.Module, stack []uint64) {
	if err := ctx.Value(exchangeKey{}).(*exchange).write(wazeroMemory(guest), uint32(stack[0]), uint32(stack[1])); err != nil {
		panic(err)
	}
}

func wazeroMemory(guest api.Module) []byte {
	memory, _ := guest.Memory().Read(0, guest.Memory().Size())
	return memory
}

func (w *wazeroRuntime) Close() error { return w.runtime.Close(context.Background()) }
