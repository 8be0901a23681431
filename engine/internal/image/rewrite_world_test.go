package image

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/meter"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// world runs modules on wazero: as they are, or rewritten, with the host doing
// its part.
type world struct {
	wazero.Runtime
	t        testing.TB
	rewrites bool
	modules  map[string]api.Module // what imports find, beside the meter

	segments, starts int // that the host applied and called
}

func newWorld(t testing.TB, rewrites bool, config wazero.RuntimeConfig) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{
		Runtime:  wazero.NewRuntimeWithConfig(ctx, config.WithCoreFeatures(features)),
		t:        t,
		rewrites: rewrites, modules: map[string]api.Module{},
	}
	t.Cleanup(func() { w.Close(ctx) })
	_, err := w.NewHostModuleBuilder(meter.ImportModule).
		NewFunctionBuilder().WithFunc(func(int64) int64 { return 1 << 40 }).Export(meter.ImportName).
		NewFunctionBuilder().WithFunc(func() { engine.Stop(&engine.Trap{Kind: engine.TrapStackOverflow}) }).Export("overflow").
		Instantiate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// instantiate makes an instance, with its data, start function called.
func (w *world) instantiate(binary []byte, config wazero.ModuleConfig) (api.Module, error) {
	ctx := experimental.WithImportResolver(context.Background(), func(name string) api.Module {
		if m, ok := w.modules[name]; ok {
			return m
		}
		return nil
	})
	config = config.WithName("").WithStartFunctions()
	if !w.rewrites {
		m, err := w.InstantiateWithConfig(ctx, binary, config)
		return m, err
	}
	module, err := wasm.Read(binary, wasm.Limits{})
	if err != nil {
		return nil, err
	}
	p, err := Rewrite(module, bounds)
	if err != nil {
		return nil, err
	}
	m, err := w.InstantiateWithConfig(ctx, p.Module, config)
	if err != nil {
		return nil, err
	}
	if err := p.Apply(contents(m)); err != nil {
		return nil, err
	}
	w.segments += len(segments(w.t, p))
	if p.Start != "" {
		w.starts++
		if _, err := m.ExportedFunction(p.Start).Call(ctx); err != nil {
			return nil, err
		}
	}
	for i, g := range p.Globals {
		found := m.ExportedGlobal(g.Export)
		if found == nil || found.Type() != api.ValueType(g.Type) {
			return nil, fmt.Errorf("mutable global %d is not %v, but %v", i, g, found)
		}
	}
	return m, nil
}

// contents is a view of an instance's memory.
func contents(m api.Module) []byte {
	if memory := m.Memory(); memory == nil || reflect.ValueOf(memory).IsNil() {
		return nil
	}
	view, _ := m.Memory().Read(0, m.Memory().Size())
	return view
}

// reason is why a module trapped: the words that wazero, too, has for it.
func reason(err error) string {
	if err == nil {
		return ""
	}
	if trap, ok := errors.AsType[*engine.Trap](err); ok {
		return string(trap.Kind)
	}
	for _, kind := range []engine.TrapKind{
		engine.TrapUnreachable, engine.TrapMemoryBounds, engine.TrapTableBounds, engine.TrapIndirectType, engine.TrapDivideByZero,
		engine.TrapIntegerOverflow, engine.TrapInvalidToInteger, engine.TrapStackOverflow, engine.TrapException, engine.TrapAtomic,
	} {
		if strings.Contains(err.Error(), string(kind)) {
			return string(kind)
		}
	}
	return "another error"
}
