//go:build !(wasmtime && cgo && linux && amd64)

package wasmtime

import (
	"fmt"
	"runtime"

	"github.com/lambent-dev/lambent/engine"
)

// New returns Missing's error.
func New(Config) (engine.Engine, error) { return nil, Missing() }

// Missing returns nil if this program has wasmtime, or else an error that says how
// to make one that has.
func Missing() error { return missing(runtime.GOOS, runtime.GOARCH) }

// missing says why a program for a system has no wasmtime.
func missing(system, processor string) error {
	const only = "it is supported on linux/amd64"
	switch {
	case processor == "arm64":
		return fmt.Errorf("wasmtime: refused on %s/%s, where a published advisory (April 2026) lets guests of wasmtime v39 escape; %s", system, processor, only)
	case system != "linux" || processor != "amd64":
		return fmt.Errorf("wasmtime: not supported on %s/%s; %s", system, processor, only)
	}
	return fmt.Errorf("wasmtime: this program was built without it; build it with CGO_ENABLED=1 go build -tags wasmtime, which needs a C compiler")
}
