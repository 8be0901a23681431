//go:build wasmtime

package host_test

import (
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/host"
)

// second is what tests verify on beside wazero.
var second = []host.Engine{{Name: "wasmtime", New: func(c host.EngineConfig) (engine.Engine, error) {
	return wasmtime.New(wasmtime.Config{CacheDir: c.CacheDir, CacheSize: c.CacheSize, Fill: c.Fill})
}}}

const secondLabel = "wasmtime v39.0.1"
