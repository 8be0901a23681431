package drawing

import (
	"math"
	"slices"
)

// straightRounds is how often long lines are made straighter. Where two are in
// each other's way, each round halves the bend that is left, so that one of a
// thousand pixels goes.
const straightRounds = 10

// columns gives every node its x. The happy path is at 0 and straight; every
// other node goes as near as it can to the middle of its neighbours, in several
// rounds down and up. Then long lines are straightened, and the whole is moved
// to begin at 0.
func (g *graph) columns() {
	for _, layer := range g.layers {
		pack(layer)
	}
	const rounds = 6
	for round := range rounds {
		for i := 1; i < len(g.layers); i++ {
			settle(g.layers[i], func(n *node) (x, weight float64) { return wish(n, n.up) })
		}
		if round == rounds-1 {
			break
		}
		for i := len(g.layers) - 1; i >= 0; i-- {
			settle(g.layers[i], func(n *node) (x, weight float64) { return wish(n, n.down) })
		}
	}
	for range straightRounds {
		for i := 1; i < len(g.layers); i++ {
			settle(g.layers[i], straightWish)
		}
		for i := len(g.layers) - 1; i >= 0; i-- {
			settle(g.layers[i], lastWish)
		}
	}
	g.normalise()
}

// straightWish is where a point of a long line wishes to be so that the line
// goes on straight below another; all else stays.
func straightWish(n *node) (x, weight float64) {
	if n.kind == pointNode && len(n.up) > 0 && n.up[0].to.kind == pointNode {
		return wish(n, n.up)
	}
	return float64(n.x), weightNext
}

// lastWish is what decides at last. Lines are to bend where they leave a state,
// long ones also where they arrive, and to be straight otherwise. How long ones
// arrive matters least.
func lastWish(n *node) (x, weight float64) {
	switch {
	case n.kind != pointNode || len(n.down) == 0:
		return wish(n, n.up, n.down)
	case n.down[0].to.kind != pointNode && len(n.up) > 0 && n.up[0].to.kind == pointNode:
		x, _ = wish(n, n.up)
		return x, weightCatch / 1000.0
	}
	return wish(n, n.down)
}

// normalise moves the whole so that it begins at x = 0.
func (g *graph) normalise() {
	left, right := math.MaxInt, math.MinInt
	for _, layer := range g.layers {
		for _, n := range layer {
			left = min(left, n.x-n.width/2)
			right = max(right, n.x+n.width/2)
		}
	}
	if left > right {
		return
	}
	for _, layer := range g.layers {
		for _, n := range layer {
			n.x -= left
		}
	}
	g.width = right - left
}

// distance is how far apart the middles of two neighbours in a layer have to
// be, in pixels.
func distance(left, right *node) int {
	gap := 28
	switch {
	case left.kind == pointNode && right.kind == pointNode:
		gap = 16
	case left.kind == pointNode || right.kind == pointNode:
		gap = 20
	}
	return left.width/2 + right.width/2 + gap
}

// pack puts the nodes of a layer side by side, around the happy path.
func pack(layer []*node) {
	for i, n := range layer {
		n.x = 0
		if i > 0 {
			n.x = layer[i-1].x + distance(layer[i-1], n)
		}
	}
	if i := happyIndex(layer); i >= 0 {
		shift := layer[i].x
		for _, n := range layer {
			n.x -= shift
		}
	}
}

func happyIndex(layer []*node) int {
	return slices.IndexFunc(layer, func(n *node) bool { return n.happy })
}

// settle moves the nodes of a layer to where they wish to be, as far as their
// order and distances allow. The happy path stays.
func settle(layer []*node, wish func(*node) (x, weight float64)) {
	// Without the distances before them, places need only be in order.
	offset := 0
	places := make([]place, len(layer))
	for i, n := range layer {
		if i > 0 {
			offset += distance(layer[i-1], n)
		}
		x, weight := wish(n)
		places[i] = place{wanted: x - float64(offset), weight: weight, offset: offset}
	}
	low, high := math.MinInt, math.MaxInt
	if fixed := happyIndex(layer); fixed >= 0 {
		// Bounded on one side, the best places are the same, cut off there.
		at := layer[fixed].x - places[fixed].offset
		settlePart(layer[:fixed], places[:fixed], low, at)
		settlePart(layer[fixed+1:], places[fixed+1:], at, high)
		return
	}
	settlePart(layer, places, low, high)
}

// place is where a node wants to be, less the distances before it in its layer.
type place struct {
	wanted, weight float64
	offset         int
}

// settlePart finds the places in order, from low to high, with the least
// weighted sum of squared deviations: isotonic regression, by pooling adjacent
// violators.
func settlePart(layer []*node, places []place, low, high int) {
	type pool struct {
		sum, weight float64
		count       int
	}
	pools := make([]pool, 0, len(places))
	for _, p := range places {
		// A product is rounded before it is added, or machines would differ.
		last := pool{sum: float64(p.weight * p.wanted), weight: p.weight, count: 1}
		for len(pools) > 0 {
			before := pools[len(pools)-1]
			if before.sum/before.weight <= last.sum/last.weight {
				break
			}
			last = pool{before.sum + last.sum, before.weight + last.weight, before.count + last.count}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, last)
	}
	i := 0
	for _, p := range pools {
		x := min(max(int(math.Round(p.sum/p.weight)), low), high)
		for range p.count {
			layer[i].x = x + places[i].offset
			i++
		}
	}
}

// wish is where the links of a node want it, and how much. Those that want it
// most decide.
func wish(n *node, links ...[]link) (x, weight float64) {
	sum, count := 0, 0
	for _, side := range links {
		for _, l := range side {
			switch {
			case l.weight > weight:
				sum, count, weight = l.to.x, 1, l.weight
			case l.weight == weight:
				sum += l.to.x
				count++
			}
		}
	}
	if count == 0 {
		return float64(n.x), weightCatch / 2.0
	}
	return float64(sum) / float64(count), weight
}
