package peers

import (
	"context"
	"os"
	"testing"
)

// TestPeers gives each peer events that its handler answers and refuses, in turn.
func TestPeers(t *testing.T) {
	const (
		guests   = "../../guests/"
		event    = `{"name":"Ada","n":41}`
		answer   = `{"message":"Hello, Ada!","n":42}`
		refused  = `{"name":`
		rounds   = 2
		bareC    = guests + "c/bare.wasm"
		bareJS   = guests + "js/bare.wasm"
		extismC  = guests + "c/extism.wasm"
		noModule = guests + "c/bare.c"
	)
	for _, test := range []struct {
		name, file string
		load       func(ctx context.Context, module []byte) (Peer, error)
	}{
		{"wazero", bareC, func(ctx context.Context, m []byte) (Peer, error) { return Wazero(ctx, m, false) }},
		{"wazero, deadline", bareC, func(ctx context.Context, m []byte) (Peer, error) { return Wazero(ctx, m, true) }},
		{"wazero, JavaScript", bareJS, func(ctx context.Context, m []byte) (Peer, error) { return Wazero(ctx, m, false) }},
		{"Extism", extismC, Extism},
		{"wasmtime", bareC, func(_ context.Context, m []byte) (Peer, error) { return Wasmtime(m, WasmtimeOptions{}) }},
		{"wasmtime, deadline", bareC, func(_ context.Context, m []byte) (Peer, error) { return Wasmtime(m, WasmtimeOptions{Deadline: true}) }},
		{"wasmtime, pooling, JavaScript", bareJS, func(_ context.Context, m []byte) (Peer, error) { return Wasmtime(m, WasmtimeOptions{Pool: true}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			module, err := os.ReadFile(test.file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := test.load(t.Context(), module)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}()
			for range rounds {
				if got, err := p.Answer(t.Context(), []byte(event)); err != nil || string(got) != answer {
					t.Errorf("answered %q, %v; want %q", got, err, answer)
				}
				if got, err := p.Answer(t.Context(), []byte(refused)); err == nil {
					t.Errorf("answered %q to %q", got, refused)
				}
			}
			source, err := os.ReadFile(noModule)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := test.load(t.Context(), source); err == nil {
				t.Error("loaded what is no module")
			}
		})
	}
}

func TestProcess(t *testing.T) {
	const event = "any"
	if got, err := Process("/bin/cat").Answer(t.Context(), []byte(event)); err != nil || string(got) != event {
		t.Errorf("answered %q, %v; want %q", got, err, event)
	}
	if got, err := Process("/bin/false").Answer(t.Context(), []byte(event)); err == nil {
		t.Errorf("a program that fails answered %q", got)
	}
}
