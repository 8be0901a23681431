package lambent

import (
	"errors"
	"maps"
	"strings"
	"testing"
)

// entries makes variables of a text, as the host would at address 4096.
func entries(text string) *variables {
	v := new(variables)
	v.room(strings.Count(text, "\x00"), len(text))
	copy(v.text, text)
	v.table = v.table[:0]
	at := uint32(4096)
	for entry := range strings.SplitAfterSeq(text, "\x00") {
		if entry != "" {
			v.table = append(v.table, at)
			at += uint32(len(entry))
		}
	}
	return v
}

func TestVariablesUpdate(t *testing.T) {
	for _, c := range []struct {
		name, before, now string
		want              map[string]string // "-": unset
	}{
		{"nothing", "", "", nil},
		{"the same", "A=1\x00B=2\x00", "A=1\x00B=2\x00", nil},
		{"a value", "A=1\x00B=2\x00C=3\x00", "A=1\x00B=22\x00C=3\x00", map[string]string{"B": "22"}},
		{"a longer value", "A=1\x00LONG=0123456789\x00LAST=0123456789\x00", "A=1\x00LONG=0123456789\x00LAST=01234567899\x00", map[string]string{"LAST": "01234567899"}},
		{"a longer value in front", "LONG=0123456789\x00A=1\x00B=2\x00", "LONG=01234567890\x00A=1\x00B=3\x00", map[string]string{"LONG": "01234567890", "B": "3"}},
		{"two that share a word", "A=1\x00B=2\x00C=3\x00", "A=2\x00B=3\x00C=3\x00", map[string]string{"A": "2", "B": "3"}},
		{"a value with =", "A=1\x00", "A=1=2\x00", map[string]string{"A": "1=2"}},
		{"an empty value", "A=1\x00", "A=\x00", map[string]string{"A": ""}},
		{"one more", "A=1\x00", "A=1\x00B=2\x00", map[string]string{"B": "2"}},
		{"one more in front", "A=1\x00", "B=2\x00A=1\x00", map[string]string{"B": "2"}},
		{"one less", "A=1\x00B=2\x00C=3\x00", "A=1\x00C=3\x00", map[string]string{"B": "-"}},
		{"two less", "A=1\x00B=2\x00C=3\x00", "A=1\x00", map[string]string{"B": "-", "C": "-"}},
		{"a value, and one more", "A=1\x00B=2\x00", "A=1\x00B=3\x00C=4\x00", map[string]string{"B": "3", "C": "4"}},
		{"a value, and one less", "A=1\x00B=2\x00C=3\x00", "A=1\x00B=3\x00", map[string]string{"B": "3", "C": "-"}},
		{"all gone", "A=1\x00", "", map[string]string{"A": "-"}},
		{"another order", "A=1\x00B=2\x00", "B=2\x00A=1\x00", nil},
		{"a name that begins like another", "A=1\x00", "AB=1\x00", map[string]string{"A": "-", "AB": "1"}},
	} {
		got := make(map[string]string)
		set := func(name, value string) error { got[name] = value; return nil }
		unset := func(name string) error { got[name] = "-"; return nil }
		if err := entries(c.now).update(entries(c.before), set, unset); err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

// What a longer environment left behind is no part of the next.
func TestVariablesUpdateAfterALongerOne(t *testing.T) {
	const long = "A=1\x00B=22222\x00C=3\x00"
	before := entries(long)
	before.text, before.table = before.text[:len("A=1\x00")], before.table[:1]
	got := make(map[string]string)
	set := func(name, value string) error { got[name] = value; return nil }
	err := entries(long).update(before, set, func(name string) error { return errors.New(name) })
	if want := (map[string]string{"B": "22222", "C": "3"}); err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestVariablesUpdateFails(t *testing.T) {
	refused := errors.New("refused")
	set := func(string, string) error { return refused }
	unset := func(string) error { return refused }
	for before, now := range map[string]string{"A=1\x00": "A=2\x00", "": "A=1\x00", "B=1\x00": ""} {
		if err := entries(now).update(entries(before), set, unset); !errors.Is(err, refused) {
			t.Errorf("%q to %q: %v", before, now, err)
		}
	}
}

// A table that does not fit the text is one of no variables: nothing is read
// outside of it.
func TestVariablesWithAWrongTable(t *testing.T) {
	for _, table := range [][]uint32{{8, 0}, {8, 1 << 20}, {8, 8}, {8, 20, 12}, {8, 13}} {
		v := &variables{text: []byte("A=1\x00B"), table: table}
		for i := range table {
			if entry := v.entry(i); len(entry) > len(v.text) {
				t.Errorf("%v: entry %d is %q", table, i, entry)
			}
		}
	}
}
