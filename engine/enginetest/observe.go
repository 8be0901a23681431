package enginetest

import (
	"context"
	"errors"
	"fmt"
	"hash/crc64"
	"math"
	"strings"

	"github.com/lambent-dev/lambent/engine"
)

// budget is the fuel of one call of a random module: some never end.
const budget = 100_000

// observed is what can be seen of a module that runs.
type observed struct {
	text  strings.Builder
	calls uint64 // of the host
	trace uint64 // the CRC of what it was given
}

var ecma = crc64.MakeTable(crc64.ECMA)

// answer notes a value that the host was given, and returns another.
func (o *observed) answer(t engine.ValueType, bits uint64) uint64 {
	o.calls++
	bits = alike(t, bits)
	o.trace = crc64.Update(o.trace, ecma, fmt.Appendf(nil, "%v %x", t, bits))
	bits = (bits + o.calls) * 0x9e3779b97f4a7c15
	if t == engine.I32 || t == engine.F32 {
		bits = uint64(uint32(bits >> 32))
	}
	return bits
}

// alike makes all NaNs one.
func alike(t engine.ValueType, bits uint64) uint64 {
	switch f32 := math.Float32frombits(uint32(bits)); {
	case t == engine.F32 && f32 != f32:
		return 0x7fc00000
	case t == engine.F32 || t == engine.I32:
		return uint64(uint32(bits))
	case t == engine.F64 && math.IsNaN(math.Float64frombits(bits)):
		return 0x7ff8000000000000
	}
	return bits
}

// observing is what random modules import: env.see-…, which takes and returns a value
// of one type, and fuzzing-support.log-…. It is one for all, as an engine keeps what
// it made of each Host.
var observing = func() *engine.Host {
	var list []engine.HostFunc
	for _, t := range allTypes {
		one := []engine.ValueType{t}
		list = append(list,
			engine.HostFunc{Module: "env", Name: "see-" + t.String(), Params: one, Results: one,
				Call: func(_ context.Context, in engine.Instance, stack []uint64) {
					stack[0] = in.Data().(*observed).answer(t, stack[0])
				}},
			engine.HostFunc{Module: "fuzzing-support", Name: "log-" + t.String(), Params: one,
				Call: func(_ context.Context, in engine.Instance, stack []uint64) { in.Data().(*observed).answer(t, stack[0]) }})
	}
	return engine.NewHost(list...)
}()

// Observe runs a module on an engine and returns what can be seen: for each call of
// an exported function that takes and returns numbers, results, failure and fuel;
// what the host was asked, and what lies in memory at the end. All NaNs look alike.
// It stops at the first failure. What must not differ between engines does not.
func Observe(ctx context.Context, eng engine.Engine, wasm []byte) (string, error) {
	binary, err := engine.Check(wasm, engine.ModuleLimits{})
	if err != nil {
		return "", err
	}
	o := &observed{}
	m, err := eng.Compile(ctx, binary, observing)
	if err != nil {
		return "", err
	}
	defer m.Close()
	in, err := m.Instantiate(ctx, engine.InstanceConfig{MemoryLimit: 16 << 20, Data: o})
	if err != nil {
		o.note(err)
		return o.text.String(), nil
	}
	defer in.Close()
	for _, ex := range binary.Exports {
		if ex.Kind != engine.KindFunc || !numbers(ex.Params) || !numbers(ex.Results) {
			continue
		}
		if !o.call(ctx, in, ex) {
			break
		}
	}
	fmt.Fprintf(&o.text, "host: %d calls, %x\nmemory: %d bytes, %x\n", o.calls, o.trace, len(in.Memory()), crc64.Checksum(in.Memory(), ecma))
	return o.text.String(), nil
}

func numbers(types []engine.ValueType) bool {
	for _, t := range types {
		if t < engine.F64 || t > engine.I32 {
			return false
		}
	}
	return true
}

// call calls a function three times, with other parameters each.
func (o *observed) call(ctx context.Context, in engine.Instance, ex engine.Export) (ok bool) {
	f := in.Func(ex.Name)
	for round := range 3 {
		stack := make([]uint64, max(len(ex.Params), len(ex.Results)))
		for i, t := range ex.Params {
			stack[i] = samples[round][indexOf(t)]
		}
		in.Meter().Begin(budget)
		err := f.Call(ctx, stack)
		fmt.Fprintf(&o.text, "%q, %d fuel:", ex.Name, in.Meter().Used())
		if err != nil {
			o.note(err)
			return false
		}
		for i, t := range ex.Results {
			fmt.Fprintf(&o.text, " %x", alike(t, stack[i]))
		}
		o.text.WriteString("\n")
	}
	return true
}

// indexOf is the place of a type in allTypes.
func indexOf(t engine.ValueType) int { return int(engine.I32 - t) }

// note notes a failure: the kind of a trap, and no engine's words.
func (o *observed) note(err error) {
	trap, trapped := errors.AsType[*engine.Trap](err)
	switch {
	case trapped:
		fmt.Fprintf(&o.text, " trap: %s\n", trap.Kind)
	case errors.Is(err, engine.ErrOutOfFuel):
		o.text.WriteString(" out of fuel\n")
	default:
		fmt.Fprintf(&o.text, " %v\n", err)
	}
}
