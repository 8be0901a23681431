package drawing

import "github.com/lambent-dev/lambent/host/internal/asl"

// rank finds the edges that close loops, puts every node below all that lead to
// it, and marks the path to draw straight.
func (g *graph) rank() {
	order := g.topological()
	for _, n := range order {
		for _, e := range n.out {
			if !e.back {
				e.to.rank = max(e.to.rank, n.rank+1)
			}
		}
	}
	g.markHappy(order)
}

// topological orders the nodes so that edges go forward, except those that it
// marks: they lead back to a state on the way from the first one.
func (g *graph) topological() []*node {
	const unseen, open, done = 0, 1, 2
	type visit struct {
		n    *node
		next int
	}
	status := make(map[*node]int, len(g.nodes))
	order := make([]*node, 0, len(g.nodes)) // reversed
	for _, root := range g.nodes {
		if status[root] != unseen {
			continue
		}
		status[root] = open
		stack := []visit{{n: root}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(top.n.out) {
				status[top.n] = done
				order = append(order, top.n)
				stack = stack[:len(stack)-1]
				continue
			}
			e := top.n.out[top.next]
			top.next++
			switch status[e.to] {
			case unseen:
				status[e.to] = open
				stack = append(stack, visit{n: e.to})
			case open:
				e.back = true
			}
		}
	}
	for i, j := 0, len(order)-1; i < j; i, j = i+1, j-1 {
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// failing is what ending with an error costs in the length of a path.
const failing = 1 << 24

// markHappy marks the longest path from the first node that no error is on. Of
// rules that are equally good it takes the middle one, so that the others have
// room on both sides.
func (g *graph) markHappy(order []*node) {
	if len(g.nodes) == 0 {
		return
	}
	length := make(map[*node]int, len(order))
	best := func(n *node) []*edge {
		var edges []*edge
		for _, e := range n.out {
			switch {
			case e.back, e.kind == catchEdge:
			case len(edges) == 0 || length[e.to] > length[edges[0].to]:
				edges = append(edges[:0], e)
			case length[e.to] == length[edges[0].to]:
				edges = append(edges, e)
			}
		}
		return edges
	}
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		if edges := best(n); len(edges) > 0 {
			length[n] = length[edges[0].to] + 1
		} else if n.kind == stateNode && n.state.Type == asl.TypeFail {
			length[n] = -failing
		}
	}
	for n := g.nodes[0]; ; {
		n.happy = true
		edges := best(n)
		if len(edges) == 0 {
			return
		}
		e := edges[(len(edges)-1)/2]
		e.happy = true
		n = e.to
	}
}
