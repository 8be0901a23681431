package wazero

import (
	"context"

	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// gauge is the global that holds an instance's fuel. It implements
// engine.Gauge. As long as the global is not known, which is while a host
// function is the start function, it holds the fuel itself.
type gauge struct {
	global api.MutableGlobal
	left   int64
}

func (g *gauge) Left() int64 {
	if g.global == nil {
		return g.left
	}
	return int64(g.global.Get())
}

func (g *gauge) SetLeft(left int64) {
	if g.global == nil {
		g.left = left
		return
	}
	g.global.Set(uint64(left))
}

// find takes the global from the guest. The start function's host calls come
// before wazero returns the guest.
func (g *gauge) find(guest api.Module) {
	if g.global != nil {
		return
	}
	if global, ok := guest.ExportedGlobal(meter.Global).(api.MutableGlobal); ok {
		g.global = global
		g.SetLeft(g.Left() + g.left)
	}
}

// buildMeter builds the host module that metered modules import.
func (be *backend) buildMeter() (api.Module, error) {
	i64 := []api.ValueType{api.ValueTypeI64}
	builder := be.runtime.NewHostModuleBuilder(meter.ImportModule)
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(refill), i64, i64).Export(meter.ImportName)
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(overflow), nil, nil).Export("overflow")
	return be.instantiateHost(builder)
}

// refill grants the guest more fuel, or stops it.
func refill(ctx context.Context, guest api.Module, stack []uint64) {
	c := callOf(ctx)
	c.in.gauge.find(guest)
	stack[0] = uint64(c.in.meter.Refill(c.Context, int64(stack[0])))
}

// overflow ends a guest that has called too deep.
func overflow(context.Context, api.Module, []uint64) {
	engine.Stop(&engine.Trap{Kind: engine.TrapStackOverflow})
}
