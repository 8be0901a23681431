package image

import (
	"math"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// named returns the functions of a module that has name sections of the
// contents given. It imports one function, has seven, and Rewrite adds two more
// imports.
func named(t *testing.T, contents ...[]byte) *Functions {
	t.Helper()
	var b wb.Builder
	typ := b.Type(nil, nil)
	b.ImportFunc("env", "f", typ)
	for range 6 {
		b.Func(typ, nil)
	}
	for _, c := range contents {
		b.Custom("name", c)
	}
	f := unmetered(t, b.Bytes(), Options{}).Functions
	if f.added != 1 {
		t.Fatalf("%d imports were added, want 1", f.added)
	}
	return f
}

// all writes the names of the functions of a rewritten module, "-" for those
// that are nobody's.
func all(f *Functions) string {
	var out []string
	for i := range uint32(9) {
		name, ok := f.Name(i)
		if !ok {
			name = "-"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestNames(t *testing.T) {
	entry := func(i uint64, name string) []byte { return wb.Cat(wb.Uint(i), wb.Name(name)) }
	functions := func(entries ...[]byte) []byte { return wb.Section(1, wb.Vec(entries...)) }
	huge := wb.Uint(math.MaxUint32)
	const none = "$0 - $1 $2 $3 $4 $5 $6 -"
	for name, c := range map[string]struct {
		contents [][]byte
		want     string
	}{
		"no section":          {nil, none},
		"empty":               {[][]byte{{}}, none},
		"module name only":    {[][]byte{wb.Section(0, wb.Name("m"))}, none},
		"some":                {[][]byte{wb.Cat(wb.Section(0, wb.Name("m")), functions(entry(0, "a"), entry(1, "b"), entry(6, "g")))}, "a - b $2 $3 $4 $5 g -"},
		"an empty one":        {[][]byte{functions(entry(1, ""), entry(2, "c"))}, "$0 - $1 c $3 $4 $5 $6 -"},
		"up to disorder":      {[][]byte{functions(entry(3, "d"), entry(2, "c"), entry(5, "f"))}, "$0 - $1 $2 d $4 $5 $6 -"},
		"twice":               {[][]byte{functions(entry(3, "d"), entry(3, "D"))}, "$0 - $1 $2 d $4 $5 $6 -"},
		"up to no function":   {[][]byte{functions(entry(3, "d"), entry(7, "h"))}, "$0 - $1 $2 d $4 $5 $6 -"},
		"up to the end":       {[][]byte{wb.Section(1, wb.Cat(wb.Uint(9), entry(3, "d")))}, "$0 - $1 $2 d $4 $5 $6 -"},
		"made fit to print":   {[][]byte{functions(entry(1, "a\n\tb\x00\xff"))}, "$0 - a??b?? $2 $3 $4 $5 $6 -"},
		"cut":                 {[][]byte{functions(entry(1, strings.Repeat("é", 1000)))}, "$0 - " + strings.Repeat("é", MaxName/2) + " $2 $3 $4 $5 $6 -"},
		"cut in a character":  {[][]byte{functions(entry(1, "x"+strings.Repeat("é", 1000)))}, "$0 - x" + strings.Repeat("é", MaxName/2-1) + "? $2 $3 $4 $5 $6 -"},
		"after a broken part": {[][]byte{wb.Cat(wb.Raw(0, 0x7f), functions(entry(1, "b")))}, none},
		"a later section":     {[][]byte{wb.Section(0, wb.Name("m")), functions(entry(1, "b")), functions(entry(2, "c"))}, "$0 - b $2 $3 $4 $5 $6 -"},
		"many that are not":   {[][]byte{wb.Section(1, huge)}, none},
		"one too long":        {[][]byte{functions(wb.Cat(wb.Uint(1), huge))}, none},
		"an index too large":  {[][]byte{functions(entry(math.MaxUint64, "x"))}, none},
		"an index of 33 bits": {[][]byte{functions(entry(1<<32+1, "x"))}, none},
		"a part too long":     {[][]byte{wb.Cat(wb.Raw(1), huge)}, none},
		"a part cut short":    {[][]byte{{1}}, none},
	} {
		if got := all(named(t, c.contents...)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// No index is out of bounds.
func TestNamesOfNobody(t *testing.T) {
	f := named(t)
	for _, i := range []uint32{1, 8, 9, 1 << 31, math.MaxUint32} {
		if original, ok := f.Original(i); ok {
			t.Errorf("function %d is function %d", i, original)
		}
	}
}
