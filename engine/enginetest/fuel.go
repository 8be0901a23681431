package enginetest

import (
	"context"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// work is a module whose function "work" of n takes n turns, each of which
// stores, calls a function of its own, and asks the host every eighth time.
func work() *Builder {
	var b Builder
	i32 := b.Type(Types{I32}, Types{I32})
	host := b.ImportFunc("env", "host", i32)
	b.Memory(1, 1)
	half := b.Func(i32, nil, LocalGet(0), I32Const(7), I32And, If(I32), LocalGet(0), Else, LocalGet(0), Call(host), End)
	b.ExportFunc("work", b.Func(i32, nil,
		Loop(Empty),
		I32Const(64), LocalGet(0), Call(half), I32Store(0),
		LocalGet(0), I32Const(1), I32Sub, LocalTee(0), BrIf(0),
		End, LocalGet(0)))
	return &b
}

// silent answers "host".
var silent = hostFunc("host", []engine.ValueType{engine.I32}, []engine.ValueType{engine.I32},
	func(context.Context, engine.Instance, []uint64) {})

// sliceSizes are sizes that must not matter.
var sliceSizes = []uint64{1, 7, 1000, 0, 1_000_000}

// testFuel: what is used depends on what is done, not on slices, budgets that
// suffice, or what was done before.
func testFuel(t *testing.T, eng engine.Engine) {
	ctx := context.Background()
	m := compile(t, eng, work(), silent)
	use := func(in engine.Instance, budget, turns uint64) uint64 {
		in.Meter().Begin(budget)
		if _, err := call(ctx, t, in, "work", turns); err != nil {
			t.Fatalf("with a budget of %d: %v", budget, err)
		}
		return in.Meter().Used()
	}
	var want uint64
	for _, slice := range sliceSizes {
		in := instantiate(t, m, engine.InstanceConfig{Slice: slice})
		got := use(in, 0, 1000)
		if want == 0 {
			want = got
		}
		if calls := uint64(1000 / 8 * engine.HostCallFuel); got != want || got < 1000+calls || got > 100*1000+calls {
			t.Errorf("slices of %d: %d units, want %d", slice, got, want)
		}
		if again := use(in, want, 1000); again != want {
			t.Errorf("slices of %d: %d units the second time, with just as much, want %d", slice, again, want)
		}
		if more := use(in, 0, 2000); more < want+want/2 || more > 3*want {
			t.Errorf("slices of %d: %d units for twice the work of %d", slice, more, want)
		}
	}
}

// testOutOfFuel: a budget ends the guest at one and the same place.
func testOutOfFuel(t *testing.T, eng engine.Engine) {
	ctx := context.Background()
	m := compile(t, eng, work(), silent)
	var memory []byte
	for _, budget := range []uint64{1, 100, 501, 12_345} {
		memory = nil
		for _, slice := range sliceSizes {
			in := instantiate(t, m, engine.InstanceConfig{Slice: slice})
			in.Meter().Begin(budget)
			_, err := call(ctx, t, in, "work", 1_000_000)
			if !errors.Is(err, engine.ErrOutOfFuel) {
				t.Errorf("budget %d, slices of %d: %v, want ErrOutOfFuel", budget, slice, err)
			}
			if used := in.Meter().Used(); used != budget {
				t.Errorf("budget %d, slices of %d: used %d", budget, slice, used)
			}
			at, _ := in.Memory().Slice(64, 4)
			if memory == nil {
				memory = append(memory, at...)
			}
			if string(memory) != string(at) {
				t.Errorf("budget %d, slices of %d: the guest came to %x, with other slices to %x", budget, slice, at, memory)
			}
		}
	}
}

// testHostCharges: a host function takes fuel, and ends a guest with what it
// takes.
func testHostCharges(t *testing.T, eng engine.Engine) {
	const units = 1_000_000
	charge := hostFunc("host", []engine.ValueType{engine.I32}, []engine.ValueType{engine.I32},
		func(ctx context.Context, in engine.Instance, _ []uint64) { in.Meter().Charge(ctx, units) })
	m := compile(t, eng, work(), charge)
	for _, slice := range sliceSizes {
		in := instantiate(t, m, engine.InstanceConfig{Slice: slice})
		in.Meter().Begin(0)
		must(t, in, "work", 8)
		if used := in.Meter().Used(); used < units+engine.HostCallFuel || used > units+2000 {
			t.Errorf("slices of %d: used %d, the host took %d", slice, used, units)
		}
		in.Meter().Begin(units / 2)
		if _, err := call(context.Background(), t, in, "work", 8); !errors.Is(err, engine.ErrOutOfFuel) {
			t.Errorf("slices of %d: %v, want ErrOutOfFuel", slice, err)
		}
	}
	// More than there is of anything.
	in := start(t, eng, work(), hostFunc("host", charge.Params, charge.Results,
		func(ctx context.Context, in engine.Instance, _ []uint64) {
			for range 3 {
				in.Meter().Charge(ctx, 1<<63)
			}
		}))
	in.Meter().Begin(1 << 63)
	if _, err := call(context.Background(), t, in, "work", 8); !errors.Is(err, engine.ErrOutOfFuel) {
		t.Errorf("%v, want ErrOutOfFuel", err)
	}
}

// testTrappedFuel: the fuel of a guest that trapped can be read.
func testTrappedFuel(t *testing.T, eng engine.Engine) {
	var b Builder
	b.ExportFunc("run", b.Func(b.Type(Types{I32}, nil), nil,
		Loop(Empty), LocalGet(0), I32Const(1), I32Sub, LocalTee(0), BrIf(0), End, Unreachable))
	m := compile(t, eng, &b)
	var want uint64
	for _, slice := range sliceSizes {
		in := instantiate(t, m, engine.InstanceConfig{Slice: slice})
		in.Meter().Begin(0)
		_, err := call(context.Background(), t, in, "run", 1000)
		if _, ok := errors.AsType[*engine.Trap](err); !ok {
			t.Fatalf("%v, want a trap", err)
		}
		got := in.Meter().Used()
		if want == 0 {
			want = got
		}
		if got != want || got < 5000 || got > 10_000 {
			t.Errorf("slices of %d: used %d, want %d", slice, got, want)
		}
	}
}
