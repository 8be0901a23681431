package drawing

import "slices"

// Gaps between layers, in pixels.
const (
	turnGap   = 34 // where a loop turns
	leastGap  = 22
	emptyGap  = 36 // between two layers of states, without labels
	turnDepth = 30 // of the control points of a turn; the line goes three quarters as deep
)

// rows gives every layer and node its y. How far apart two layers are depends
// on how far the lines between them lead to the side.
func (g *graph) rows() {
	heights := make([]int, len(g.layers))
	for i, layer := range g.layers {
		for _, n := range layer {
			heights[i] = max(heights[i], n.height)
		}
	}
	g.tops, g.bottoms = make([]int, len(g.layers)), make([]int, len(g.layers))
	g.skipEmpty(heights)
	gaps := g.gaps(heights)
	y := 0
	for i, layer := range g.layers {
		g.tops[i] = y
		g.bottoms[i] = y + heights[i]
		for _, n := range layer {
			n.y = y + (heights[i]-n.height)/2
		}
		y = g.bottoms[i] + gaps[i]
	}
	g.height = g.bottoms[len(g.layers)-1]
}

// skipEmpty takes the points out of the edges that lie in layers without height:
// a line goes from one layer of states to the next in one sweep.
func (g *graph) skipEmpty(heights []int) {
	for _, e := range g.edges {
		if e.joins {
			// Where it joins has to be a point that stays.
			next := e.points[len(e.points)-1]
			for next.kind == pointNode && heights[next.layer] == 0 {
				next = next.down[0].to
				e.points = append(e.points, next)
			}
			if next == e.to {
				e.joins = false
				e.points = e.points[:len(e.points)-1]
			}
		}
		e.points = slices.DeleteFunc(e.points, func(p *node) bool { return heights[p.layer] == 0 })
	}
}

// gaps gives the gap below each layer.
func (g *graph) gaps(heights []int) []int {
	gaps := make([]int, len(g.layers))
	widen := func(upper, lower *node) {
		aside := abs(upper.x - lower.x)
		least := leastGap + min(aside/12, 40)
		if lower.layer-upper.layer > 1 {
			least = emptyGap + min(aside/10, 60)
		}
		gaps[upper.layer] = max(gaps[upper.layer], least)
	}
	for _, e := range g.edges {
		if e.back {
			gaps[e.from.layer] = max(gaps[e.from.layer], turnGap)
			above := e.to.layer - 1
			if above > 0 && heights[above] == 0 {
				above-- // the gap below an empty layer is at its top
			}
			gaps[above] = max(gaps[above], turnGap)
			for i := 1; i < len(e.points); i++ {
				widen(e.points[i-1], e.points[i])
			}
			continue
		}
		before := e.from
		for _, p := range e.points {
			widen(before, p)
			before = p
		}
		if !e.joins {
			widen(before, e.to)
		}
	}
	return gaps
}

func abs(n int) int { return max(n, -n) }
