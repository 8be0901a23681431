package jsonata_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func TestFreeVariables(t *testing.T) {
	for _, test := range []struct{ expr, free, reads string }{
		{`1 + 2`, "", ""},
		{`$states.input.a`, "states", ""},
		{`$sum($x.a[b = $y].c)`, "sum x y", ""},
		{`($x := 1; $x + $y)`, "y", ""},
		{`($x := 1; $y); `, "y", ""},
		{`[($x := 1), $x]`, "x", ""},
		{`function($a, $b) { $a + $b + $c }`, "c", ""},
		{`($f := function($n) { $f($n) }; $f(1))`, "", ""},
		{`$o.items@$i.parts#$p[$p = $q].($i & $r)`, "o q r", ""},
		{`$x ~> |a|{"b": $z}, $w|`, "w x z", ""},
		{`{"a": $x, $y: 1}`, "x y", ""},
		{`$x^(>$k, a){$g: $h}`, "g h k x", ""},
		{`$x ? $y : $z`, "x y z", ""},
		{`$map($l, ?)`, "l map", ""},
		{`a`, "", "a"},
		{`$`, "", "$"},
		{`$x.($$)`, "x", "$$"},
		{`$x.$.a[$ > 1]`, "x", ""},
		{`*`, "", "*"},
		{`$sum(a)`, "sum", "a"},
		{`function() { b }`, "", "b"},
		{`$x{a: $}`, "x", ""},
		{`b[c] + b + **.a + a^($)`, "", "b ** a"},
	} {
		e, err := jsonata.Parse(strings.TrimSuffix(test.expr, "; "))
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		if free, reads := strings.Join(e.FreeVariables(), " "), strings.Join(e.InputReads(), " "); free != test.free || reads != test.reads {
			t.Errorf("%s: got free variables %q, reads of the input %q; want %q, %q", test.expr, free, reads, test.free, test.reads)
		}
	}
}

func TestMembers(t *testing.T) {
	for expr, want := range map[string]string{
		`$states.input.a & $states.context & $states.input`: "input context",
		`$states`:                                 "",
		`$x.states.input`:                         "",
		`$states[0].result{a: $states.input}`:     "result input",
		`$map([1], function($n) { $states.odd })`: "odd",
		`function($states) { $states.input }`:     "",
		`($states := 1; $states.input)`:           "",
		`$states."input" ~> $sum`:                 "input",
	} {
		e, err := jsonata.Parse(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := strings.Join(e.Members("states"), " "); got != want {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}
