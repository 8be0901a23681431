package main

import (
	"context"

	"github.com/lambent-dev/lambent/sandbox"
)

// memoryPages is the memory limit of every contender that has one, in pages of
// 64 KiB: Lambent's default of 128 MiB.
const memoryPages = 128 << 20 >> 16

// contender answers events, each in an instance that has seen no other, but for
// the one of mode reuse. It is safe for concurrent use.
type contender interface {
	answer(ctx context.Context, event []byte) ([]byte, error)
	close() error
}

// entrant is a contender that is not loaded.
type entrant struct {
	name string // as reports show it
	// share is what part of a handler's events a round has: one in share, so that
	// contenders that take long do not take all the time.
	share int
	load  func(context.Context, handler) (contender, error)
}

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
		{pooled, 2, loadWasmtime(wasmtimeOptions{pool: true})},
		{"wasmtime", 4, loadWasmtime(wasmtimeOptions{})},
		{"wasmtime, deadline", 4, loadWasmtime(wasmtimeOptions{deadline: true})},
		{"native process", 16, loadProcess},
	}
}
