//go:build wasmtime && cgo && linux && amd64

package wasmtime_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// TestDiffer compares wasmtime, as lambent has it, with wazero's compiler and its
// interpreter.
func TestDiffer(t *testing.T) {
	ours, err := wasmtime.New(wasmtime.Config{AnyNaN: true, NoClock: true})
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	compiler, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer compiler.Close()
	interpreter, err := wazero.New(wazero.Config{Interpreter: true})
	if err != nil {
		t.Fatal(err)
	}
	defer interpreter.Close()
	enginetest.Differ(t, enginetest.Named{Label: "wasmtime", Engine: ours},
		enginetest.Named{Label: "wazero's compiler", Engine: compiler}, enginetest.Named{Label: "wazero's interpreter", Engine: interpreter})
}
