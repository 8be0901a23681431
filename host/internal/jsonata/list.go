package jsonata

import "slices"

// list is an array that the evaluator has made and that carries marks. Arrays
// without marks are []any.
type list struct {
	items []any
	span  *span // if not nil, the items are not made yet

	sequence      bool // the result of a path: one item stands for itself, none for Undefined
	keepSingleton bool // a sequence of one item stays an array
	outerWrapper  bool // the sequence that holds an input that is an array
	tupleStream   bool // the items are tuples
	cons          bool // made by an array constructor in a path; not flattened
}

// span is a range of integers whose numbers are made when they are needed:
// counting [1..10000000] takes no memory.
type span struct {
	first float64
	count int
	ev    *evaluation
}

func newSequence(items ...any) *list { return &list{items: items, sequence: true} }

func (l *list) len() int {
	if l.span != nil {
		return l.span.count
	}
	return len(l.items)
}

func (l *list) all() []any {
	if l.span != nil {
		s := l.span
		s.ev.makeItems(s.count)
		items := make([]any, s.count)
		for i := range items {
			items[i] = s.first + float64(i)
		}
		l.items, l.span = items, nil
	}
	return l.items
}

func (l *list) push(v any) { l.items = append(l.items, v) }

// itemsOf returns the items of an array.
func itemsOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case *list:
		return v.all(), true
	}
	return nil, false
}

// lengthOf returns the length of an array, without making its items.
func lengthOf(v any) (int, bool) {
	switch v := v.(type) {
	case []any:
		return len(v), true
	case *list:
		return v.len(), true
	}
	return 0, false
}

func isSequence(v any) bool {
	l, ok := v.(*list)
	return ok && l.sequence
}

// itemsOrSelf returns the items of an array, or the value as the only item.
func itemsOrSelf(v any) []any {
	if items, ok := itemsOf(v); ok {
		return items
	}
	return []any{v}
}

// tuple is one item on its way through a path that binds variables: the
// context and what the steps so far have bound.
type tuple struct {
	context any
	names   []string
	values  []any
}

func (t *tuple) get(name string) (any, bool) {
	for i, n := range t.names {
		if n == name {
			return t.values[i], true
		}
	}
	return Undefined, false
}

// with returns a copy that has another context and room for a binding.
func (t *tuple) with(context any) *tuple {
	return &tuple{context: context, names: slices.Clone(t.names), values: slices.Clone(t.values)}
}

func (t *tuple) set(name string, v any) {
	for i, n := range t.names {
		if n == name {
			t.values[i] = v
			return
		}
	}
	t.names, t.values = append(t.names, name), append(t.values, v)
}

// merge takes over all bindings of another tuple, and its context.
func (t *tuple) merge(other *tuple) {
	t.context = other.context
	for i, name := range other.names {
		t.set(name, other.values[i])
	}
}
