package jsonata

// The parent operator "%" means the value that the step before the current one
// came from. Which step that is follows from the path alone: resolving walks
// back from each "%" to the step whose input it means. That step is made to
// remember its input, under the label of the slot, in the tuples that run
// through the path.

func noParent(n *node) *Error {
	return newError("S0217").at(n.pos, n.kind.String())
}

// seek hands the slots that a node seeks, and its own, to its parent.
func seek(parent, n *node) {
	if n.seeking == nil && n.kind != parentNode {
		return
	}
	slots := n.seeking
	if slots == nil {
		slots = &seeking{}
	}
	if n.kind == parentNode {
		slots.slots = append(slots.slots, n.slot)
	}
	if parent.seeking == nil {
		parent.seeking = slots
	} else if parent.seeking != slots {
		parent.seeking.slots = append(parent.seeking.slots, slots.slots...)
	}
}

// seekParent looks for the step of a slot in a node that stands before it.
func seekParent(n *node, s *slot) *Error {
	switch n.kind {
	case nameNode, wildcardNode:
		s.level--
		if s.level == 0 {
			if n.ancestor != nil {
				s.label = n.ancestor.label // the step remembers its input under one label only
			}
			n.ancestor = s
			n.tuple = true
		}
	case parentNode:
		s.level++
	case blockNode:
		if len(n.list) > 0 {
			n.tuple = true
			return seekParent(last(n), s)
		}
	case pathNode:
		n.tuple = true
		i := len(n.list) - 1
		if err := seekParent(n.list[i], s); err != nil {
			return err
		}
		for i--; s.level > 0 && i >= 0; i-- {
			if err := seekParent(n.list[i], s); err != nil {
				return err
			}
		}
	default:
		return noParent(n)
	}
	return nil
}

// resolveAncestry looks for the slots that the last step of a path seeks in the
// steps before it. Those that are not there are sought by the path.
func resolveAncestry(path *node) *Error {
	step := last(path)
	var slots []*slot
	if step.seeking != nil {
		slots = step.seeking.slots
	}
	if step.kind == parentNode {
		slots = append(slots[:len(slots):len(slots)], step.slot)
	}
	for _, s := range slots {
		for i := len(path.list) - 2; s.level > 0; {
			if i < 0 {
				if path.seeking == nil {
					path.seeking = &seeking{}
				}
				path.seeking.slots = append(path.seeking.slots, s)
				break
			}
			step := path.list[i]
			i--
			for i >= 0 && step.focus != "" && path.list[i].focus != "" { // steps that bind the same input
				step = path.list[i]
				i--
			}
			if err := seekParent(step, s); err != nil {
				return err
			}
		}
	}
	return nil
}
