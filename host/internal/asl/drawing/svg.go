package drawing

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// margin is the room around a drawing, in pixels.
const margin = 24

// document writes SVG. Its writer keeps the first error.
type document struct{ w *bufio.Writer }

func (d *document) printf(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

// write writes a whole drawing.
func write(w io.Writer, title string, g *graph) error {
	d := &document{bufio.NewWriter(w)}
	width, height := g.width+2*margin, g.height+2*margin
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="lambent-machine" role="img" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n", width, height, width, height)
	d.printf("<title>%s</title>\n<style>%s</style>\n", tooltip(title), style)
	d.printf(`<rect class="canvas" width="%d" height="%d"/>`+"\n", width, height)
	d.graph(g, margin, margin)
	d.printf("</svg>\n")
	return d.w.Flush()
}

// graph writes a branch whose corner is at (x, y).
func (d *document) graph(g *graph, x, y int) {
	d.printf(`<g class="branch" transform="translate(%d %d)">`+"\n", x, y)
	for _, e := range g.edges {
		var r route
		if e.back {
			r = g.routeUp(e)
		} else {
			r = g.routeDown(e)
		}
		d.edge(e, r)
	}
	for _, n := range g.nodes {
		d.node(n)
	}
	d.printf("</g>\n")
}

func (d *document) edge(e *edge, r route) {
	class := "edge"
	if e.kind == catchEdge {
		class += " catch"
	}
	if e.back {
		class += " loop"
	}
	d.printf(`<g class="%s"`, class)
	if e.from.state != nil {
		d.printf(` data-from="%s"`, escape(e.from.name()))
	}
	if e.to.state != nil {
		d.printf(` data-to="%s"`, escape(e.to.name()))
	}
	d.printf(`><path class="line" d="%s"/>`, r.path)
	if r.hasArrow {
		d.printf(`<path class="arrow" d="M%d %dl-4 -8h8z"/>`, r.x, r.y)
	}
	for _, n := range e.points {
		if len(n.lines) > 0 {
			d.label(n)
		}
	}
	d.printf("</g>\n")
}

func (d *document) label(n *node) {
	lines := labelLines(n.lines)
	whole := len(lines) == len(n.lines) || len(n.lines) == 1
	for i, line := range lines {
		short, _ := fit(line, maxLabelWidth, labelSize, false)
		whole = whole && short == line
		d.printf(`<text class="label" x="%d" y="%d">%s`, n.x, n.y+i*lineHeight+12, escape(short))
		if i == len(lines)-1 && !whole {
			d.printf("<title>%s</title>", tooltip(n.lines...))
		}
		d.printf("</text>")
	}
}

// maxTooltip bounds the lines of a tooltip.
const maxTooltip = 20

// tooltip gives the text of a title of so many lines.
func tooltip(lines ...string) string {
	var all []string
	for i, line := range lines {
		if i == maxTooltip {
			all = append(all, "…")
			break
		}
		all = append(all, escape(printable(line)))
	}
	return strings.Join(all, "\n")
}

func (d *document) node(n *node) {
	left := n.x - n.width/2
	switch n.kind {
	case startNode:
		d.printf(`<circle class="dot start" cx="%d" cy="%d" r="7"/>`+"\n", n.x, n.y+n.height/2)
	case endNode:
		d.printf(`<g class="end"><circle class="ring" cx="%d" cy="%d" r="8"/><circle class="dot" cx="%d" cy="%d" r="4"/></g>`+"\n", n.x, n.y+n.height/2, n.x, n.y+n.height/2)
	case referenceNode:
		text, _ := fit("→ "+n.name(), maxTextWidth, labelSize, false)
		d.printf(`<g class="to"><title>%s</title><rect class="jump" x="%d" y="%d" width="%d" height="%d" rx="11"/>`, tooltip(n.name()), left, n.y, n.width, n.height)
		d.printf(`<text class="reference" x="%d" y="%d">%s</text></g>`+"\n", n.x, n.y+15, escape(text))
	case stateNode:
		d.state(n, left)
	}
}

func (d *document) state(n *node, left int) {
	s := n.state
	class := "state " + strings.ToLower(string(s.Type))
	if n.isBox() {
		class += " box"
	}
	about := []string{n.name(), n.caption()}
	if s.Comment != "" {
		about = append(about, s.Comment)
	}
	d.printf(`<g class="%s" data-state="%s" data-type="%s"><title>%s</title>`, class, escape(n.name()), s.Type, tooltip(about...))
	d.shape(n, left)
	top := n.y + (stateHeight-34)/2
	d.printf(`<path class="glyph" transform="translate(%d %d)" d="%s"/>`, left+n.textStart()-26, n.y+(stateHeight-16)/2, glyphs[s.Type])
	name, _ := fit(n.name(), maxTextWidth, nameSize, true)
	caption, _ := fit(n.caption(), maxTextWidth, captionSize, false)
	d.printf(`<text class="name" x="%d" y="%d">%s</text>`, left+n.textStart(), top+13, escape(name))
	d.printf(`<text class="caption" x="%d" y="%d">%s</text>`, left+n.textStart(), top+29, escape(caption))
	if retries := s.Retries(); len(retries) > 0 {
		d.printf(`<g class="retry" transform="translate(%d %d)"><title>%s</title><path class="glyph" d="%s"/></g>`, left+n.width-24, n.y+6, tooltip(append([]string{"Retry"}, retries...)...), retryGlyph)
	}
	x := n.x - n.innerWidth()/2
	for i, g := range n.inner {
		if i > 0 {
			d.printf("\n"+`<path class="rule" d="M%d %dV%d"/>`, x-branchGap/2, n.y+boxHeader, n.y+n.height-boxPadding)
		}
		d.printf("\n")
		d.graph(g, x, n.y+boxHeader)
		x += g.width + branchGap
	}
	d.printf("</g>\n")
}

// shape draws the outline of a state: what ends an execution has round ends, a
// Choice has points at its sides, a Map state is the first of a pile.
func (d *document) shape(n *node, left int) {
	right, bottom := left+n.width, n.y+n.height
	radius := 8
	switch n.state.Type {
	case asl.TypeSucceed, asl.TypeFail:
		radius = stateHeight / 2
	case asl.TypeChoice:
		const point = 12
		middle := n.y + n.height/2
		d.printf(`<path class="shape" d="M%d %dH%dL%d %dL%d %dH%dL%d %dZ"/>`, left+point, n.y, right-point, right, middle, right-point, bottom, left+point, left, middle)
		return
	case asl.TypeMap:
		d.printf(`<path class="behind" d="M%d %dV%dQ%d %d %d %dH%d"/>`, right+5, n.y+12, bottom-3, right+5, bottom+5, right-3, bottom+5, left+12)
	}
	d.printf(`<rect class="shape" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, left, n.y, n.width, n.height, radius)
}
