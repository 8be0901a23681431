package enginetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// testConcurrency runs many instances of one module at once, some of which
// trap or are stopped. Every host call must reach the data of its instance.
func testConcurrency(t *testing.T, eng engine.Engine) {
	const goroutines, rounds = 32, 25
	errStop := errors.New("stop")
	module := check(t, memoryModule(1, NoMax,
		Trampoline{Module: "env", Name: "check", Params: Types{I32}},
		Trampoline{Module: "env", Name: "stop", Params: Types{I32}}))
	i32 := []engine.ValueType{engine.I32}
	host := engine.NewHost(
		hostFunc("check", i32, nil, func(ctx context.Context, in engine.Instance, stack []uint64) {
			want := uint32(stack[0])
			if got, ok := in.Data().(uint32); !ok || got != want {
				t.Errorf("the call of instance %d reached the data %v", want, in.Data())
			}
			in.Memory().PutUint32(100, want)
		}),
		hostFunc("stop", i32, nil, func(context.Context, engine.Instance, []uint64) { engine.Stop(errStop) }),
	)
	var group sync.WaitGroup
	for g := range uint32(goroutines) {
		group.Go(func() {
			m, err := eng.Compile(context.Background(), module, host)
			if err != nil {
				t.Errorf("Compile: %v", err)
				return
			}
			defer m.Close()
			for r := range uint32(rounds) {
				id := g*rounds + r
				in, err := m.Instantiate(context.Background(), engine.InstanceConfig{Data: id, MemoryLimit: 3 * page})
				if err != nil {
					t.Errorf("Instantiate: %v", err)
					return
				}
				use(t, in, id, errStop)
				if err := in.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
		})
	}
	group.Wait()
}

// use has one instance do everything once and ends it in one of three ways.
func use(t *testing.T, in engine.Instance, id uint32, errStop error) {
	run := func(name string, params ...uint64) (uint64, error) {
		return call(context.Background(), t, in, name, params...)
	}
	if _, err := run("check", uint64(id)); err != nil {
		t.Errorf("check: %v", err)
	}
	if v, ok := in.Memory().Uint32(100); !ok || v != id {
		t.Errorf("instance %d holds %d", id, v)
	}
	if v, err := run("grow", 2); err != nil || uint32(v) != 1 {
		t.Errorf("grow: %d, %v", v, err)
	}
	if v, err := run("load", 100); err != nil || uint32(v) != id&0xff {
		t.Errorf("load: %d, %v", v, err)
	}
	switch id % 3 {
	case 1:
		var trap *engine.Trap
		if _, err := run("load", 3*page); !errors.As(err, &trap) {
			t.Errorf("load outside: %v", err)
		}
	case 2:
		if _, err := run("stop", 0); err != errStop {
			t.Errorf("stop: %v", err)
		}
	}
}

func testClose(t *testing.T, eng engine.Engine) {
	b := memoryModule(1, NoMax)
	binary, host := check(t, b), engine.NewHost()
	m, err := eng.Compile(context.Background(), binary, host)
	if err != nil {
		t.Fatal(err)
	}
	again, err := eng.Compile(context.Background(), binary, host)
	if err != nil {
		t.Fatal(err)
	}
	in := instantiate(t, m, engine.InstanceConfig{})
	size := in.Func("size")
	for range 2 {
		if err := in.Close(); err != nil {
			t.Errorf("closing the instance: %v", err)
		}
	}
	if len(in.Memory()) != 0 {
		t.Error("a closed instance has memory")
	}
	if err := size.Call(context.Background(), make([]uint64, 1)); err == nil {
		t.Error("a function of a closed instance runs")
	}
	for range 2 {
		if err := m.Close(); err != nil {
			t.Errorf("closing the module: %v", err)
		}
	}
	if in, err := m.Instantiate(context.Background(), engine.InstanceConfig{}); err == nil {
		in.Close()
		t.Error("a closed module makes instances")
	}
	// The same code, compiled a second time, is another module.
	if v := must(t, instantiate(t, again, engine.InstanceConfig{}), "size"); uint32(v) != 1 {
		t.Errorf("size = %d after the other module was closed", v)
	}
	for range 2 {
		if err := again.Close(); err != nil {
			t.Errorf("closing the module: %v", err)
		}
	}
	for range 2 {
		if err := eng.Close(); err != nil {
			t.Errorf("closing the engine: %v", err)
		}
	}
	if m, err := eng.Compile(context.Background(), binary, host); err == nil {
		m.Close()
		t.Error("a closed engine compiles")
	}
}
