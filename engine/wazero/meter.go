package wazero

import (
	"context"

	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// gauge is the global that holds an instance's fuel. It implements
// engine.Gauge.
type gauge struct{ global api.MutableGlobal }

func (g *gauge) Left() int64        { return int64(g.global.Get()) }
func (g *gauge) SetLeft(left int64) { g.global.Set(uint64(left)) }

// buildMeter builds the host module that metered modules import.
func (be *backend) buildMeter() (api.Module, error) {
	i64 := []api.ValueType{api.ValueTypeI64}
	builder := be.runtime.NewHostModuleBuilder(meter.ImportModule)
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(refill), i64, i64).Export(meter.ImportName)
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(overflow), nil, nil).Export(meter.OverflowName)
	return be.instantiateHost(builder)
}

// refill grants the guest more fuel, or stops it.
func refill(ctx context.Context, _ api.Module, stack []uint64) {
	c := callOf(ctx)
	stack[0] = uint64(c.in.meter.Refill(c.Context, int64(stack[0])))
}

// overflow ends a guest that has called too deep.
func overflow(context.Context, api.Module, []uint64) {
	engine.Stop(&engine.Trap{Kind: engine.TrapStackOverflow})
}
