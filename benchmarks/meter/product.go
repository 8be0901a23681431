package main

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// product is the engine that Lambent runs on, with what it does beside metering:
// its memory, its limits, its host functions.
type product struct {
	engine engine.Engine
	host   *engine.Host
}

func newProduct() (*product, error) {
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		return nil, err
	}
	var funcs []engine.HostFunc
	for _, f := range wasi() {
		results := []engine.ValueType{engine.I32}
		if f.exits {
			results = nil
		}
		funcs = append(funcs, engine.HostFunc{Module: wasiModule, Name: f.name, Params: f.params, Results: results, Call: productFunc(f)})
	}
	return &product{eng, engine.NewHost(funcs...)}, nil
}

func productFunc(f wasiFunc) func(context.Context, engine.Instance, []uint64) {
	return func(_ context.Context, in engine.Instance, stack []uint64) {
		if errno := f.call(in.Data().(*world), in.Memory(), stack); !f.exits {
			stack[0] = uint64(errno)
		}
	}
}

// compile implements entrant.
func (p *product) compile(ctx context.Context, b *engine.Binary) (contender, error) {
	module, err := p.engine.Compile(ctx, b, p.host)
	if err != nil {
		return nil, err
	}
	return &productContender{module}, nil
}

// productContender implements contender.
type productContender struct{ module engine.Module }

func (c *productContender) instantiate(ctx context.Context) (instance, error) {
	in, err := c.module.Instantiate(ctx, engine.InstanceConfig{Data: &world{}})
	if err != nil {
		return nil, err
	}
	return &productInstance{in}, nil
}

func (c *productContender) close() error { return c.module.Close() }

// productInstance implements instance.
type productInstance struct{ guest engine.Instance }

func (in *productInstance) call(ctx context.Context, function string, stack []uint64) error {
	return in.guest.Func(function).Call(ctx, stack)
}

func (in *productInstance) used() int64 { return int64(in.guest.Meter().Used()) }

func (in *productInstance) close() error { return in.guest.Close() }
