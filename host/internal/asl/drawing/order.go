package drawing

import (
	"cmp"
	"slices"
)

// initialOrder puts the nodes of each layer into the order in which a walk from
// the first node meets them: the order of the rules, then errors, then loops.
func (g *graph) initialOrder() {
	seen := map[*node]bool{}
	walk := func(root *node) {
		stack := []*node{root}
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[n] {
				continue
			}
			seen[n] = true
			n.order = len(g.layers[n.layer])
			g.layers[n.layer] = append(g.layers[n.layer], n)
			for _, l := range slices.Backward(n.down) {
				if !seen[l.to] {
					stack = append(stack, l.to)
				}
			}
		}
	}
	for _, n := range g.nodes {
		if len(n.up) == 0 || n.rank == 0 {
			walk(n)
		}
	}
	for _, n := range g.nodes {
		walk(n)
	}
	for _, e := range g.edges {
		if e.back {
			walk(e.points[0])
		}
	}
}

// Ordering looks at about this many links, whatever the size of the graph.
const orderingWork = 1 << 21

// reorder sorts the layers so that few links cross: downwards by where the nodes
// above are, upwards by where those below are, as long as it helps.
func (g *graph) reorder() {
	links := 1
	for _, layer := range g.layers {
		for _, n := range layer {
			links += len(n.down)
		}
	}
	rounds := min(max(orderingWork/links/4, 1), 24)
	best, fewest := g.orders(), g.crossings()
	for round := range rounds {
		if fewest == 0 {
			break
		}
		if round%2 == 0 {
			for i := 1; i < len(g.layers); i++ {
				sortLayer(g.layers[i], func(n *node) []link { return n.up })
			}
		} else {
			for i := len(g.layers) - 2; i >= 0; i-- {
				sortLayer(g.layers[i], func(n *node) []link { return n.down })
			}
		}
		if links < 4000 {
			g.exchange()
		}
		if crossings := g.crossings(); crossings < fewest {
			best, fewest = g.orders(), crossings
		}
	}
	for i, layer := range best {
		g.layers[i] = layer
		number(layer)
	}
}

func (g *graph) orders() [][]*node {
	all := make([][]*node, len(g.layers))
	for i, layer := range g.layers {
		all[i] = slices.Clone(layer)
	}
	return all
}

func number(layer []*node) {
	for i, n := range layer {
		n.order = i
	}
}

// sortLayer sorts a layer by the mean place of the neighbours. Nodes without
// any stay where they are.
func sortLayer(layer []*node, neighbours func(*node) []link) {
	type placed struct {
		n    *node
		mean float64
	}
	var moving []placed
	for _, n := range layer {
		if links := neighbours(n); len(links) > 0 {
			sum := 0
			for _, l := range links {
				sum += l.to.order
			}
			moving = append(moving, placed{n, float64(sum) / float64(len(links))})
		}
	}
	slices.SortStableFunc(moving, func(a, b placed) int { return cmp.Compare(a.mean, b.mean) })
	next := 0
	for i, n := range layer {
		if len(neighbours(n)) > 0 {
			layer[i] = moving[next].n
			next++
		}
	}
	number(layer)
}

// exchange swaps neighbours in a layer where that removes crossings.
func (g *graph) exchange() {
	for _, layer := range g.layers {
		for i := 1; i < len(layer); i++ {
			a, b := layer[i-1], layer[i]
			now := crossingsOf(a.up, b.up) + crossingsOf(a.down, b.down)
			then := crossingsOf(b.up, a.up) + crossingsOf(b.down, a.down)
			if then < now {
				layer[i-1], layer[i] = b, a
				a.order, b.order = i, i-1
			}
		}
	}
}

// crossingsOf counts how many links of a node cross those of the node to its
// right.
func crossingsOf(left, right []link) int {
	n := 0
	for _, l := range left {
		for _, r := range right {
			if l.to.order > r.to.order {
				n++
			}
		}
	}
	return n
}

// crossings counts the links that cross, in each pair of layers with a tree of
// partial sums.
func (g *graph) crossings() int {
	total := 0
	var ends []int
	for i, layer := range g.layers[:len(g.layers)-1] {
		sums := make([]int, len(g.layers[i+1])+1)
		seen := 0
		for _, n := range layer {
			ends = ends[:0]
			for _, l := range n.down {
				ends = append(ends, l.to.order)
			}
			slices.Sort(ends)
			for _, end := range ends {
				// Those before that end further right cross this one.
				upTo := 0
				for j := end + 1; j > 0; j -= j & -j {
					upTo += sums[j]
				}
				total += seen - upTo
			}
			for _, end := range ends {
				for j := end + 1; j < len(sums); j += j & -j {
					sums[j]++
				}
				seen++
			}
		}
	}
	return total
}
