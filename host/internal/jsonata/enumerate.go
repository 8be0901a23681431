package jsonata

import (
	"iter"
	"slices"
	"strconv"
)

// enumerate iterates over the members in the order in which JavaScript does:
// keys that are array indices first and by number, then the others as they
// were set. What $keys, $each, $string and wildcards show is in this order.
func (o *Object) enumerate() iter.Seq2[string, any] {
	var indices []int // of members
	for i := range o.members {
		if m := &o.members[i]; !m.deleted && isArrayIndex(m.key) {
			indices = append(indices, i)
		}
	}
	if indices == nil {
		return o.All()
	}
	slices.SortFunc(indices, func(i, j int) int {
		return int(indexNumber(o.members[i].key) - indexNumber(o.members[j].key))
	})
	return func(yield func(string, any) bool) {
		for _, i := range indices {
			if !yield(o.members[i].key, o.members[i].value) {
				return
			}
		}
		for key, value := range o.All() {
			if !isArrayIndex(key) && !yield(key, value) {
				return
			}
		}
	}
}

// isArrayIndex reports whether a key is a number below 2^32-1 in its shortest
// form.
func isArrayIndex(key string) bool {
	if key == "" || len(key) > 10 || key[0] < '0' || key[0] > '9' || key[0] == '0' && len(key) > 1 {
		return false
	}
	n, err := strconv.ParseUint(key, 10, 32)
	return err == nil && n < 1<<32-1
}

func indexNumber(key string) int64 {
	n, _ := strconv.ParseInt(key, 10, 64)
	return n
}
