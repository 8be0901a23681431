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
		return wasmtime.New(wasmtime.Config{CacheDir: cacheDir})
	}},
	{"wazero", func(cacheDir string) (engine.Engine, error) {
		return wazero.New(wazero.Config{CacheDir: cacheDir})
	}},
}

// bare is wasmtime without what wazero has not: canonical NaNs, and the clock. It
// computes only, beside the others.
const bare = "wasmtime, any NaN, no clock"

func openBare(cacheDir string) (engine.Engine, error) {
	return wasmtime.New(wasmtime.Config{CacheDir: cacheDir, AnyNaN: true, NoClock: true})
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
