package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/engine"
)

// What metered modules import and export.
const (
	meterModule = "__meter"
	fuelGlobal  = "__lambent_fuel"
)

// raw is wazero's compiler by itself. Whether it runs the plain or the metered
// form of a program, and whether code looks at the context, is all that differs.
type raw struct {
	runtime wazero.Runtime
	slice   int64 // of fuel, 0 if the program is not metered
}

func newRaw(ctx context.Context, closesOnDone bool, slice int64) (*raw, error) {
	config := wazero.NewRuntimeConfigCompiler().WithCloseOnContextDone(closesOnDone)
	r := &raw{runtime: wazero.NewRuntimeWithConfig(ctx, config), slice: slice}
	host := r.runtime.NewHostModuleBuilder(compute.WASIModule)
	for _, f := range compute.WASI() {
		host.NewFunctionBuilder().WithGoModuleFunction(rawFunc(f), rawTypes(f.Params), rawTypes(f.Results())).Export(f.Name)
	}
	_, err := host.Instantiate(ctx)
	if err == nil {
		i64 := []api.ValueType{api.ValueTypeI64}
		_, err = r.runtime.NewHostModuleBuilder(meterModule).
			NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(refill), i64, i64).Export("refill").
			NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(overflow), nil, nil).Export("overflow").
			Instantiate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *raw) close() error { return r.runtime.Close(context.Background()) }

func rawTypes(types []engine.ValueType) []api.ValueType {
	var out []api.ValueType
	for _, t := range types {
		out = append(out, api.ValueType(t))
	}
	return out
}

// compile compiles a program.
func (r *raw) compile(ctx context.Context, p *compute.Program) (compute.Contender, error) {
	module := p.Binary.Bytes()
	if r.slice > 0 {
		var err error
		if module, err = p.Binary.Metered(); err != nil {
			return nil, err
		}
	}
	compiled, err := r.runtime.CompileModule(ctx, module)
	if err != nil {
		return nil, err
	}
	return &rawContender{r, compiled}, nil
}

// rawContender implements compute.Contender.
type rawContender struct {
	raw    *raw
	module wazero.CompiledModule
}

func (c *rawContender) Close() error { return c.module.Close(context.Background()) }

func (c *rawContender) Instantiate(ctx context.Context) (compute.Instance, error) {
	in := &rawInstance{slice: c.raw.slice}
	var err error
	in.guest, err = c.raw.runtime.InstantiateModule(&rawCall{ctx, in}, c.module, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
	if c.raw.slice > 0 {
		if in.fuel = in.guest.ExportedGlobal(fuelGlobal); in.fuel == nil {
			return nil, errors.Join(fmt.Errorf("the metered module does not export %s", fuelGlobal), in.Close())
		}
	}
	return in, nil
}

// rawInstance implements compute.Instance.
type rawInstance struct {
	guest   api.Module
	world   compute.World
	fuel    api.Global // nil if the program is not metered
	slice   int64
	granted int64
}

func (in *rawInstance) Call(ctx context.Context, function string, stack []uint64) error {
	return in.guest.ExportedFunction(function).CallWithStack(&rawCall{ctx, in}, stack)
}

func (in *rawInstance) Used() int64 {
	if in.fuel == nil {
		return 0
	}
	return in.granted - int64(in.fuel.Get())
}

func (in *rawInstance) Close() error { return in.guest.Close(context.Background()) }

// rawCall takes the instance to the host functions.
type rawCall struct {
	context.Context
	in *rawInstance
}

type rawKey struct{}

// Value is for host functions that are called while wazero instantiates: then
// it wraps the context.
func (c *rawCall) Value(key any) any {
	if key == (rawKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func rawCallOf(ctx context.Context) *rawCall {
	if c, ok := ctx.(*rawCall); ok {
		return c
	}
	return ctx.Value(rawKey{}).(*rawCall)
}

func rawFunc(f compute.WASIFunc) api.GoModuleFunc {
	return func(ctx context.Context, guest api.Module, stack []uint64) {
		memory, _ := guest.Memory().Read(0, guest.Memory().Size())
		f.Answer(&rawCallOf(ctx).in.world, memory, stack)
	}
}

// refill does what the product does, without a budget: it stops a guest whose
// context is done or whose time is over, and grants one more slice.
func refill(ctx context.Context, _ api.Module, stack []uint64) {
	c := rawCallOf(ctx)
	if err := c.Err(); err != nil {
		panic(err)
	}
	if deadline, ok := c.Deadline(); ok && !time.Now().Before(deadline) {
		panic(context.DeadlineExceeded)
	}
	c.in.granted += c.in.slice - int64(stack[0])
	stack[0] = uint64(c.in.slice)
}

func overflow(context.Context, api.Module, []uint64) {
	panic(errors.New("the program calls too deep"))
}
