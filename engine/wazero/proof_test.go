package wazero_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/wazero"
)

func TestProofsCompiler(t *testing.T) { enginetest.Proofs(t, newEngine(wazero.Config{})) }

func TestProofsInterpreter(t *testing.T) {
	enginetest.Proofs(t, newEngine(wazero.Config{Interpreter: true}))
}
