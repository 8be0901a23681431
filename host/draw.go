package host

import (
	"fmt"
	"io"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/drawing"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// Draw writes a state machine as SVG. definition is Amazon States Language, at
// most 1 MB. The same definition gives the same bytes. Errors: the code
// InvalidDefinition, whose message says what is wrong and where, and those of w.
func Draw(w io.Writer, definition string) error {
	d, err := asl.Parse(definition, asl.Options{})
	if err != nil {
		return fault.New(workflow.InvalidDefinition, "%v", err)
	}
	if err := drawing.SVG(w, d); err != nil {
		return fmt.Errorf("write drawing: %w", err)
	}
	return nil
}
