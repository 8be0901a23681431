package main

import (
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// namedEngine is an engine to be. cacheDir is empty, or where it keeps code.
type namedEngine struct {
	name string
	open func(cacheDir string) (engine.Engine, error)
}

// engines are Lambent's, as `lambent serve` has them.
var engines = []namedEngine{
	{"wasmtime", func(cacheDir string) (engine.Engine, error) {
		return wasmtime.New(wasmtime.Config{CacheDir: cacheDir, AnyNaN: true, NoClock: true})
	}},
	{"wazero", func(cacheDir string) (engine.Engine, error) {
		return wazero.New(wazero.Config{CacheDir: cacheDir})
	}},
}

// careful is wasmtime with what wazero has not: canonical NaNs, and the clock. It
// computes only, beside the others.
const careful = "wasmtime, canonical NaNs, clock"

func openCareful(cacheDir string) (engine.Engine, error) {
	return wasmtime.New(wasmtime.Config{CacheDir: cacheDir})
}

// Names of the contenders of programs.
const (
	nativeO2   = "native, -O2"
	nativeO3   = "native, -O3"
	rawPlain   = "wasmtime by itself"
	rawMetered = "– metered"
	rawEpochs  = "– metered, with its clock"
	rawNaNs    = "– metered, canonical NaNs"
)

func onEngine(name string) string { return "Lambent on " + name }
