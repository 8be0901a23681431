package drawing

import (
	"cmp"
	"slices"
)

// State layers have odd numbers, twice the rank plus one; the even layers
// between them are for labels and for where edges turn.
func stateLayer(n *node) int { return 2*n.rank + 1 }

// How much a link wants to be vertical, by what it is part of.
const (
	weightPoints = 1e6 // of a long edge: its middle
	weightNext   = 1e4
	weightChoice = 1e2
	weightCatch  = 1
)

// trunk identifies the points that edges to the same node share.
type trunk struct {
	to    *node
	catch bool
}

// distant replaces edges by references to the states they lead to, if drawing
// all of them would need more points than a drawing of that many states may
// have. Those that need most are replaced.
func (g *graph) distant() {
	allowed := 2000 + 16*len(g.nodes)
	spans := map[trunk]int{}
	var keys []trunk
	needed := 0
	add := func(k trunk, span int) {
		before, ok := spans[k]
		if !ok {
			keys = append(keys, k)
		}
		if span > before {
			spans[k] = span
			needed += span - before
		}
	}
	for _, e := range g.edges {
		if !e.back {
			add(trunk{e.to, e.kind == catchEdge}, 2*(e.to.rank-e.from.rank))
		} else {
			needed += 2 * (e.from.rank - e.to.rank + 1)
		}
	}
	if needed <= allowed {
		return
	}
	// Loops are not shared: the longest go first.
	loops := slices.DeleteFunc(slices.Clone(g.edges), func(e *edge) bool { return !e.back })
	slices.SortStableFunc(loops, func(a, b *edge) int { return cmp.Compare(b.from.rank-b.to.rank, a.from.rank-a.to.rank) })
	slices.SortStableFunc(keys, func(a, b trunk) int { return cmp.Compare(spans[b], spans[a]) })
	replaced := map[trunk]bool{}
	for needed > allowed && (len(loops) > 0 || len(keys) > 0) {
		loop, span := 0, 0
		if len(loops) > 0 {
			loop = 2 * (loops[0].from.rank - loops[0].to.rank + 1)
		}
		if len(keys) > 0 {
			span = spans[keys[0]]
		}
		switch {
		case loop >= span:
			g.refer(loops[0])
			needed, loops = needed-loop, loops[1:]
		default:
			replaced[keys[0]] = true
			needed, keys = needed-span, keys[1:]
		}
		if max(loop, span) <= 2 {
			break // what is left are edges between neighbours
		}
	}
	for _, e := range g.edges {
		if !e.back && replaced[trunk{e.to, e.kind == catchEdge}] && e.to.rank-e.from.rank > 1 {
			g.refer(e)
		}
	}
}

// refer lets an edge end at a reference right below its state.
func (g *graph) refer(e *edge) {
	r := &node{kind: referenceNode, state: e.to.state, rank: e.from.rank + 1}
	r.measure()
	g.nodes = append(g.nodes, r)
	e.to, e.back, e.happy = r, false, false
}

// place puts the nodes into layers, and a point into each layer that an edge
// passes. Edges to the same node share points, so that what many states lead to
// gets one line.
func (g *graph) place() {
	last := 0
	for _, n := range g.nodes {
		n.layer = stateLayer(n)
		last = max(last, n.layer)
	}
	g.layers = make([][]*node, last+2)
	shared := map[trunk]map[int]*node{}
	for _, e := range g.edges {
		if e.back {
			g.placeLoop(e)
			continue
		}
		k := trunk{e.to, e.kind == catchEdge}
		if shared[k] == nil {
			shared[k] = map[int]*node{}
		}
		g.placeLine(e, shared[k])
	}
	g.initialOrder()
}

// placeLine puts the points of an edge that goes down into the layers up to one
// where shared has a point already.
func (g *graph) placeLine(e *edge, shared map[int]*node) {
	weight := map[edgeKind]float64{nextEdge: weightNext, choiceEdge: weightChoice, catchEdge: weightCatch}[e.kind]
	before := e.from
	add := func(n *node) {
		w := weight
		if before.kind == pointNode && n.kind == pointNode && !e.joins {
			w = weightPoints
		}
		join(before, n, w)
		before = n
	}
	for layer := e.from.layer + 1; layer < e.to.layer && !e.joins; layer++ {
		p := shared[layer]
		switch {
		case layer == e.from.layer+1 && len(e.texts) > 0:
			p = label(e, layer)
		case p != nil:
			e.joins = true
		default:
			p = &node{kind: pointNode, layer: layer}
			shared[layer] = p
		}
		add(p)
		e.points = append(e.points, p)
	}
	if !e.joins {
		add(e.to)
	}
	if !e.happy {
		return
	}
	for _, p := range e.points {
		p.happy = true
	}
	for p := before; p.kind == pointNode; p = p.down[0].to {
		p.happy = true
	}
}

// placeLoop puts the points of an edge that goes up into the layers from above
// its target to below its source, where it turns. Its label is beside the
// source.
func (g *graph) placeLoop(e *edge) {
	for layer := e.to.layer - 1; layer <= e.from.layer+1; layer++ {
		p := &node{kind: pointNode, layer: layer}
		if layer == e.from.layer && len(e.texts) > 0 {
			p = label(e, layer)
		}
		e.points = append(e.points, p)
	}
	first, last := e.points[0], e.points[len(e.points)-1]
	join(first, e.to, weightCatch)
	join(e.from, last, weightCatch)
	for i, p := range e.points[1:] {
		join(e.points[i], p, weightPoints)
	}
}

func label(e *edge, layer int) *node {
	n := &node{kind: pointNode, layer: layer, lines: e.texts}
	n.measure()
	return n
}

func join(upper, lower *node, weight float64) {
	upper.down = append(upper.down, link{lower, weight})
	lower.up = append(lower.up, link{upper, weight})
}
