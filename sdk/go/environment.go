package lambent

import (
	"bytes"
	"unsafe"
)

// variables is the environment as WASI has it.
type variables struct {
	words []uint64 // what text lies in
	text  []byte   // entries "name=value", each followed by a NUL
	table []uint32 // where they begin in memory; it tells how long they are
}

// spare is how many bytes, and variables, an environment may grow by before it is
// given a new place: credentials come with events, and in none but those.
const (
	spareBytes     = 2 << 10
	spareVariables = 8
)

// room makes place for count variables of size bytes.
func (v *variables) room(count, size int) {
	if words := (size + 7) / 8; words > len(v.words) {
		v.words = make([]uint64, words+words/4+spareBytes/8)
	}
	v.text = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v.words))), 8*len(v.words))[:size]
	if count > cap(v.table) {
		v.table = make([]uint32, count+count/4+spareVariables)
	}
	v.table = v.table[:count]
}

// end returns where in text entry i ends.
func (v *variables) end(i int) int {
	if i+1 < len(v.table) {
		return int(v.table[i+1] - v.table[0])
	}
	return len(v.text)
}

// entry returns entry i with its NUL, nil if the table does not say where.
func (v *variables) entry(i int) []byte {
	begin, end := int(v.table[i]-v.table[0]), v.end(i)
	if begin >= end || end > len(v.text) {
		return nil
	}
	return v.text[begin:end]
}

// split takes an entry apart.
func split(entry []byte) (name, value string) {
	n, val, _ := bytes.Cut(bytes.TrimSuffix(entry, []byte{0}), []byte{'='})
	return string(n), string(val)
}

// update tells set and unset what became of the variables before. Of those that
// are as they were it says nothing.
func (v *variables) update(before *variables, set func(name, value string) error, unset func(name string) error) error {
	same := 8 * equalWords(v.words[:(len(v.text)+7)/8], before.words)
	common := min(len(v.table), len(before.table))
	i := common
	for i > 0 && v.end(i-1) > same {
		i--
	}
	for ; i < common; i++ {
		is, was := v.entry(i), before.entry(i)
		if bytes.Equal(is, was) {
			continue
		}
		name, value := split(is)
		if len(was) <= len(name) || string(was[:len(name)]) != name || was[len(name)] != '=' {
			return v.replace(before, set, unset)
		}
		if err := set(name, value); err != nil {
			return err
		}
	}
	for ; i < len(v.table); i++ { // more than there were
		if err := set(split(v.entry(i))); err != nil {
			return err
		}
	}
	for ; i < len(before.table); i++ { // or less
		name, _ := split(before.entry(i))
		if err := unset(name); err != nil {
			return err
		}
	}
	return nil
}

// equalWords returns how many words at the beginning of a and b are equal. (On
// WebAssembly what compares bytes takes one at a time.)
func equalWords(a, b []uint64) int {
	n := min(len(a), len(b))
	a, b = a[:n], b[:n]
	for i, word := range a {
		if word != b[i] {
			return i
		}
	}
	return n
}

// replace is update for others than before, or in another order.
func (v *variables) replace(before *variables, set func(name, value string) error, unset func(name string) error) error {
	was, is := before.values(), v.values()
	for name, value := range is {
		if old, ok := was[name]; !ok || old != value {
			if err := set(name, value); err != nil {
				return err
			}
		}
	}
	for name := range was {
		if _, ok := is[name]; !ok {
			if err := unset(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// values returns the variables by name.
func (v *variables) values() map[string]string {
	values := make(map[string]string, len(v.table))
	for i := range v.table {
		name, value := split(v.entry(i))
		values[name] = value
	}
	return values
}
