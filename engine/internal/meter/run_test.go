package meter

import (
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// features are those that the engines run.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall |
	experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling

var (
	errSpent = errors.New("the budget is spent")
	errDeep  = errors.New("the stack is used up")
)

// host runs metered modules and grants them slices out of a budget.
type host struct {
	wazero.Runtime
	slice, budget int64
	granted       int64
	asked         int
}

func newHost(t testing.TB, slice, budget int64) *host {
	t.Helper()
	return newHostOf(t, wazero.NewRuntimeConfigCompiler(), slice, budget)
}

// newHostOf runs them on the compiler or the interpreter.
func newHostOf(t testing.TB, config wazero.RuntimeConfig, slice, budget int64) *host {
	t.Helper()
	ctx := context.Background()
	h := &host{slice: slice, budget: budget}
	h.Runtime = wazero.NewRuntimeWithConfig(ctx, config.WithCoreFeatures(features))
	t.Cleanup(func() { h.Close(ctx) })
	_, err := h.NewHostModuleBuilder(ImportModule).NewFunctionBuilder().
		WithFunc(func(current int64) int64 {
			h.asked++
			if h.granted-current >= h.budget {
				panic(errSpent)
			}
			grant := h.slice
			if current < 0 {
				grant = (-current + h.slice) / h.slice * h.slice
			}
			h.granted += grant
			return current + grant
		}).Export(ImportName).
		NewFunctionBuilder().WithFunc(func() { panic(errDeep) }).Export(OverflowName).
		Instantiate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// instance instantiates a module, and counts from 0.
func (h *host) instance(t testing.TB, binary []byte) (api.Module, error) {
	t.Helper()
	h.granted, h.asked = 0, 0
	return h.InstantiateWithConfig(context.Background(), binary, wazero.NewModuleConfig().WithName("").WithStartFunctions())
}

// used is what an instance has been charged.
func (h *host) used(t testing.TB, m api.Module) int64 {
	t.Helper()
	return h.granted - int64(m.ExportedGlobal(Global).Get())
}

// instrument reads and meters a module.
func instrument(t testing.TB, binary []byte) []byte {
	t.Helper()
	m, err := wasm.Read(binary, wasm.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := Instrument(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
