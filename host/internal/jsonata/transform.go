package jsonata

// transformer makes the function that "| pattern | update, delete |" stands
// for: it gives a copy of its argument in which what the pattern finds is
// changed.
func (ev *evaluation) transformer(n *node, f *frame) *Function {
	return &Function{kind: nativeFunction, native: &native{
		arity:     1,
		signature: transformSignature,
		call: func(c *call) (any, *Error) {
			if c.arg(0) == Undefined {
				return Undefined, nil
			}
			return ev.transform(n, c.arg(0), f)
		},
	}}
}

var transformSignature = mustSignature("<(oa):o>")

func (ev *evaluation) transform(n *node, v any, f *frame) (any, *Error) {
	clone, ok := asFunction(ev.lookup(f, "clone"))
	if !ok {
		return nil, newError("T2013").at(n.pos, "")
	}
	result, err := ev.apply(clone, []any{v}, nil, f)
	if err != nil {
		return nil, err
	}
	matches, err := ev.eval(n.lhs, result, f)
	if err != nil || matches == Undefined {
		return result, err
	}
	for _, match := range itemsOrSelf(matches) {
		if err := ev.update(n, match, f); err != nil {
			return nil, err
		}
		if n.other != nil {
			if err := ev.deleteKeys(n, match, f); err != nil {
				return nil, err
			}
		}
	}
	return result, nil
}

// mine returns a match as an object if the evaluation made it. What came with
// the input is never changed: others may be reading it.
func (ev *evaluation) mine(match any) (*Object, bool) {
	o, ok := match.(*Object)
	return o, ok && o.own == ev
}

func (ev *evaluation) update(n *node, match any, f *frame) *Error {
	v, err := ev.eval(n.rhs, match, f)
	if err != nil || v == Undefined {
		return err
	}
	update, ok := v.(*Object)
	if !ok {
		return valueError("T2011", v).at(n.rhs.pos, "")
	}
	if target, ok := ev.mine(match); ok && target != update {
		ev.makeItems(update.Len())
		for key, value := range update.All() {
			target.Set(key, value)
		}
	}
	return nil
}

func (ev *evaluation) deleteKeys(n *node, match any, f *frame) *Error {
	v, err := ev.eval(n.other, match, f)
	if err != nil || v == Undefined {
		return err
	}
	keys := itemsOrSelf(v)
	ev.spend(len(keys))
	for _, key := range keys {
		if _, ok := key.(string); !ok {
			return valueError("T2012", v).at(n.other.pos, "")
		}
	}
	if target, ok := ev.mine(match); ok {
		for _, key := range keys {
			target.Delete(key.(string))
		}
	}
	return nil
}
