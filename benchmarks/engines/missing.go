//go:build !(wasmtime && cgo && linux && amd64)

package main

import (
	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/engine/wasmtime"
)

// entrants fails: there is one engine only.
func entrants(string) ([]compute.Entrant, error) { return nil, wasmtime.Missing() }
