package main

import (
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// engines are Lambent's, as `lambent serve` has them.
var engines = []struct {
	name string
	open func() (engine.Engine, error)
}{
	{"wasmtime", func() (engine.Engine, error) { return wasmtime.New(wasmtime.Config{}) }},
	{"wazero", func() (engine.Engine, error) { return wazero.New(wazero.Config{}) }},
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
