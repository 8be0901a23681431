package jsonata_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestFreeVariables(t *testing.T) {
	for _, test := range []struct {
		expr, free string
		reads      bool
	}{
		{`1 + 2`, "", false},
		{`$states.input.a`, "states", false},
		{`$sum($x.a[b = $y].c)`, "sum x y", false},
		{`($x := 1; $x + $y)`, "y", false},
		{`($x := 1; $y); `, "y", false},
		{`[($x := 1), $x]`, "x", false},
		{`function($a, $b) { $a + $b + $c }`, "c", false},
		{`($f := function($n) { $f($n) }; $f(1))`, "", false},
		{`$o.items@$i.parts#$p[$p = $q].($i & $r)`, "o q r", false},
		{`$x ~> |a|{"b": $z}, $w|`, "w x z", false},
		{`{"a": $x, $y: 1}`, "x y", false},
		{`$x^(>$k, a){$g: $h}`, "g h k x", false},
		{`$x ? $y : $z`, "x y z", false},
		{`$map($l, ?)`, "l map", false},
		{`a`, "", true},
		{`$`, "", true},
		{`$x.($$)`, "x", true},
		{`$x.$.a[$ > 1]`, "x", false},
		{`*`, "", true},
		{`$sum(a)`, "sum", true},
		{`function() { b }`, "", true},
		{`$x{a: $}`, "x", false},
	} {
		e, err := jsonata.Parse(strings.TrimSuffix(test.expr, "; "))
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		if free := strings.Join(e.FreeVariables(), " "); free != test.free || e.ReadsInput() != test.reads {
			t.Errorf("%s: got free variables %q, reads input: %v; want %q, %v", test.expr, free, e.ReadsInput(), test.free, test.reads)
		}
	}
}
