package host_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/sandbox"
)

// unguarded is wazero as it is, with the mistake that Lambent keeps from guests.
var unguarded = host.Engine{Name: "unguarded", New: func(host.EngineConfig) (engine.Engine, error) {
	return wazero.New(wazero.Config{Unguarded: true})
}}

func samples(events ...string) (list []host.SampleEvent) {
	for i, e := range events {
		list = append(list, host.SampleEvent{Name: fmt.Sprintf("events/%d.json", i+1), Event: []byte(e)})
	}
	return list
}

// TestVerifyCatchesAMiscompilation, a real one: the function never answers, and what
// was there before goes on.
func TestVerifyCatchesAMiscompilation(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the mistake is known of amd64")
	}
	h := openHost(t, host.Config{Engines: []host.Engine{unguarded}, Engine: unguarded.Name, Verifiers: second})
	ctx := t.Context()

	// Nothing but verification finds it.
	deploy(t, h, host.Deployment{Name: "unverified", Module: comparing()})
	if got := invoke(t, h, "unverified", `7`); got != "0" {
		t.Fatalf("the function answers %s: wazero compares right", got)
	}
	d := host.Deployment{Name: "f", Module: comparing(), Timeout: patient, Verify: samples(`7`)}
	_, err := h.Deploy(ctx, d)
	right := "wazero's interpreter (wazero v1.12.0) and wazero v1.12.0"
	if len(second) > 0 {
		right += " and " + secondLabel
	}
	wantError(t, "a function that is compiled wrong", err, host.CodeInvalidParameterValue,
		`The deployment failed: verification: sample event events/1.json: the response differs: "0" on unguarded (wazero v1.12.0); "1" on `+right)
	wantError(t, "a function that is compiled wrong", err, host.CodeInvalidParameterValue, `Name an engine that is right as "engine" in lambent.json`)
	f, err := h.Function(ctx, "f")
	if err != nil || f.State.Is != host.Failed || f.State.Code != "FunctionError" || f.Verified != nil {
		t.Errorf("the function is %+v, %v", f, err)
	}
	_, err = h.Invoke(ctx, host.Invocation{Function: "f", Event: []byte(`7`)})
	wantError(t, "invoking it", err, host.CodeResourceConflict, "")

	// An update that is not alike leaves what was there.
	before := deploy(t, h, host.Deployment{Name: "g", Module: guest(t, "echo")})
	d.Name = "g"
	if _, err := h.Deploy(ctx, d); err == nil {
		t.Error("an update that is compiled wrong succeeds")
	}
	if f, err := h.Function(ctx, "g"); err != nil || f.CodeSHA256 != before.CodeSHA256 || f.State.Is != host.Active || f.Update.Is != host.Failed {
		t.Errorf("after it: %+v, %v", f, err)
	}
	if got := invoke(t, h, "g", `[1]`); got != `[1]` {
		t.Errorf("after it, the function answers %s", got)
	}

	// An engine that is right helps, as the error says.
	d.Zip, d.Module = packed(t, comparing(), `{"engine":"wazero"}`), nil
	if f := deploy(t, h, d); f.Verified == nil || !slices.Contains(f.Verified.Engines, "wazero v1.12.0") {
		t.Errorf("on an engine that is right: %+v", f.Verified)
	}
	if got := invoke(t, h, "g", `7`); got != "1" {
		t.Errorf("on an engine that is right, it answers %s", got)
	}
}

// TestVerify: what is alike everywhere becomes Active, and its description says what
// was compared; clocks, randomness and calls are the same for all.
func TestVerify(t *testing.T) {
	var calls atomic.Int32
	h := openHost(t, host.Config{Verifiers: second, Calls: sandbox.Calls{
		"price.lookup": func(context.Context, []byte) ([]byte, error) {
			return fmt.Appendf(nil, `{"cents":%d}`, calls.Add(1)), nil
		},
	}})
	engines := []string{"wazero v1.12.0", "wazero's interpreter (wazero v1.12.0)"}
	if len(second) > 0 {
		engines = append(engines, secondLabel)
	}
	for name, c := range map[string]struct {
		module []byte
		events []string
		note   string
	}{
		"json":    {guest(t, "json"), []string{`{"name":"Ada","n":1}`, `{"name":"Bob","n":2}`}, ""},
		"stdio":   {guest(t, "stdio"), []string{`{"name":"Ada","n":1}`}, ""},
		"calling": {guest(t, "call"), []string{`{"item":"teapot"}`}, ""},
		"asking":  {asking(), []string{`{}`}, ""},
		"context": {guest(t, "context"), []string{``}, ""},
		"failing": {guest(t, "bad"), []string{`"div0"`},
			"sample event events/1.json: the function fails, on all engines alike: Runtime.Trap: RequestId: "},
	} {
		f := deploy(t, h, host.Deployment{Name: name, Module: c.module, Verify: samples(c.events...)})
		v := f.Verified
		if f.State.Is != host.Active || v == nil || v.Events != len(c.events) || !slices.Equal(v.Engines, engines) {
			t.Errorf("%s: %s, verified: %+v; want engines %q", name, f.State.Is, v, engines)
			continue
		}
		if text := strings.Join(v.Notes, "\n"); !strings.Contains(text, c.note) || (c.note == "") != (text == "") {
			t.Errorf("%s: notes %q, want %q", name, v.Notes, c.note)
		}
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("one event on %d engines called a function of the embedder %d times", len(engines), n)
	}

	// What was verified stays described until there is something else.
	d := host.Deployment{Name: "json", Module: guest(t, "json"), Verify: samples(`{"name":"Ada","n":1}`, `{"name":"Bob","n":2}`)}
	version, err := h.Publish(t.Context(), "json")
	if err != nil || version.Version != "1" || version.Verified == nil {
		t.Errorf("a version of it: %+v, %v", version, err)
	}
	verified := deploy(t, h, d)
	d.Verify = nil
	if again := deploy(t, h, d); again.Verified == nil || again.RevisionID != verified.RevisionID {
		t.Errorf("deployed again without sample events: %+v", again)
	}
	if version, err := h.Publish(t.Context(), "json"); err != nil || version.Version != "1" {
		t.Errorf("verifying made another version: %+v, %v", version, err)
	}
	d.Description = "another"
	if changed := deploy(t, h, d); changed.Verified != nil {
		t.Errorf("what nobody verified is described as %+v", changed.Verified)
	}
}

// TestVerifyRefused: what cannot be compared is not deployed.
func TestVerifyRefused(t *testing.T) {
	h := openHost(t, host.Config{Limits: host.Limits{VerifyEvents: 2, VerifyBytes: 20, VerifyModule: 100}})
	ctx := t.Context()
	long := strings.Repeat("x", 129)
	for _, c := range []struct {
		what   string
		events []host.SampleEvent
		want   string
	}{
		{"none", []host.SampleEvent{}, "needs sample events, and there are none: give at least one, as a file events/NAME.json"},
		{"too many", samples(`1`, `2`, `3`), "there are 3 sample events; at most 2 are allowed"},
		{"too large", samples(`"12345678"`, `"1234567890"`), "the sample events have 22 bytes together; at most 20 are allowed"},
		{"no JSON", samples(`{`), "sample event events/1.json: could not parse the event as JSON"},
		{"no name", []host.SampleEvent{{Event: []byte(`1`)}}, "sample event 1 has the name \"\"; it must have 1 to 128 bytes"},
		{"a long name", []host.SampleEvent{{Name: long}}, "it must have 1 to 128 bytes"},
		{"a name for a terminal", []host.SampleEvent{{Name: "\x1b[2J"}}, `the name "\x1b[2J"`},
	} {
		_, err := h.Deploy(ctx, host.Deployment{Name: "f", Module: guest(t, "echo"), Verify: c.events})
		wantError(t, c.what, err, host.CodeInvalidParameterValue, c.want)
	}
	if _, err := h.Function(ctx, "f"); err == nil {
		t.Error("what was refused is there")
	}
	// Without another engine there is nothing to compare with.
	_, err := h.Deploy(ctx, host.Deployment{Name: "f", Module: guest(t, "echo"), Verify: samples(`1`)})
	wantError(t, "a large module", err, host.CodeInvalidParameterValue, "there is no engine to compare wazero v1.12.0 with: wazero's interpreter was not compared: the module has ")
}

// TestVerifyTakesNoMoreTime than it may: neither events that never end nor clocks
// decide what is alike.
func TestVerifyTakesNoMoreTime(t *testing.T) {
	h := openHost(t, host.Config{Limits: host.Limits{VerifyTime: time.Nanosecond}})
	_, err := h.Deploy(t.Context(), host.Deployment{Name: "f", Module: guest(t, "echo"), Verify: samples(`1`)})
	wantError(t, "no time", err, host.CodeInvalidParameterValue, "verification: it took more than 1ns")
	h = openHost(t, host.Config{})
	_, err = h.Deploy(t.Context(), host.Deployment{Name: "f", Module: guest(t, "bad"), Timeout: time.Second, Verify: samples(`"spin"`)})
	wantError(t, "an event that never ends", err, host.CodeInvalidParameterValue, "sample event events/1.json cannot be compared: the function ran out of time")
	// Fuel ends it at the same place everywhere.
	f := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "bad"), Fuel: 1_000_000, Verify: samples(`"spin"`)})
	if v := f.Verified; v == nil || len(v.Notes) != 1 || !strings.Contains(v.Notes[0], "Runtime.OutOfFuel") {
		t.Errorf("with fuel: %+v", v)
	}
}

// TestVerifyDeepRecursion: an interpreter that has less of a stack than others is no
// difference, but not compared either.
func TestVerifyDeepRecursion(t *testing.T) {
	h := openHost(t, host.Config{Verifiers: second})
	d := host.Deployment{Name: "f", Module: guest(t, "bad"), Timeout: patient, Verify: samples(`"recurse"`)}
	f, err := h.Deploy(t.Context(), d)
	if len(second) == 0 {
		wantError(t, "alone with the interpreter", err, host.CodeInvalidParameterValue,
			"sample event events/1.json cannot be compared: calls are nested deeper than wazero's interpreter (wazero v1.12.0) can, and there is no other engine")
		return
	}
	if err != nil || f.Verified == nil || len(f.Verified.Notes) != 2 {
		t.Fatalf("%+v, %v", f.Verified, err)
	}
	for i, want := range []string{"was not compared on wazero's interpreter (wazero v1.12.0): calls are nested deeper", "on all engines alike: Runtime.Trap: "} {
		if !strings.Contains(f.Verified.Notes[i], want) {
			t.Errorf("note %q, want %q", f.Verified.Notes[i], want)
		}
	}
}

// TestVerifyWithoutAnEngine: what is missing is said, and no error.
func TestVerifyWithoutAnEngine(t *testing.T) {
	missing := host.Engine{Name: "third", New: func(host.EngineConfig) (engine.Engine, error) {
		return nil, fmt.Errorf("third: this program was built without it")
	}}
	h := openHost(t, host.Config{Verifiers: []host.Engine{missing}})
	f := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "echo"), Verify: samples(`1`)})
	if v := f.Verified; v == nil || len(v.Engines) != 2 || len(v.Notes) != 1 || v.Notes[0] != "third was not compared: third: this program was built without it" {
		t.Errorf("verified: %+v", v)
	}
	for name, list := range map[string][]host.Engine{
		"wazero": {{Name: host.Wazero, New: missing.New}}, "two alike": {missing, missing}, "nothing": {{Name: "x"}}, "nameless": {{New: missing.New}},
	} {
		if h, err := host.Open(host.Config{Dir: t.TempDir(), Verifiers: list}); err == nil {
			h.Close()
			t.Errorf("%s: it opens", name)
		}
	}
}
