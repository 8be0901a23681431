package wazero

import (
	"context"
	"fmt"
	"strings"

	wz "github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/binding"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// hostKey names a host module: the functions of a host in one module. Where a
// name is offered with several signatures, variant lists which were taken, if
// not the first.
type hostKey struct {
	host            *engine.Host
	module, variant string
}

// bind returns the host modules that offer what was chosen. They are built once
// and shared by all guests: each takes a mapping of executable memory, of which
// a process has some ten thousands.
func (be *backend) bind(host *engine.Host, chosen binding.Choice) (map[string]api.Module, error) {
	be.mu.Lock()
	defer be.mu.Unlock()
	hosts := make(map[string]api.Module, len(chosen))
	for module, names := range chosen {
		funcs, variant := selectFuncs(host, module, names)
		key := hostKey{host, module, variant}
		m, ok := be.hosts[key]
		if !ok {
			var err error
			if m, err = be.buildHost(module, funcs); err != nil {
				return nil, fmt.Errorf("wazero: host module %q: %w", module, err)
			}
			be.hosts[key] = m
		}
		hosts[module] = m
	}
	if be.meter == nil {
		var err error
		if be.meter, err = be.buildMeter(); err != nil {
			return nil, fmt.Errorf("wazero: the meter: %w", err)
		}
	}
	hosts[meter.ImportModule] = be.meter
	return hosts, nil
}

// selectFuncs returns the functions of module, one of each name: the chosen
// one, else the first.
func selectFuncs(host *engine.Host, module string, chosen map[string]int) (funcs []*engine.HostFunc, variant string) {
	var key strings.Builder
	taken := make(map[string]bool)
	all := host.Funcs()
	for i := range all {
		f := &all[i]
		if f.Module != module || taken[f.Name] {
			continue
		}
		taken[f.Name] = true
		if j, ok := chosen[f.Name]; ok && j != i {
			f = &all[j]
			fmt.Fprintf(&key, "%d ", j)
		}
		funcs = append(funcs, f)
	}
	return funcs, key.String()
}

func (be *backend) buildHost(name string, funcs []*engine.HostFunc) (m api.Module, err error) {
	defer func() {
		if r := recover(); r != nil { // a value type that wazero does not know
			err = fmt.Errorf("%v", r)
		}
	}()
	builder := be.runtime.NewHostModuleBuilder(name)
	for _, f := range funcs {
		builder.NewFunctionBuilder().
			WithGoModuleFunction(goFunc(f), valueTypes(f.Params), valueTypes(f.Results)).
			Export(f.Name)
	}
	return be.instantiateHost(builder)
}

func (be *backend) instantiateHost(builder wz.HostModuleBuilder) (m api.Module, err error) {
	defer func() {
		if r := recover(); r != nil { // the runtime was closed meanwhile
			err = fmt.Errorf("%v", r)
		}
	}()
	ctx := context.Background()
	compiled, err := builder.Compile(ctx)
	if err != nil {
		return nil, err
	}
	return be.runtime.InstantiateModule(ctx, compiled, anonymous())
}

func valueTypes(types []engine.ValueType) []api.ValueType {
	out := make([]api.ValueType, len(types))
	for i, t := range types {
		out[i] = api.ValueType(t)
	}
	return out
}

// goFunc adapts f to wazero.
func goFunc(f *engine.HostFunc) api.GoModuleFunc {
	narrow := narrowSlots(f.Results)
	return func(ctx context.Context, _ api.Module, stack []uint64) {
		c := callOf(ctx)
		c.in.meter.Charge(c.Context, engine.HostCallFuel)
		defer func() {
			if r := recover(); r != nil {
				panic(binding.Panicked(f, r))
			}
		}()
		f.Call(c.Context, c.in, stack)
		// The interpreter would compute with what is left in the upper halves.
		for _, i := range narrow {
			stack[i] = uint64(uint32(stack[i]))
		}
	}
}

// narrowSlots returns the indices of 32-bit values.
func narrowSlots(types []engine.ValueType) []int {
	var slots []int
	for i, t := range types {
		if t == engine.I32 || t == engine.F32 {
			slots = append(slots, i)
		}
	}
	return slots
}
