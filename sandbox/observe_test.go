package sandbox

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// TestObserveIsTheSameOnEveryEngine: what a recorded invocation comes to is what it
// comes to when it is played on wazero's compiler, its interpreter and, where tests
// run on it, wasmtime.
func TestObserveIsTheSameOnEveryEngine(t *testing.T) {
	interpreter, err := wazero.New(wazero.Config{Interpreter: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { interpreter.Close() })
	compiler, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { compiler.Close() })
	others := map[string]engine.Engine{"compiled": compiler, "interpreted": interpreter}
	for _, guest := range []struct {
		name, event string
		fails       bool
	}{
		{"json", `{"name":"Ada","n":41}`, false},
		{"context", `{}`, false},
		{"stdio", `{"name":"Ada","n":41}`, false},
		{"files", `{}`, false},
		{"bad", `"trap"`, true},
		{"bad", `"div0"`, true},
	} {
		wasm, err := os.ReadFile("testdata/guests/c/" + guest.name + ".wasm")
		if err != nil {
			t.Fatal(err)
		}
		config := Config{Limits: Limits{Time: 10 * time.Minute, Init: 10 * time.Minute}}
		observe := func(eng engine.Engine, tape Tape) (Observation, *FunctionError) {
			box, err := New(t.Context(), eng, wasm, config)
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			o, err := box.Observe(t.Context(), Request{Event: []byte(guest.event), ID: "r-1", Tape: tape})
			failed, ok := errors.AsType[*FunctionError](err)
			if err != nil && !ok {
				t.Fatalf("%s: %v", guest.name, err)
			}
			o.Usage.Init, o.Usage.Duration = 0, 0
			return o, failed
		}
		recorder := &Recorder{}
		want, failed := observe(engineForTapes(t), recorder)
		if (failed != nil) != guest.fails || want.MemorySize == 0 || want.Usage.Fuel == 0 {
			t.Fatalf("%s %s: it came to %+v, %v", guest.name, guest.event, want, failed)
		}
		for how, eng := range others {
			got, err := observe(eng, &Player{Answers: recorder.Answers})
			if !reflect.DeepEqual(got, want) || (err == nil) != (failed == nil) || err != nil && err.Type != failed.Type {
				t.Errorf("%s %s, %s:\n%+v, %v\nwant\n%+v, %v", guest.name, guest.event, how, got, err, want, failed)
			}
		}
	}
}

// TestObserveSees that another event, log or memory is another observation.
func TestObserveSees(t *testing.T) {
	wasm, err := os.ReadFile("testdata/guests/c/json.wasm")
	if err != nil {
		t.Fatal(err)
	}
	box, err := New(t.Context(), engineForTapes(t), wasm, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	one, err := box.Observe(t.Context(), Request{Event: []byte(`{"name":"Ada","n":1}`), Tape: &Recorder{}})
	if err != nil {
		t.Fatal(err)
	}
	two, err := box.Observe(t.Context(), Request{Event: []byte(`{"name":"Ada","n":2}`), Tape: &Recorder{}})
	if err != nil {
		t.Fatal(err)
	}
	if one.Memory == two.Memory || string(one.Response) == string(two.Response) {
		t.Errorf("two events came to the same: %+v", two)
	}
	if _, err := box.Observe(t.Context(), Request{}); !errors.Is(err, ErrRequest) {
		t.Errorf("without a tape: %v", err)
	}
	var left *TapeError
	if _, err := box.Observe(t.Context(), Request{ID: "r", Tape: &Player{}}); !errors.As(err, &left) {
		t.Errorf("with an empty tape: %v", err)
	}
}

// TestDigestTakesNaNsForOne, and no other words.
func TestDigestTakesNaNsForOne(t *testing.T) {
	digest := func(words ...uint64) [32]byte {
		var b []byte
		for _, w := range words {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		return digestOf(b)
	}
	nan := math.Float64bits(math.NaN())
	for name, c := range map[string]struct {
		one, two uint64
		alike    bool
	}{
		"signs":             {0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000, true},
		"Go's":              {nan, 0xfff8_0000_0000_0000, true},
		"32 bits":           {0x7fc0_0000_0000_0007, 0xffc0_0000_0000_0007, true},
		"32 bits, below":    {0x0000_0007_7fc0_0000, 0x0000_0007_ffc0_0000, true},
		"beside another":    {0x7fc0_0000_0000_0007, 0xffc0_0000_0000_0008, false},
		"payloads":          {0x7ff8_0000_0000_0002, 0x7ff8_0000_0000_0003, false},
		"infinities":        {0x7ff0_0000_0000_0000, 0xfff0_0000_0000_0000, false},
		"infinity and NaN":  {0x7ff0_0000_0000_0000, nan, false},
		"negative integers": {^uint64(0), ^uint64(1), false},
	} {
		if got := digest(1, c.one, 2) == digest(1, c.two, 2); got != c.alike {
			t.Errorf("%s: alike is %v, want %v", name, got, c.alike)
		}
	}
}
