//go:build wasmtime && cgo && linux && amd64

package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/bytecodealliance/wasmtime-go/v39"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
)

// What metered modules import and export.
const (
	meterModule = "__meter"
	fuelGlobal  = "__lambent_fuel"
)

// slice is the fuel that guests are granted at once, as the engines do.
const slice = 100_000

// rawOptions are what a guest on wasmtime, by wasmtime's own package, has.
type rawOptions struct {
	metered bool
	epochs  bool // the clock that Lambent's engine has as a backstop
	nans    bool // one NaN for all
}

// raw is wasmtime by itself: what differs is what is asked for.
func raw(name string, o rawOptions) compute.Entrant {
	config := wasmtime.NewConfig()
	config.SetEpochInterruption(o.epochs)
	config.SetCraneliftNanCanonicalization(o.nans)
	engine := wasmtime.NewEngineWithConfig(config)
	compile := func(_ context.Context, p *compute.Program) (compute.Contender, error) {
		bytes := p.Binary.Bytes()
		if o.metered {
			var err error
			if bytes, err = p.Binary.Metered(); err != nil {
				return nil, err
			}
		}
		module, err := wasmtime.NewModule(engine, bytes)
		if err != nil {
			return nil, err
		}
		return &rawContender{o, engine, module}, nil
	}
	return compute.Entrant{Name: name, Compile: compile, Close: func() error { engine.Close(); return nil }}
}

// rawContender implements compute.Contender.
type rawContender struct {
	options rawOptions
	engine  *wasmtime.Engine
	module  *wasmtime.Module
}

func (c *rawContender) Close() error { c.module.Close(); return nil }

func (c *rawContender) Instantiate(ctx context.Context) (compute.Instance, error) {
	in := &rawInstance{store: wasmtime.NewStore(c.engine), ctx: ctx}
	if c.options.epochs {
		in.store.SetEpochDeadline(math.MaxUint32) // nothing moves the clock
	}
	i64 := []*wasmtime.ValType{wasmtime.NewValType(wasmtime.KindI64)}
	var imports []wasmtime.AsExtern
	for _, im := range c.module.Imports() {
		if im.Module() != meterModule {
			return nil, fmt.Errorf("it imports %s", im.Module())
		}
		f := wasmtime.NewFunc(in.store, wasmtime.NewFuncType(i64, i64), in.refill)
		if *im.Name() != "refill" {
			f = wasmtime.NewFunc(in.store, wasmtime.NewFuncType(nil, nil), overflow)
		}
		imports = append(imports, f)
	}
	var err error
	if in.guest, err = wasmtime.NewInstance(in.store, c.module, imports); err != nil {
		in.store.Close()
		return nil, err
	}
	if c.options.metered {
		in.fuel = in.guest.GetExport(in.store, fuelGlobal).Global()
	}
	return in, nil
}

// rawInstance implements compute.Instance.
type rawInstance struct {
	store   *wasmtime.Store
	guest   *wasmtime.Instance
	fuel    *wasmtime.Global // nil if the program is not metered
	granted int64
	ctx     context.Context // of the call under way
}

func (in *rawInstance) Call(ctx context.Context, function string, stack []uint64) error {
	in.ctx = ctx
	result, err := in.guest.GetFunc(in.store, function).Call(in.store, int32(stack[0]))
	if err == nil {
		stack[0] = uint64(result.(int64))
	}
	return err
}

func (in *rawInstance) Used() int64 {
	if in.fuel == nil {
		return 0
	}
	return in.granted - in.fuel.Get(in.store).I64()
}

func (in *rawInstance) Close() error { in.store.Close(); return nil }

// refill does what the engines do, without a budget: it stops a guest whose
// context is done or whose time is over, and grants one more slice.
func (in *rawInstance) refill(_ *wasmtime.Caller, args []wasmtime.Val) ([]wasmtime.Val, *wasmtime.Trap) {
	if in.ctx.Err() != nil {
		return nil, wasmtime.NewTrap("stopped")
	}
	if deadline, ok := in.ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return nil, wasmtime.NewTrap("out of time")
	}
	in.granted += slice - args[0].I64()
	return []wasmtime.Val{wasmtime.ValI64(slice)}, nil
}

func overflow(*wasmtime.Caller, []wasmtime.Val) ([]wasmtime.Val, *wasmtime.Trap) {
	return nil, wasmtime.NewTrap("the program calls too deep")
}
