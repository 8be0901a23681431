//go:build wasmtime && cgo && linux && amd64

package wasmtime_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/wasmtime"
)

func TestProofs(t *testing.T) { enginetest.Proofs(t, newEngine(wasmtime.Config{})) }
