package abi

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestParseManifest(t *testing.T) {
	for text, want := range map[string]Manifest{
		`{}`:                      {},
		` {"entry":"a/b.wasm"} `:  {Entry: "a/b.wasm"},
		`{"model":"reactor"}`:     {Model: Reactor},
		`{"model":"stdio"}`:       {Model: Stdio},
		`{"mode":"pristine"}`:     {Mode: "pristine"},
		`{"mode":"init=each"}`:    {Mode: "init=each"},
		`{"init_timeout":900}`:    {InitTimeout: 900},
		`{"init_timeout":0.0625}`: {InitTimeout: 0.0625},
		`{"fuel":500000000}`:      {Fuel: 500_000_000},
	} {
		if got, err := ParseManifest([]byte(text)); err != nil || got != want {
			t.Errorf("%s: got %+v, %v; want %+v", text, got, err, want)
		}
	}
	if _, err := ParseManifest([]byte("{}" + strings.Repeat("\n", MaxManifest-2))); err != nil {
		t.Errorf("a manifest of %d bytes: %v", MaxManifest, err)
	}
}

// FuzzParseManifest never panics, and what it accepts is a manifest that can be
// written and read again.
func FuzzParseManifest(f *testing.F) {
	for _, text := range []string{`{}`, `{"entry":"x","model":"stdio","init_timeout":2.5,"mode":"init=each"}`, `{"init_timeout":1e400}`, `{"fuel":18446744073709551615}`, `{} x`, `{"model":"interpreter"}`, `null`, "\xff"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseManifest(b)
		if err != nil {
			return
		}
		if len(b) > MaxManifest || m.Check() != nil || m.InitTimeout < 0 || m.InitTimeout > 900 || m.Warmup != "" {
			t.Fatalf("accepted %+v", m)
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseManifest(text); err != nil || again.InitTimeout != m.InitTimeout || again.Model != m.Model || again.Mode != m.Mode || again.Fuel != m.Fuel {
			t.Fatalf("%s: %+v, %v; want %+v", text, again, err, m)
		}
	})
}
