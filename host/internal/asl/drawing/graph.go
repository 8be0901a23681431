package drawing

import (
	"slices"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

type nodeKind int

const (
	stateNode     nodeKind = iota
	startNode              // the dot that an execution begins with
	endNode                // the dot that it ends with
	referenceNode          // the name of a state that is too far away for a line
	pointNode              // where an edge passes a layer, perhaps with a label
)

// node is whatever has a place in a layer.
type node struct {
	kind  nodeKind
	state *asl.State // of a stateNode; what a referenceNode names
	inner []*graph   // what a Parallel or Map state contains
	lines []string   // the label of a pointNode
	out   []*edge

	width, height int
	rank          int // of layout without points: 0 is the first
	layer, order  int
	x, y          int // of the middle, of the top
	happy         bool
	down, up      []link
}

// link connects nodes of adjacent layers.
type link struct {
	to     *node
	weight float64 // how much the link wants to be vertical
}

type edgeKind int

const (
	nextEdge edgeKind = iota
	choiceEdge
	catchEdge
)

// edge is a transition, or several of the same kind between the same states.
type edge struct {
	from, to *node
	kind     edgeKind
	texts    []string // what leads along it: rules, errors
	back     bool     // goes up
	happy    bool
	points   []*node // on the way from the upper end to the lower
	joins    bool    // the last point is one of another edge, which leads on
}

// graph is a branch and its layout.
type graph struct {
	nodes         []*node // in the order written; later, references too
	edges         []*edge
	layers        [][]*node
	tops, bottoms []int // of layers
	width, height int
}

// newGraph makes the graph of a branch, with those of the branches inside laid
// out. Only the whole machine has dots where it starts and ends.
func newGraph(b *asl.Branch, whole bool) *graph {
	g := &graph{}
	nodes := make(map[string]*node, len(b.Names))
	for _, name := range b.Names {
		n := &node{kind: stateNode, state: b.States[name]}
		for _, inner := range n.state.Branches {
			n.inner = append(n.inner, layout(inner, false))
		}
		if n.state.Processor != nil {
			n.inner = append(n.inner, layout(n.state.Processor, false))
		}
		n.measure()
		nodes[name] = n
		g.nodes = append(g.nodes, n)
	}
	// The state that a branch starts at comes first: ranking begins there.
	if first := nodes[b.StartAt]; first != nil {
		i := slices.Index(g.nodes, first)
		g.nodes = slices.Insert(slices.Delete(g.nodes, i, i+1), 0, first)
		if whole {
			start := &node{kind: startNode, width: 16, height: 16}
			g.nodes = slices.Insert(g.nodes, 0, start)
			g.connect(start, first, nextEdge)
		}
	}
	for _, name := range b.Names {
		g.transitions(nodes[name], nodes)
	}
	if !whole {
		return g
	}
	end := &node{kind: endNode, width: 18, height: 18}
	for _, name := range b.Names {
		if n := nodes[name]; n.state.Terminal() && n.state.Type != asl.TypeFail {
			g.connect(n, end, nextEdge)
		}
	}
	if len(g.edges) > 0 && g.edges[len(g.edges)-1].to == end {
		g.nodes = append(g.nodes, end)
	}
	return g
}

// transitions adds the edges out of a state.
func (g *graph) transitions(n *node, nodes map[string]*node) {
	type key struct {
		to    *node
		catch bool
	}
	seen := map[key]*edge{}
	add := func(to string, kind edgeKind, text string) {
		target := nodes[to]
		if target == nil {
			return
		}
		k := key{target, kind == catchEdge}
		if seen[k] == nil {
			seen[k] = g.connect(n, target, kind)
		}
		if text != "" {
			seen[k].texts = append(seen[k].texts, clip(printable(text)))
		}
	}
	for _, rule := range n.state.Choices {
		text := rule.Label
		if rule.Comment != "" {
			text = rule.Comment
		}
		add(rule.Next, choiceEdge, text)
	}
	if n.state.Default != "" {
		add(n.state.Default, choiceEdge, "Default")
	}
	if n.state.Next != "" {
		add(n.state.Next, nextEdge, "")
	}
	for _, catcher := range n.state.Catch {
		for _, name := range catcher.ErrorEquals {
			add(catcher.Next, catchEdge, name)
		}
	}
}

func (g *graph) connect(from, to *node, kind edgeKind) *edge {
	e := &edge{from: from, to: to, kind: kind}
	from.out = append(from.out, e)
	g.edges = append(g.edges, e)
	return e
}
