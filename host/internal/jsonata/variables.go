package jsonata

import (
	"maps"
	"slices"
)

// FreeVariables returns the names, without "$" and sorted, of the variables
// that the expression reads where it does not bind them itself: bindings,
// functions of the host and built-in functions. "$" and "$$" are not among
// them; see InputReads.
func (e *Expression) FreeVariables() []string {
	return slices.Sorted(maps.Keys(walkThrough(e.root).free))
}

// InputReads returns, each once and in their order, how the expression reads
// the input of its evaluation: "$$", or "$", a name or the wildcards "*" and
// "**" where the context is the input. None means that it does not.
func (e *Expression) InputReads() []string { return walkThrough(e.root).input.names }

// Members returns, each once and in their order, the names of the members that
// the expression reads of a variable that it does not bind itself: of
// "$order.lines.price", if order is the variable, lines.
func (e *Expression) Members(variable string) []string {
	w := walker{of: variable, free: map[string]bool{}, bound: map[string]int{}}
	w.walk(e.root, true)
	return w.members.names
}

// nameSet is a set of names in the order in which they were added.
type nameSet struct {
	names []string
	has   map[string]bool
}

func (s *nameSet) add(name string) {
	if s.has == nil {
		s.has = map[string]bool{}
	}
	if !s.has[name] {
		s.has[name] = true
		s.names = append(s.names, name)
	}
}

// walker walks through an expression as evaluating it would.
type walker struct {
	free    map[string]bool
	input   nameSet
	of      string         // the variable whose members are asked for
	members nameSet        // that are read of it
	bound   map[string]int // how often a name is bound where the walk is
	trail   []string       // names in the order in which they were bound
}

func walkThrough(root *node) *walker {
	w := &walker{free: map[string]bool{}, bound: map[string]int{}}
	w.walk(root, true)
	return w
}

func (w *walker) bind(name string) {
	if name != "" {
		w.bound[name]++
		w.trail = append(w.trail, name)
	}
}

// release unbinds what was bound since the trail had a length.
func (w *walker) release(length int) {
	for _, name := range w.trail[length:] {
		w.bound[name]--
	}
	w.trail = w.trail[:length]
}

// walk walks through a node. atInput says that the context is the input of the
// evaluation. What the node binds for what follows it stays bound.
func (w *walker) walk(n *node, atInput bool) {
	if n == nil {
		return
	}
	w.inside(n, atInput)
	for _, p := range n.predicates {
		w.walk(p.filter, false)
	}
	if n.kind != pathNode {
		w.group(n.group)
	}
}

func (w *walker) inside(n *node, atInput bool) {
	length := len(w.trail)
	switch n.kind {
	case variableNode:
		w.variable(n.text, atInput)
	case nameNode:
		w.read(n.text, atInput)
	case wildcardNode:
		w.read("*", atInput)
	case descendantNode:
		w.read("**", atInput)
	case pathNode:
		w.path(n, atInput)
		w.release(length)
	case bindNode:
		w.bind(n.text) // a function may call itself by the name it is bound to
		w.walk(n.rhs, atInput)
	case lambdaNode:
		for _, param := range n.list {
			w.bind(param.text)
		}
		w.walk(n.other, atInput)
		w.release(length)
	case transformNode:
		w.walk(n.lhs, false)
		w.walk(n.rhs, false)
		w.walk(n.other, false)
		w.release(length)
	default:
		w.walk(n.lhs, atInput)
		w.walk(n.rhs, atInput)
		w.walk(n.other, atInput)
		for _, child := range n.list {
			w.walk(child, atInput)
		}
		w.pairs(n.pairs, atInput)
		if n.kind == blockNode {
			w.release(length)
		}
	}
}

func (w *walker) variable(name string, atInput bool) {
	switch {
	case name == "":
		w.read("$", atInput)
	case name == "$":
		w.read("$$", true)
	case w.bound[name] == 0:
		w.free[name] = true
	}
}

// read notes that a name, where its context is the input, reads the input.
func (w *walker) read(name string, atInput bool) {
	if atInput {
		w.input.add(name)
	}
}

// member notes what a path that begins with the variable reads of it.
func (w *walker) member(steps []*node) {
	if len(steps) > 1 && steps[0].kind == variableNode && steps[0].text == w.of && w.bound[w.of] == 0 && steps[1].kind == nameNode {
		w.members.add(steps[1].text)
	}
}

func (w *walker) path(n *node, atInput bool) {
	w.member(n.list)
	for i, step := range n.list {
		if step.kind == sortNode {
			for _, term := range step.terms {
				w.walk(term.expr, false)
			}
		} else {
			w.walk(step, atInput && i == 0)
		}
		w.bind(step.focus)
		w.bind(step.index)
		for _, st := range step.stages {
			w.bind(st.index)
			w.walk(st.filter, false)
		}
	}
	w.group(n.group)
}

func (w *walker) group(g *grouping) {
	if g != nil {
		w.pairs(g.pairs, false)
	}
}

func (w *walker) pairs(pairs [][2]*node, atInput bool) {
	for _, pair := range pairs {
		w.walk(pair[0], atInput)
		w.walk(pair[1], atInput)
	}
}
