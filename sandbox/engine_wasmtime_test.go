//go:build wasmtime

package sandbox

import (
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wasmtime"
)

// OnWasmtime says whether tests run on wasmtime, as with -tags wasmtime they do.
const OnWasmtime = true

// OpenEngine makes the engine that tests run on, with a cache or none.
func OpenEngine(cacheDir string) (engine.Engine, error) {
	return wasmtime.New(wasmtime.Config{CacheDir: cacheDir})
}
