package main

import (
	"context"
	"errors"

	"github.com/lambent-dev/lambent/benchmarks/internal/peers"
	"github.com/lambent-dev/lambent/sandbox"
)

// contender answers events, each in an instance that has seen no other, but for
// the one of mode reuse.
type contender = peers.Peer

// entrant is a contender that is not loaded.
type entrant struct {
	name string // as reports show it
	// share is what part of a handler's events a round has: one in share, so that
	// contenders that take long do not take all the time.
	share int
	// load fails with errNone if there is no such form of the handler.
	load func(context.Context, handler) (contender, error)
}

var errNone = errors.New("the handler has no form for this contender")

// Names that bars refer to.
const (
	pristine = "Lambent"
	warmed   = "Lambent, warm-up event"
	reused   = "Lambent, reuse"
	pooled   = "wasmtime, pooling"
)

// entrants returns all there are. The first is what ratios refer to.
func entrants() []entrant {
	return []entrant{
		{pristine, 1, loadLambent(sandbox.Pristine, false)},
		{warmed, 1, loadLambent(sandbox.Pristine, true)},
		{reused, 1, loadLambent(sandbox.Reuse, false)},
		{"Lambent, init=each", 8, loadLambent(sandbox.InitEach, false)},
		{"wazero", 8, loadWazero(false)},
		{"wazero, deadline", 8, loadWazero(true)},
		{"Extism", 16, loadExtism},
		{pooled, 2, loadWasmtime(peers.WasmtimeOptions{Pool: true})},
		{"wasmtime", 4, loadWasmtime(peers.WasmtimeOptions{})},
		{"wasmtime, deadline", 4, loadWasmtime(peers.WasmtimeOptions{Deadline: true})},
		{"native process", 16, loadProcess},
	}
}

func loadWazero(deadline bool) func(context.Context, handler) (contender, error) {
	return func(ctx context.Context, h handler) (contender, error) { return peers.Wazero(ctx, h.bare, deadline) }
}

func loadExtism(ctx context.Context, h handler) (contender, error) {
	if h.extism == nil {
		return nil, errNone
	}
	return peers.Extism(ctx, h.extism)
}

func loadWasmtime(o peers.WasmtimeOptions) func(context.Context, handler) (contender, error) {
	return func(_ context.Context, h handler) (contender, error) { return peers.Wasmtime(h.bare, o) }
}

func loadProcess(_ context.Context, h handler) (contender, error) {
	if h.native == "" {
		return nil, errNone
	}
	return peers.Process(h.native), nil
}
