package drawing

import (
	"io"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// SVG writes a drawing of a state machine. The same definition gives the same
// bytes. The only errors are those of w.
func SVG(w io.Writer, d *asl.Definition) error {
	title := d.Comment
	if title == "" {
		title = "State machine"
	}
	return write(w, title, layout(&d.Branch, true))
}

// layout gives everything in a branch its place.
func layout(b *asl.Branch, whole bool) *graph {
	g := newGraph(b, whole)
	g.rank()
	g.distant()
	g.place()
	g.reorder()
	g.columns()
	g.rows()
	return g
}
