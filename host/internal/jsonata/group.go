package jsonata

// group evaluates an object constructor for the items of an array: items with
// the same key are brought together, and the value is evaluated once for all
// of them.
func (ev *evaluation) group(pairs [][2]*node, pos int, input any, f *frame) (any, *Error) {
	stream := false
	if l, ok := input.(*list); ok && l.tupleStream {
		stream = true
	}
	items, isArray := itemsOf(input)
	switch {
	case !isArray:
		items = []any{input}
	case len(items) == 0:
		items = []any{Undefined} // so that an object without reference to the input is made
	}
	groups, err := ev.collect(pairs, pos, items, stream, f)
	if err != nil {
		return nil, err
	}
	result := ev.newObject()
	for i := range groups {
		g := &groups[i]
		context, inner := g.context(), f
		if stream {
			t := ev.reduceTuples(g.items)
			context, inner = t.context, tupleFrame(f, t)
		}
		v, err := ev.eval(pairs[g.pair][1], context, inner)
		if err != nil {
			return nil, err
		}
		if v != Undefined {
			result.Set(g.key, v)
		}
	}
	return result, nil
}

// keyGroup is the items that have one key.
type keyGroup struct {
	key   string
	pair  int // whose key it is
	items []any
	many  bool // items is an array that came from several
}

// add appends an item, or the items of one that is an array.
func (g *keyGroup) add(ev *evaluation, item any) {
	if item == Undefined {
		return
	}
	if !g.many {
		g.many = true
		if inner, ok := itemsOf(g.items[0]); ok {
			ev.makeItems(len(inner))
			g.items = append([]any(nil), inner...)
		} else if g.items[0] == Undefined {
			g.items, g.many = g.items[:0], false
			g.items = append(g.items, item)
			return
		}
	}
	if inner, ok := itemsOf(item); ok {
		ev.makeItems(len(inner))
		g.items = append(g.items, inner...)
		return
	}
	ev.makeItems(1)
	g.items = append(g.items, item)
}

// context is what the group's value is evaluated with.
func (g *keyGroup) context() any {
	if g.many {
		return g.items
	}
	return g.items[0]
}

func (ev *evaluation) collect(pairs [][2]*node, pos int, items []any, stream bool, f *frame) ([]keyGroup, *Error) {
	var groups []keyGroup
	var byKey map[string]int
	for _, item := range items {
		context, inner := item, f
		if t, ok := item.(*tuple); ok && stream {
			context, inner = t.context, tupleFrame(f, t)
		}
		for i := range pairs {
			v, err := ev.eval(pairs[i][0], context, inner)
			if err != nil {
				return nil, err
			}
			if v == Undefined {
				continue
			}
			key, ok := v.(string)
			if !ok {
				return nil, valueError("T1003", v).at(pos, "")
			}
			if at, found := byKey[key]; found {
				if groups[at].pair != i {
					return nil, valueError("D1009", key).at(pos, "")
				}
				groups[at].add(ev, item)
				continue
			}
			if byKey == nil {
				byKey = make(map[string]int, len(pairs))
			}
			ev.makeItems(1)
			byKey[key] = len(groups)
			groups = append(groups, keyGroup{key: key, pair: i, items: []any{item}})
		}
	}
	return groups, nil
}

// reduceTuples makes one tuple of those of a group: of each binding, and of the
// context, the values of all of them.
func (ev *evaluation) reduceTuples(items []any) *tuple {
	first, ok := items[0].(*tuple)
	if !ok {
		return &tuple{context: Undefined}
	}
	if len(items) == 1 {
		// As in the reference, the context of a single tuple is there for the
		// first of its groups only.
		only := *first
		first.context = Undefined
		return &only
	}
	gather := func(get func(*tuple) any) any {
		var v any = Undefined
		var joined []any
		for i, item := range items {
			t, ok := item.(*tuple)
			if !ok {
				continue
			}
			next := get(t)
			switch {
			case next == Undefined:
			case v == Undefined && joined == nil:
				v = next
			default:
				if joined == nil {
					joined = append(make([]any, 0, len(items)-i+1), itemsOrSelf(v)...)
					ev.makeItems(len(joined))
				}
				more := itemsOrSelf(next)
				ev.makeItems(len(more))
				joined = append(joined, more...)
			}
		}
		if joined != nil {
			return joined
		}
		return v
	}
	result := &tuple{context: gather(func(t *tuple) any { return t.context })}
	for _, name := range first.names {
		result.set(name, gather(func(t *tuple) any {
			v, _ := t.get(name)
			return v
		}))
	}
	return result
}

// newObject makes an object that the evaluation may change.
func (ev *evaluation) newObject() *Object { return &Object{own: ev} }
