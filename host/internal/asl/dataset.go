package asl

import (
	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// dataset is what a Map state goes over: the items of an array or, in
// distributed mode only, the members of an object.
type dataset struct {
	values []any
	keys   []string // the names of the members; nil for an array
}

// mapItem is what an iteration of a Map state works on.
type mapItem struct {
	index int
	key   *string // the name of a member; nil for an item of an array
	value any
}

// item is the one at index.
func (d dataset) item(index int) *mapItem {
	item := &mapItem{index: index, value: d.values[index]}
	if d.keys != nil {
		item.key = &d.keys[index]
	}
	return item
}

// input is what an iteration gets without an ItemSelector: an item as it is, a
// member as the pair of its name and value.
func (i *mapItem) input() any {
	if i.key == nil {
		return i.value
	}
	return object("Key", *i.key, "Value", i.value)
}

// context is the item as Map.Item of the context object.
func (i *mapItem) context() *jsonata.Object {
	c := object("Index", float64(i.index))
	if i.key != nil {
		c.Set("Key", *i.key)
	}
	c.Set("Value", i.value)
	return c
}

// datasetOf makes a dataset of a value, if it can be gone over.
func (s *State) datasetOf(v any) (d dataset, ok bool) {
	switch v := v.(type) {
	case []any:
		return dataset{values: v}, true
	case *jsonata.Object:
		if !s.Distributed {
			return d, false
		}
		d = dataset{values: make([]any, 0, v.Len()), keys: make([]string, 0, v.Len())}
		for key, value := range v.All() {
			d.values, d.keys = append(d.values, value), append(d.keys, key)
		}
		return d, true
	}
	return d, false
}

// dataset gives what a Map state without an ItemReader goes over.
func (e *evaluator) dataset(m *mapFields) (dataset, *failure) {
	s, v := e.frame.state, e.input
	if s.QueryLanguage == JSONata {
		return e.itemsField(m)
	}
	name := "$"
	if m.itemsPath != nil {
		name = m.itemsPath.String()
		found, err := e.find(m.itemsPath)
		if err != nil {
			if _, ok := err.(*path.NotFoundError); ok {
				return dataset{}, runtime("Invalid path '%s' : %s", name, err)
			}
			return dataset{}, runtime("%s", err)
		}
		v = found
		e.run.probe("afterItemsPath", v)
	}
	d, ok := s.datasetOf(v)
	if !ok {
		return d, runtime("Reference path \"%s\" must point to array.", name)
	}
	return d, nil
}

// itemsField gives what the field Items says, or the state's input without it.
func (e *evaluator) itemsField(m *mapFields) (dataset, *failure) {
	v, failed := e.input, (*failure)(nil)
	if m.items != nil {
		if v, failed = e.fill(m.items); failed != nil {
			return dataset{}, failed
		}
	}
	d, ok := e.frame.state.datasetOf(v)
	switch {
	case ok:
		return d, nil
	case m.items == nil:
		return d, queryFailure("", "Map state input must be an array but was: %s", quoted(v))
	case m.items.expr != nil:
		return d, m.items.expr.unexpected("array", v)
	default:
		return d, queryFailure("Items", "The field 'Items' must be an array but was: %s", quoted(v))
	}
}

// itemInput gives the input of an iteration: the item, or what ItemSelector makes
// of it.
func (e *evaluator) itemInput(m *mapFields, item *mapItem) (any, *failure) {
	if m.itemSelector == nil {
		return item.input(), nil
	}
	e.item = item
	return e.fill(m.itemSelector)
}
