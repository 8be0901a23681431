package function_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/verify"
)

// newVerifier makes a Verifier that compares with wazero's interpreter.
func newVerifier() *verify.Verifier {
	return verify.New(verify.Config{Engines: []verify.Engine{{
		Name: "interpreter",
		Open: func() (engine.Engine, error) { return wazero.New(wazero.Config{Interpreter: true}) },
	}}})
}

func sample(event string) []function.SampleEvent {
	return []function.SampleEvent{{Name: "a", Event: []byte(event)}}
}

// TestVerificationOutlivesTheService: a deployment that is to be verified is, even if
// the Service that accepted it ends before; or it never becomes Active.
func TestVerificationOutlivesTheService(t *testing.T) {
	for name, c := range map[string]struct {
		next *verify.Verifier
		want string
	}{
		"with":    {newVerifier(), function.Active},
		"without": {nil, function.Failed},
	} {
		dir := t.TempDir()
		st := openStore(t, dir)
		s := newService(t, function.Config{Store: st, Verifier: newVerifier(), Waits: 1e6}) // it is not taken up
		made, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: settings(), Verify: sample(`1`), Publish: true})
		if err != nil || made.State.Is != function.Pending {
			t.Fatalf("%+v, %v", made, err)
		}
		closeNow(t, s)
		s = newService(t, function.Config{Store: st, Verifier: c.next})
		for _, ref := range []function.Ref{{Name: "f"}, {Name: "f", Qualifier: "1"}} {
			settle(t, s, "f")
			f, err := s.Configuration(t.Context(), ref)
			if err != nil || f.State.Is != c.want || (f.Verified != nil) != (c.want == function.Active) {
				t.Errorf("%s a Verifier, %v: %+v, %v; want %s", name, ref, f, err, c.want)
			}
			if f.Verified != nil && (f.Verified.Events != 1 || len(f.Verified.Engines) != 2) {
				t.Errorf("verified: %+v", f.Verified)
			}
		}
	}
}

// TestVerifyEveryChange: new code and new settings are verified if that is asked for,
// and nothing is that is not.
func TestVerifyEveryChange(t *testing.T) {
	s := newService(t, function.Config{Verifier: newVerifier()})
	active(t, s, "f", packGuest(t, "echo"))
	ref := function.Ref{Name: "f"}
	change := func(what string, verified bool, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if f := settle(t, s, "f"); f.Update.Is != function.Successful || (f.Verified != nil) != verified {
			t.Errorf("%s: %+v, verified: %+v", what, f.Update, f.Verified)
		}
	}
	_, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref, Zip: packGuest(t, "json"), Verify: sample(`{"name":"Ada","n":1}`)})
	change("code", true, err)
	config := function.Settings{MemorySize: ptr(256)}
	_, err = s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref, Settings: config})
	change("settings that nobody verified", false, err)
	_, err = s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref, Settings: config, Verify: sample(`{"name":"Ada","n":1}`)})
	change("settings", true, err)
	_, err = s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref, Zip: packGuest(t, "echo")})
	change("code that nobody verified", false, err)
}

// TestVerifyRefusesAtOnce what can never be verified.
func TestVerifyRefusesAtOnce(t *testing.T) {
	with, without := newService(t, function.Config{Verifier: newVerifier()}), newService(t, function.Config{})
	for _, c := range []struct {
		s      *function.Service
		events []function.SampleEvent
		want   string
	}{
		{with, []function.SampleEvent{}, "there are none"},
		{with, sample(`{`), "could not parse the event as JSON"},
		{without, sample(`1`), "there is nothing here to verify deployments with"},
	} {
		_, err := c.s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: settings(), Verify: c.events})
		said, ok := errors.AsType[*fault.Error](err)
		if !ok || said.Code != fault.InvalidParameterValue || !strings.Contains(said.Message, c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestVerifyHoldsNobodyUp: what takes long to verify is waited for by nothing that is
// not verified, and can be deleted.
func TestVerifyHoldsNobodyUp(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	s := newService(t, function.Config{Compilers: 1, Verifier: verify.New(verify.Config{Engines: []verify.Engine{{
		Name: "slow",
		Open: func() (engine.Engine, error) {
			begun <- struct{}{}
			<-release
			return wazero.New(wazero.Config{Interpreter: true})
		},
	}}})})
	for _, name := range []string{"first", "second"} {
		if _, err := s.Create(t.Context(), function.CreateInput{Name: name, Zip: packGuest(t, "echo"), Settings: settings(), Verify: sample(`1`)}); err != nil {
			t.Fatal(err)
		}
	}
	<-begun
	active(t, s, "meanwhile", packGuest(t, "echo"))
	if err := s.Delete(t.Context(), function.Ref{Name: "first"}); err != nil {
		t.Error(err)
	}
	release <- struct{}{}
	<-begun
	release <- struct{}{}
	if f := settle(t, s, "second"); f.Verified == nil {
		t.Errorf("%+v", f)
	}
}
