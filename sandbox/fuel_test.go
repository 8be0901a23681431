package sandbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// spent is what an event takes that must succeed.
func spent(t *testing.T, box *sandbox.Sandbox, event string) sandbox.Usage {
	t.Helper()
	res, err := box.Run(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	return res.Usage
}

// TestFuelLimit gives guests just enough, and half of it. (The last operations
// of a guest may not be checked, and be free.)
func TestFuelLimit(t *testing.T) {
	for _, c := range []struct{ name, event string }{
		{"c/json", `{"name":"Ada","n":41}`}, {"c/files", `{}`}, {"assemblyscript/json", `{"name":"Ada","n":41}`}, {"assemblyscript/stdio", `{"name":"Ada","n":41}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			limited := func(fuel uint64) *sandbox.Sandbox {
				return newBox(t, guest(t, c.name), sandbox.Config{Limits: sandbox.Limits{Fuel: fuel}})
			}
			unlimited := limited(0)
			need := spent(t, unlimited, c.event).Fuel
			if need < engine.HostCallFuel {
				t.Fatalf("it took %d units, less than a host call", need)
			}
			for range 3 {
				if got := spent(t, unlimited, c.event).Fuel; got != need {
					t.Errorf("it took %d units, then %d", need, got)
				}
			}
			if got := spent(t, limited(need), c.event).Fuel; got != need {
				t.Errorf("with %d units it took %d", need, got)
			}
			half := need / 2
			res, err := limited(half).Do(t.Context(), sandbox.Request{Event: []byte(c.event), ID: "r-1"})
			failed, ok := errors.AsType[*sandbox.FunctionError](err)
			if !ok || !reports(sandbox.TypeOutOfFuel)(err) || !errors.Is(err, engine.ErrOutOfFuel) {
				t.Fatalf("with %d units: %v", half, err)
			}
			if want := fmt.Sprintf("RequestId: r-1 Error: Task ran out of fuel after %d units", half); failed.Message != want {
				t.Errorf("the message is %q, want %q", failed.Message, want)
			}
			if res.Usage.Fuel != half || len(res.Response) > 0 {
				t.Errorf("it took %d units and answered %q", res.Usage.Fuel, res.Response)
			}
		})
	}
}

// TestFuelOfHostCalls: a guest gets as many bytes as it can pay for.
func TestFuelOfHostCalls(t *testing.T) {
	const fuel = 3_000_000
	wasm := handler(strings.Repeat("x", 60_000), func(f imports) [][]byte {
		return [][]byte{forever(wb.I32Const(2), wb.I32Const(text), wb.I32Const(60_000), wb.Call(f["log"]), wb.Drop), wb.I32Const(0)}
	})
	box := newBox(t, wasm, sandbox.Config{Limits: sandbox.Limits{Fuel: fuel}})
	res, err := box.Run(t.Context(), nil)
	if !reports(sandbox.TypeOutOfFuel)(err) {
		t.Fatalf("it ended with %v", err)
	}
	u := res.Usage
	if u.HostBytes > 16*fuel || u.HostBytes < 12*fuel || u.HostBytes > 60_000*u.HostCalls || u.HostBytes < 60_000*(u.HostCalls-1) {
		t.Errorf("%d bytes in %d calls for %d units", u.HostBytes, u.HostCalls, fuel)
	}
}

// TestFuelOfInit: only Limits.Init bounds the init phase.
func TestFuelOfInit(t *testing.T) {
	var b wb.Builder
	b.Memory(1, 1)
	b.ExportMemory()
	i32 := wb.Types{wb.I32}
	count := func(n int32) []byte {
		return wb.Cat(wb.I32Const(n), wb.LocalSet(0),
			wb.Loop(wb.Empty), wb.LocalGet(0), wb.I32Const(1), wb.I32Sub, wb.LocalTee(0), wb.BrIf(0), wb.End)
	}
	b.ExportFunc("lambent_init", b.Func(b.Type(nil, i32), i32, count(1_000_000), wb.I32Const(0)))
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), i32, count(100), wb.I32Const(0)))
	box := newBox(t, b.Bytes(), sandbox.Config{Limits: sandbox.Limits{Fuel: 2000}})
	if got := spent(t, box, "1").Fuel; got < 500 || got > 2000 {
		t.Errorf("handling took %d units", got)
	}
	// The manifest's fuel holds for who says no other.
	few := sandbox.Config{Manifest: sandbox.Manifest{Fuel: 100}}
	if _, err := newBox(t, b.Bytes(), few).Run(t.Context(), nil); !reports(sandbox.TypeOutOfFuel)(err) {
		t.Errorf("with the fuel of the manifest: %v", err)
	}
	few.Limits.Fuel = 2000
	spent(t, newBox(t, b.Bytes(), few), "1")
}

// TestFuelOfFailures: what a failed invocation took is known, too.
func TestFuelOfFailures(t *testing.T) {
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{Limits: sandbox.Limits{Fuel: 1 << 60}})
	fails := func(box *sandbox.Sandbox, deed string) uint64 {
		res, err := box.Run(t.Context(), []byte(deed))
		if _, ok := errors.AsType[*sandbox.FunctionError](err); !ok {
			t.Errorf("%s: %v", deed, err)
		}
		return res.Usage.Fuel
	}
	for _, deed := range []string{`"trap"`, `"exit7"`} {
		if fuel := fails(box, deed); fuel < engine.HostCallFuel {
			t.Errorf("%s: %d units", deed, fuel)
		}
	}
	// On a machine that is slow the time may be over before the guest does anything.
	for limit := briefly; ; limit *= 4 {
		box := newBox(t, guest(t, "c/bad"), sandbox.Config{Limits: sandbox.Limits{Time: limit, Fuel: 1 << 60}})
		fuel := fails(box, `"spin"`)
		if fuel >= engine.HostCallFuel {
			break
		}
		if limit > 10*time.Second {
			t.Fatalf("spin: %d units in %v", fuel, limit)
		}
	}
}
