package drawing

import (
	"strconv"
	"strings"
)

// route is the line of an edge: the commands of an SVG path, and where its
// arrow points to; hasArrow is false if it ends in another edge's line.
type route struct {
	path     string
	x, y     int
	hasArrow bool
}

// pen writes the commands of a path.
type pen struct {
	strings.Builder
	x, y int
}

func (p *pen) command(letter byte, numbers ...int) {
	if p.Len() > 0 {
		p.WriteByte(' ')
	}
	p.WriteByte(letter)
	for i, n := range numbers {
		if i > 0 {
			p.WriteByte(' ')
		}
		p.WriteString(strconv.Itoa(n))
	}
	if letter == 'V' {
		p.y = numbers[0]
		return
	}
	p.x, p.y = numbers[len(numbers)-2], numbers[len(numbers)-1]
}

func (p *pen) vertical(y int) {
	if y != p.y {
		p.command('V', y)
	}
}

// sweep goes to another layer: straight, or as an S.
func (p *pen) sweep(x, y int) {
	if x == p.x {
		p.vertical(y)
		return
	}
	middle := (p.y + y) / 2
	p.command('C', p.x, middle, x, middle, x, y)
}

// turn goes aside and back to the same y, below it if depth is positive.
func (p *pen) turn(x, depth int) {
	p.command('C', p.x, p.y+depth, x, p.y+depth, x, p.y)
}

// past goes along a point, leaving out the room for its label.
func (p *pen) past(n *node, y int) {
	if len(n.lines) > 0 {
		first, last := n.y, n.y+n.height
		if y < p.y {
			first, last = last, first
		}
		p.vertical(first)
		p.command('M', n.x, last)
	}
	p.vertical(y)
}

// arrowLength is how far an arrow reaches back from its tip.
const arrowLength = 7

// routeDown gives the line of an edge that goes down.
func (g *graph) routeDown(e *edge) route {
	var p pen
	x := e.from.x
	if e.kind == catchEdge {
		x += port(e.from, first(e).x, 4)
	}
	p.command('M', x, e.from.y+e.from.height)
	p.vertical(g.bottoms[e.from.layer])
	for i, n := range e.points {
		p.sweep(n.x, g.tops[n.layer])
		if e.joins && i == len(e.points)-1 {
			return route{path: p.String()}
		}
		p.past(n, g.bottoms[n.layer])
	}
	p.sweep(e.to.x, g.tops[e.to.layer])
	p.vertical(e.to.y - arrowLength)
	return route{p.String(), e.to.x, e.to.y, true}
}

// routeUp gives the line of an edge that goes up: out below its state, beside
// all layers up to its target, and in from above.
func (g *graph) routeUp(e *edge) route {
	var p pen
	beside := e.points[:0:0]
	for _, n := range e.points {
		if n.layer >= e.to.layer && n.layer <= e.from.layer {
			beside = append(beside, n)
		}
	}
	top, bottom := beside[0], beside[len(beside)-1]
	p.command('M', e.from.x+port(e.from, bottom.x, 3), e.from.y+e.from.height)
	p.vertical(g.bottoms[e.from.layer])
	p.turn(bottom.x, turnDepth)
	for i := len(beside) - 1; i >= 0; i-- {
		n := beside[i]
		p.sweep(n.x, g.bottoms[n.layer])
		p.past(n, g.tops[n.layer])
	}
	x := e.to.x + port(e.to, top.x, 3)
	p.turn(x, -turnDepth)
	p.vertical(e.to.y - arrowLength)
	return route{p.String(), x, e.to.y, true}
}

func first(e *edge) *node {
	if len(e.points) > 0 {
		return e.points[0]
	}
	return e.to
}

// port is how far from the middle of a state, towards x, lines begin or end that
// are not those of its usual way: a fraction of its width.
func port(n *node, x, fraction int) int {
	aside := min(n.width/fraction, 60)
	switch {
	case x > n.x+aside/2:
		return aside
	case x < n.x-aside/2:
		return -aside
	}
	return 0
}
