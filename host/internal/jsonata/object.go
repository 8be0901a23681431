package jsonata

import "iter"

// Object is a JSON object whose members keep the order in which their keys
// were first set. The zero value is an empty object. Reading is safe from many
// goroutines, changing is not.
type Object struct {
	members []member
	index   map[string]int // position in members by key; nil while there are few
	removed int            // members that are deleted but still take a place
	own     *evaluation    // the evaluation that made it and may change it
}

type member struct {
	key     string
	value   any
	deleted bool
}

// indexedFrom is the number of members from which looking up a key goes by the
// index. Below it comparing keys one by one is faster.
const indexedFrom = 9

// NewObject returns an empty object.
func NewObject() *Object { return &Object{} }

// Len returns the number of members.
func (o *Object) Len() int { return len(o.members) - o.removed }

// Get returns the value of a key.
func (o *Object) Get(key string) (value any, ok bool) {
	if i := o.find(key); i >= 0 {
		return o.members[i].value, true
	}
	return nil, false
}

func (o *Object) find(key string) int {
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range o.members {
		if o.members[i].key == key && !o.members[i].deleted {
			return i
		}
	}
	return -1
}

// Set gives a key a value. A key that is there keeps its place, a new one
// becomes the last.
func (o *Object) Set(key string, value any) {
	if i := o.find(key); i >= 0 {
		o.members[i].value = value
		return
	}
	o.members = append(o.members, member{key: key, value: value})
	switch {
	case o.index != nil:
		o.index[key] = len(o.members) - 1
	case len(o.members) >= indexedFrom:
		o.reindex()
	}
}

func (o *Object) reindex() {
	o.index = make(map[string]int, 2*len(o.members))
	for i := range o.members {
		if !o.members[i].deleted {
			o.index[o.members[i].key] = i
		}
	}
}

// Delete removes a key. A key that is not there is no error.
func (o *Object) Delete(key string) {
	i := o.find(key)
	if i < 0 {
		return
	}
	o.members[i] = member{deleted: true}
	o.removed++
	delete(o.index, key)
	if o.removed > indexedFrom && 2*o.removed > len(o.members) {
		o.compact()
	}
}

// compact gives up the places of deleted members, so that deleting many costs
// no more than having set them.
func (o *Object) compact() {
	kept := o.members[:0]
	for _, m := range o.members {
		if !m.deleted {
			kept = append(kept, m)
		}
	}
	clear(o.members[len(kept):])
	o.members, o.removed, o.index = kept, 0, nil
	if len(kept) >= indexedFrom {
		o.reindex()
	}
}

// All iterates over the members in order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i := range o.members {
			if m := &o.members[i]; !m.deleted && !yield(m.key, m.value) {
				return
			}
		}
	}
}

// Keys iterates over the keys in order.
func (o *Object) Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		for key := range o.All() {
			if !yield(key) {
				return
			}
		}
	}
}

// MarshalJSON writes the members in order, as [Encode] does.
func (o *Object) MarshalJSON() ([]byte, error) { return Encode(o) }
