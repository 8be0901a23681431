package compute

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// Product is one of Lambent's engines, with what it does beside metering: its
// memory, its limits, its host functions. It closes the engine.
func Product(name string, eng engine.Engine) Entrant {
	var funcs []engine.HostFunc
	for _, f := range WASI() {
		funcs = append(funcs, engine.HostFunc{Module: WASIModule, Name: f.Name, Params: f.Params, Results: f.Results(), Call: productFunc(f)})
	}
	host := engine.NewHost(funcs...)
	compile := func(ctx context.Context, p *Program) (Contender, error) {
		module, err := eng.Compile(ctx, p.Binary, host)
		if err != nil {
			return nil, err
		}
		return &productContender{module}, nil
	}
	return Entrant{Name: name, Charges: true, Compile: compile, Close: eng.Close}
}

func productFunc(f WASIFunc) func(context.Context, engine.Instance, []uint64) {
	return func(_ context.Context, in engine.Instance, stack []uint64) {
		f.Answer(in.Data().(*World), in.Memory(), stack)
	}
}

// productContender implements Contender.
type productContender struct{ module engine.Module }

func (c *productContender) Instantiate(ctx context.Context) (Instance, error) {
	in, err := c.module.Instantiate(ctx, engine.InstanceConfig{Data: &World{}})
	if err != nil {
		return nil, err
	}
	return &productInstance{in}, nil
}

func (c *productContender) Close() error { return c.module.Close() }

// productInstance implements Instance.
type productInstance struct{ guest engine.Instance }

func (in *productInstance) Call(ctx context.Context, function string, stack []uint64) error {
	return in.guest.Func(function).Call(ctx, stack)
}

func (in *productInstance) Used() int64 { return int64(in.guest.Meter().Used()) }

func (in *productInstance) Close() error { return in.guest.Close() }
