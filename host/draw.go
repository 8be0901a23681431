package host

import (
	"fmt"
	"io"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/drawing"
)

// Draw writes a state machine as SVG. definition is Amazon States Language, at
// most 1 MB; the error of one that is not valid says what is wrong and where.
// Other errors are those of w. The same definition gives the same bytes.
func Draw(w io.Writer, definition []byte) error {
	d, err := asl.Parse(string(definition), asl.Options{})
	if err != nil {
		return err
	}
	if err := drawing.SVG(w, d); err != nil {
		return fmt.Errorf("write drawing: %w", err)
	}
	return nil
}
