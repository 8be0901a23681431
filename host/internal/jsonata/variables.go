package jsonata

import (
	"maps"
	"slices"
)

// FreeVariables returns the names, without "$" and sorted, of the variables
// that the expression reads where it does not bind them itself: bindings,
// functions of the host and built-in functions. "$" and "$$" are not among
// them; see ReadsInput.
func (e *Expression) FreeVariables() []string {
	w := walker{free: map[string]bool{}}
	w.walk(e.root, scope{atInput: true})
	return slices.Sorted(maps.Keys(w.free))
}

// ReadsInput reports whether the expression reads the input of its evaluation:
// by "$$", or by "$", a name or a wildcard where the context is the input.
func (e *Expression) ReadsInput() bool {
	w := walker{free: map[string]bool{}}
	w.walk(e.root, scope{atInput: true})
	return w.input
}

// walker walks through an expression as evaluating it would.
type walker struct {
	free  map[string]bool
	input bool
}

// scope is what is known at a place in an expression.
type scope struct {
	names   *names
	atInput bool // the context is the input of the evaluation
}

// names is a list of bound variables, those of a block with an own head.
type names struct {
	name  string
	outer *names
}

func (n *names) has(name string) bool {
	for ; n != nil; n = n.outer {
		if n.name == name {
			return true
		}
	}
	return false
}

func (s scope) with(name string) scope {
	if name != "" {
		s.names = &names{name, s.names}
	}
	return s
}

// away is the scope where the context is something else.
func (s scope) away() scope {
	s.atInput = false
	return s
}

// walk returns the scope for what follows the node: with the variables that it
// has bound.
func (w *walker) walk(n *node, s scope) scope {
	if n == nil {
		return s
	}
	after := w.inside(n, s)
	for _, p := range n.predicates {
		w.walk(p.filter, after.away())
	}
	if n.kind != pathNode {
		w.group(n.group, after.away())
	}
	return after
}

func (w *walker) inside(n *node, s scope) scope {
	switch n.kind {
	case variableNode:
		switch {
		case n.text == "":
			w.input = w.input || s.atInput
		case n.text == "$":
			w.input = true
		case !s.names.has(n.text):
			w.free[n.text] = true
		}
	case nameNode, wildcardNode, descendantNode:
		w.input = w.input || s.atInput
	case pathNode:
		return w.path(n, s)
	case blockNode:
		inner := s
		for _, part := range n.list {
			inner = w.walk(part, inner)
		}
		return s
	case bindNode:
		// A function may call itself by the name it is bound to.
		return w.walk(n.rhs, s.with(n.text)).with(n.text)
	case lambdaNode:
		inner := s
		for _, param := range n.list {
			inner = inner.with(param.text)
		}
		w.walk(n.other, inner)
		return s
	case transformNode:
		w.walk(n.lhs, s.away())
		w.walk(n.rhs, s.away())
		w.walk(n.other, s.away())
		return s
	case objectNode:
		for _, pair := range n.pairs {
			s = w.walk(pair[1], w.walk(pair[0], s))
		}
		return s
	}
	s = w.walk(n.other, w.walk(n.rhs, w.walk(n.lhs, s)))
	for _, child := range n.list {
		s = w.walk(child, s)
	}
	return s
}

func (w *walker) path(n *node, s scope) scope {
	inner := s
	for i, step := range n.list {
		if i > 0 {
			inner = inner.away()
		}
		if step.kind == sortNode {
			for _, term := range step.terms {
				w.walk(term.expr, inner.away())
			}
		} else {
			inner.names = w.walk(step, inner).names
		}
		inner = inner.with(step.focus).with(step.index)
		for _, st := range step.stages {
			inner = inner.with(st.index)
			w.walk(st.filter, inner.away())
		}
	}
	w.group(n.group, inner.away())
	return s
}

func (w *walker) group(g *grouping, s scope) {
	if g == nil {
		return
	}
	for _, pair := range g.pairs {
		s = w.walk(pair[1], w.walk(pair[0], s))
	}
}
