package main

import "context"

// memoryPages is the memory limit of every contender that has one, in pages of
// 64 KiB: Lambent's default of 128 MiB.
const memoryPages = 128 << 20 >> 16

// contender answers events, each in an instance that has seen no other. It is
// safe for concurrent use.
type contender interface {
	answer(ctx context.Context, event []byte) ([]byte, error)
	close() error
}

// entrant is a contender that is not loaded.
type entrant struct {
	name string // as reports show it
	load func(context.Context, handler) (contender, error)
}

// entrants returns all there are. The first is what ratios refer to.
func entrants() []entrant {
	return []entrant{
		{"Lambent", loadLambent},
		{"wazero", loadWazero(false)},
		{"wazero, deadline", loadWazero(true)},
		{"Extism", loadExtism},
		{"wasmtime", loadWasmtime(false)},
		{"wasmtime, deadline", loadWasmtime(true)},
		{"native process", loadProcess},
	}
}
