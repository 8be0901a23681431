//go:build !wasmtime

package sandbox

import (
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// OnWasmtime says whether tests run on wasmtime, as with -tags wasmtime they do.
const OnWasmtime = false

// OpenEngine makes the engine that tests run on, with a cache or none.
func OpenEngine(cacheDir string) (engine.Engine, error) {
	return wazero.New(wazero.Config{CacheDir: cacheDir})
}
