package wazero_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// TestDiffer compares the compiler with the interpreter.
func TestDiffer(t *testing.T) {
	var engines []enginetest.Named
	for label, interpreter := range map[string]bool{"compiler": false, "interpreter": true} {
		eng, err := wazero.New(wazero.Config{Interpreter: interpreter})
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		engines = append(engines, enginetest.Named{Label: label, Engine: eng})
	}
	enginetest.Differ(t, engines...)
}
