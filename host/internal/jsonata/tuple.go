package jsonata

// tupleStep evaluates a step in a path that binds variables: for each tuple,
// and each value the step gives for it, one tuple with the step's bindings
// added.
func (ev *evaluation) tupleStep(n *node, input any, tuples *list, f *frame) (*list, *Error) {
	var result *list
	var err *Error
	if n.kind == sortNode {
		result, err = ev.sortedTuples(n, input, tuples, f)
	} else {
		result, err = ev.extend(n, input, tuples, f)
	}
	if err != nil || n.stages == nil {
		return result, err
	}
	staged, err := ev.runStages(n.stages, result, f)
	if err != nil {
		return nil, err
	}
	if l, ok := staged.(*list); ok {
		return l, nil
	}
	items, _ := itemsOf(staged)
	return &list{items: items}, nil
}

func (ev *evaluation) sortedTuples(n *node, input any, tuples *list, f *frame) (*list, *Error) {
	if tuples == nil {
		sorted, err := ev.sort(n, input, f)
		if err != nil {
			return nil, err
		}
		result := &list{sequence: true, tupleStream: true}
		for i, item := range ev.indexable(sorted) {
			ev.makeItems(1)
			t := &tuple{context: item}
			if n.index != "" {
				t.set(n.index, float64(i))
			}
			result.push(t)
		}
		return result, nil
	}
	sorted, err := ev.sort(n, tuples, f)
	if err != nil {
		return nil, err
	}
	if l, ok := sorted.(*list); ok {
		return l, nil
	}
	// What sorting has made is no stream any more: predicates on it see tuples
	// as objects, as in the reference.
	items, _ := itemsOf(sorted)
	return &list{items: items}, nil
}

func (ev *evaluation) extend(n *node, input any, tuples *list, f *frame) (*list, *Error) {
	if tuples == nil {
		tuples = &list{}
		for _, item := range ev.indexable(input) {
			ev.makeItems(1)
			tuples.push(&tuple{context: item})
		}
	}
	result := &list{sequence: true, tupleStream: true}
	for _, item := range tuples.all() {
		t, ok := item.(*tuple)
		if !ok {
			continue
		}
		v, err := ev.eval(n, t.context, tupleFrame(f, t))
		if err != nil {
			return nil, err
		}
		if v == Undefined {
			continue
		}
		l, isList := v.(*list)
		values := itemsOrSelf(v)
		ev.makeItems(len(values) * (len(t.names) + 1))
		for i, value := range values {
			next := t.with(value)
			if inner, ok := value.(*tuple); ok && isList && l.tupleStream {
				next.merge(inner)
				result.push(next)
				continue
			}
			if n.focus != "" {
				next.set(n.focus, value)
				next.context = t.context
			}
			if n.index != "" {
				next.set(n.index, float64(i))
			}
			if n.ancestor != nil {
				next.set(n.ancestor.label, t.context)
			}
			result.push(next)
		}
	}
	return result, nil
}
