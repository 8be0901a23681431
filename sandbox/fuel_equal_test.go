package sandbox

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// slicing is an engine whose instances are granted their fuel in slices of one
// size, which the test changes between invocations.
type slicing struct {
	engine.Engine
	size uint64
}

func (s *slicing) Compile(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	m, err := s.Engine.Compile(ctx, b, host)
	return sliced{m, s}, err
}

type sliced struct {
	engine.Module
	by *slicing
}

func (m sliced) Instantiate(ctx context.Context, cfg engine.InstanceConfig) (engine.Instance, error) {
	cfg.Slice = m.by.size
	return m.Module.Instantiate(ctx, cfg)
}

// spent is what one invocation came to, and the fuel that it took.
type spent struct {
	Response, Err string
	Calls, Fuel   uint64
}

func runSpending(t *testing.T, s *Sandbox, r Request) spent {
	t.Helper()
	in, err := entered(s, &r)
	if err != nil {
		t.Fatal(err)
	}
	defer s.pool.give(in)
	res, err := in.run(t.Context(), &r)
	got := spent{Response: string(res.Response), Calls: res.Usage.HostCalls, Fuel: in.live.Meter().Used()}
	if err != nil {
		got.Err = err.Error()
	}
	return got
}

// TestEqualFuel: with the same event and the same answers of the host an
// invocation takes the same fuel, in every run, however much of it is granted at
// once, compiled or interpreted, and on wasmtime. The answers are those of a first run, in which
// clocks, randomness and calls were real.
func TestEqualFuel(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	engines := map[string]*slicing{}
	for name, cfg := range map[string]wazero.Config{"compiled": {}, "interpreted": {Interpreter: true}} {
		eng, err := wazero.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { eng.Close() })
		engines[name] = &slicing{Engine: eng}
	}
	order := []string{"compiled", "interpreted"} // the first says what it is to be
	if OnWasmtime {
		order = append(order, "on wasmtime")
		eng, err := OpenEngine("")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { eng.Close() })
		engines["on wasmtime"] = &slicing{Engine: eng}
	}
	config := Config{Limits: Limits{Time: 10 * time.Minute, Init: 10 * time.Minute}, Calls: Calls{
		"price.lookup": func(context.Context, []byte) ([]byte, error) { return []byte(`{"cents":1999}`), nil },
		"race":         func(context.Context, []byte) ([]byte, error) { return []byte("1"), nil },
	}}
	const greeting = `{"name":"Ada","n":41}`
	for _, guest := range []struct {
		name, wasm, event string
		fails             bool
	}{
		{"Go", buildGo(t, "testdata/go/tape"), `{"calls":3}`, false},
		{"C", "testdata/guests/c/json.wasm", greeting, false},
		{"C that calls", "testdata/guests/c/call.wasm", `{"item":"teapot"}`, false},
		{"C with files", "testdata/guests/c/files.wasm", `{}`, false},
		{"C as a program", "testdata/guests/c/stdio.wasm", greeting, false},
		{"C that traps", "testdata/guests/c/bad.wasm", `"div0"`, true},
		{"AssemblyScript", "testdata/guests/assemblyscript/json.wasm", greeting, false},
		{"AssemblyScript as a program", "testdata/guests/assemblyscript/stdio.wasm", greeting, false},
	} {
		t.Run(guest.name, func(t *testing.T) {
			wasm, err := os.ReadFile(guest.wasm)
			if err != nil {
				t.Fatal(err)
			}
			event, id := []byte(guest.event), "r-1"
			recorder := &Recorder{}
			var want spent
			for _, how := range order {
				eng := engines[how]
				eng.size = 0
				box, err := New(t.Context(), eng, wasm, config)
				if err != nil {
					t.Fatal(err)
				}
				defer box.Close()
				sizes := []uint64{0, 0, 1, 7, 1000, 1_000_000}
				switch how {
				case "interpreted":
					sizes = []uint64{0, 1000}
				case "compiled":
					want = runSpending(t, box, Request{Event: event, ID: id, Tape: recorder})
					if (want.Err != "") != guest.fails || want.Fuel < 100 {
						t.Fatalf("it came to %+v", want)
					}
				}
				for _, eng.size = range sizes {
					got := runSpending(t, box, Request{Event: event, ID: id, Tape: &Player{Answers: recorder.Answers}})
					if got != want {
						t.Errorf("%s, in slices of %d:\n%+v, want\n%+v", how, eng.size, got, want)
					}
				}
			}
		})
	}
}

// TestMoreFuelForMore: a longer event takes more fuel, so that TestEqualFuel compares
// what can differ.
func TestMoreFuelForMore(t *testing.T) {
	wasm, err := os.ReadFile("testdata/guests/c/json.wasm")
	if err != nil {
		t.Fatal(err)
	}
	box, err := New(t.Context(), engineForTapes(t), wasm, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	short := runSpending(t, box, Request{Event: []byte(`{"name":"Ada","n":41}`)})
	long := runSpending(t, box, Request{Event: []byte(`{"name":"Augusta Ada King","n":41}`)})
	if short.Err != "" || long.Err != "" || long.Fuel <= short.Fuel {
		t.Errorf("a short event took %+v, a longer one %+v", short, long)
	}
}
