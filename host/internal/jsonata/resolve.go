package jsonata

import "slices"

// resolver turns the tree of operators into the tree that is evaluated.
type resolver struct {
	depth  int
	labels int // of "%" so far
}

// maxTreeDepth is how deep the tree of an expression may be.
const maxTreeDepth = 12_000

func resolve(root *node) (*node, *Error) {
	r := &resolver{}
	root, err := r.node(root)
	if err != nil {
		return nil, err
	}
	if root.kind == parentNode || root.seeking != nil {
		return nil, noParent(root)
	}
	return root, nil
}

func (r *resolver) node(n *node) (result *node, err *Error) {
	if r.depth++; r.depth > maxTreeDepth {
		return nil, limitError("the expression is nested deeper than %d", maxTreeDepth).at(n.pos, n.text)
	}
	defer func() { r.depth-- }()
	keepArray := n.keepArray
	switch n.kind {
	case binaryNode:
		result, err = r.binary(n)
	case negateNode:
		result, err = r.negate(n)
	case nameNode:
		result = &node{kind: pathNode, pos: noPosition, list: []*node{n}, keepSingleton: n.keepArray}
	case operatorNode:
		result = n
		if n.text != "?" {
			n.kind = nameNode
			result, err = r.node(n)
		}
	case parentNode:
		n.slot = &slot{label: "!" + string(appendNumber(nil, float64(r.labels))), level: 1}
		r.labels++
		n.text = "" // errors name no token
		result = n
	case arrayNode, blockNode:
		result, err = n, r.items(n)
	case objectNode:
		result, err = n, r.pairs(n.pairs, n)
	case callNode, partialNode:
		if err = r.all(n, n.list); err == nil {
			n.other, err = r.node(n.other)
		}
		result = n
	case lambdaNode:
		if n.other, err = r.node(n.other); err == nil {
			n.other = tailCall(n.other)
		}
		result = n
	case conditionNode:
		result, err = n, r.children(n, true)
	case transformNode:
		result, err = n, r.children(n, false)
	case endNode:
		return nil, newError("S0207").at(n.pos, n.text)
	default:
		result = n
	}
	if err != nil {
		return nil, err
	}
	result.keepArray = result.keepArray || keepArray
	return result, nil
}

// all resolves nodes in place, and hands what they seek to their parent.
func (r *resolver) all(parent *node, list []*node) (err *Error) {
	for i := range list {
		if list[i], err = r.node(list[i]); err != nil {
			return err
		}
		seek(parent, list[i])
	}
	return nil
}

func (r *resolver) items(n *node) *Error {
	if err := r.all(n, n.list); err != nil || n.kind == arrayNode {
		return err
	}
	for _, part := range n.list {
		if part.consArray || part.kind == pathNode && part.list[0].consArray {
			n.consArray = true
		}
	}
	return nil
}

// pairs resolves keys and values. Those of an object seek ancestors outside of
// it; those of a grouping, which has no parent, do not.
func (r *resolver) pairs(pairs [][2]*node, parent *node) (err *Error) {
	for i := range pairs {
		for j := range pairs[i] {
			if pairs[i][j], err = r.node(pairs[i][j]); err != nil {
				return err
			}
			if parent != nil {
				seek(parent, pairs[i][j])
			}
		}
	}
	return nil
}

func (r *resolver) children(n *node, seeks bool) (err *Error) {
	for _, child := range []**node{&n.lhs, &n.rhs, &n.other} {
		if *child == nil {
			continue
		}
		if *child, err = r.node(*child); err != nil {
			return err
		}
		if seeks {
			seek(n, *child)
		}
	}
	return nil
}

func (r *resolver) negate(n *node) (*node, *Error) {
	operand, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if operand.kind == numberNode {
		operand.num = -operand.num
		return operand, nil
	}
	n.lhs = operand
	seek(n, operand)
	return n, nil
}

func (r *resolver) binary(n *node) (*node, *Error) {
	switch n.text {
	case ".":
		return r.step(n)
	case "[":
		return r.predicate(n)
	case "{":
		result, err := r.node(n.lhs)
		if err != nil {
			return nil, err
		}
		if result.group != nil {
			return nil, newError("S0210").at(n.pos, "")
		}
		result.group = &grouping{pairs: n.pairs, pos: n.pos}
		return result, r.pairs(n.pairs, nil)
	case "^":
		return r.orderBy(n)
	case ":=":
		n.kind, n.text = bindNode, n.lhs.text
		rhs, err := r.node(n.rhs)
		if err != nil {
			return nil, err
		}
		n.rhs = rhs
		seek(n, rhs)
		return n, nil
	case "@":
		return r.focus(n)
	case "#":
		return r.position(n)
	case "~>":
		n.kind = applyNode
		err := r.children(n, false)
		n.keepArray = err == nil && (n.lhs.keepArray || n.rhs.keepArray)
		return n, err
	}
	return n, r.children(n, true)
}

func pathOf(n *node) *node {
	if n.kind == pathNode {
		return n
	}
	return &node{kind: pathNode, pos: noPosition, list: []*node{n}}
}

func last(path *node) *node { return path.list[len(path.list)-1] }

// step resolves "." by appending the right side to the path on the left.
func (r *resolver) step(n *node) (*node, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	path := pathOf(left)
	if left.kind == parentNode {
		path.seeking = &seeking{slots: []*slot{left.slot}}
	}
	rest, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	if rest.kind == pathNode {
		path.list = append(path.list, rest.list...)
	} else {
		rest.stages = append(rest.stages, rest.predicates...)
		rest.predicates = nil
		path.list = append(path.list, rest)
	}
	for _, step := range path.list {
		switch step.kind {
		case numberNode, valueNode:
			return nil, valueError("S0213", step.literal()).at(step.pos, "")
		case stringNode:
			step.kind = nameNode
		}
		path.keepSingleton = path.keepSingleton || step.keepArray
	}
	for _, step := range []*node{path.list[0], last(path)} {
		if step.kind == arrayNode {
			step.consArray = true
		}
	}
	return path, resolveAncestry(path)
}

func (r *resolver) predicate(n *node) (*node, *Error) {
	result, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result
	if result.kind == pathNode {
		step = last(result)
	}
	if step.group != nil {
		return nil, newError("S0209").at(n.pos, "")
	}
	filter, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	if filter.seeking != nil {
		for _, slot := range filter.seeking.slots {
			if slot.level == 1 {
				if err := seekParent(step, slot); err != nil {
					return nil, err
				}
			} else {
				slot.level--
			}
		}
		seek(step, filter)
	}
	if result.kind == pathNode {
		step.stages = append(step.stages, stage{filter: filter})
	} else {
		step.predicates = append(step.predicates, stage{filter: filter})
	}
	return result, nil
}

func (r *resolver) orderBy(n *node) (*node, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	path := pathOf(left)
	sort := &node{kind: sortNode, pos: n.pos, terms: n.terms}
	for i := range sort.terms {
		if sort.terms[i].expr, err = r.node(sort.terms[i].expr); err != nil {
			return nil, err
		}
		seek(sort, sort.terms[i].expr)
	}
	path.list = append(path.list, sort)
	return path, resolveAncestry(path)
}

func (r *resolver) focus(n *node) (*node, *Error) {
	result, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result
	if result.kind == pathNode {
		step = last(result)
	}
	if step.stages != nil || step.predicates != nil {
		return nil, newError("S0215").at(n.pos, "")
	}
	if step.kind == sortNode {
		return nil, newError("S0216").at(n.pos, "")
	}
	step.keepArray = step.keepArray || n.keepArray
	step.focus, step.tuple = n.rhs.text, true
	return result, nil
}

func (r *resolver) position(n *node) (*node, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	path := pathOf(left)
	step := last(path)
	if path != left {
		step.stages, step.predicates = step.predicates, nil
	}
	if step.stages == nil {
		step.index = n.rhs.text
	} else {
		step.stages = append(step.stages, stage{index: n.rhs.text})
	}
	step.tuple = true
	return path, nil
}

// tailCall wraps the calls that a function ends with, so that evaluating its
// body returns the call instead of making it: the caller makes it in a loop,
// and functions that end with a call of themselves need no depth.
func tailCall(n *node) *node {
	switch n.kind {
	case callNode:
		if n.predicates == nil {
			return &node{kind: lambdaNode, thunk: true, pos: n.pos, other: n}
		}
	case conditionNode:
		n.rhs = tailCall(n.rhs)
		if n.other != nil {
			n.other = tailCall(n.other)
		}
	case blockNode:
		if len(n.list) > 0 {
			n.list = slices.Clone(n.list)
			n.list[len(n.list)-1] = tailCall(last(n))
		}
	}
	return n
}
