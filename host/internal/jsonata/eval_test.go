package jsonata_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// eval evaluates with an input in JSON, "" for none, and gives the result as
// JSON or the error's code and message.
func eval(t testing.TB, expr, input string, env jsonata.Env) string {
	t.Helper()
	v, err := evalValue(t, expr, input, env)
	if err != nil {
		return err.Error()
	}
	return show(v)
}

func evalValue(t testing.TB, expr, input string, env jsonata.Env) (any, error) {
	t.Helper()
	var in any = jsonata.Undefined
	if input != "" {
		var err error
		if in, err = jsonata.Decode([]byte(input)); err != nil {
			t.Fatal(err)
		}
	}
	e, err := jsonata.Parse(expr)
	if err != nil {
		return nil, err
	}
	return e.Eval(context.Background(), in, env)
}

func TestEval(t *testing.T) {
	const orders = `{"o":[{"id":1,"p":[{"n":"a"},{"n":"b"}]},{"id":2,"p":[{"n":"c"}]}]}`
	for _, test := range []struct{ expr, input, want string }{
		// Sequences: one item stands for itself unless marked.
		{`o[id=1].id`, orders, `1`},
		{`o[id=1].id[]`, orders, `[1]`},
		{`o[id=9].id`, orders, `undefined`},
		{`o.p.n`, orders, `["a","b","c"]`},
		{`o.[p.n]`, orders, `[["a","b"],["c"]]`},
		{`$count(o[id=9])`, orders, `0`},
		{`a`, `{"a":[1]}`, `[1]`},
		{`a`, `{"a":[]}`, `[]`},
		{`$`, `[1]`, `[1]`},
		{`$[0]`, `[5,6]`, `5`},
		{`{"x": b[]}.x`, `{"b":1}`, `1`},
		// Null is a value, undefined is none.
		{`a = null`, `{"a":null}`, `true`},
		{`a = null`, `{}`, `false`},
		{`[a, null, 1]`, `{}`, `[null,1]`},
		// Ancestors, focus and position.
		{`o.p.{"id": %.id, "n": n}`, orders, `[{"id":1,"n":"a"},{"id":1,"n":"b"},{"id":2,"n":"c"}]`},
		{`o@$o.$o.p#$i.(n & $string($o.id) & $string($i))`, orders, `["a10","b11","c20"]`},
		{`o.p[%.id=2].n`, orders, `"c"`},
		// Sorting, grouping, transforming.
		{`o.p^(>n).n`, orders, `["c","b","a"]`},
		{`o{$string(id): p.n}`, orders, `{"1":["a","b"],"2":"c"}`},
		{`$ ~> |o|{"id": id * 10}, "p"|`, orders, `{"o":[{"id":10},{"id":20}]}`},
		// The order of keys is that of JavaScript in arrays, that of setting in objects.
		{`$keys($)`, `{"b":1,"10":2,"a":3,"9":4}`, `["9","10","b","a"]`},
		{`{"b":1,"1":2,"a":3}`, "", `{"b":1,"1":2,"a":3}`},
		// Functions.
		{`($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, $a + $n) }; $f(10000, 0))`, "", `50005000`},
		{`($add := function($x, $y) { $x + $y }; [1,2] . $add(?, 10)($))`, "", `[11,12]`},
		{`($trim ~> $uppercase)("  a b ")`, "", `"A B"`},
		{`function($x)<n:n>{$x}("a")`, "", `T0410: Argument 1 of function undefined does not match function signature`},
		{`($id := function($f){$f}; $h := function($f, $n){$n = 0 ? $f : $h(($x := $id($f); $x), $n - 1)}; $h($string, 20000)(1))`, "", `"1"`},
		{`$map([1,2], function($v, $i, $a) { $v + $i + $count($a) })`, "", `[3,5]`},
		{`$substring(?, 1)("abc")`, "", `"bc"`},
		// Strings count in code points, matches in UTF-16 units.
		{`$length("😀é")`, "", `2`},
		{`$match("😀é", /é/).index`, "", `2`},
		{`$split("😀", "")[0] & $split("😀", "")[1] = "😀"`, "", `true`},
		{`$uppercase("straße ﬁ") & $lowercase("ΟΔΟΣ İ")`, "", `"STRASSE FIοδος i̇"`},
		// Numbers print as JavaScript prints them.
		{`[1.0, 1e21, 1e-7, 0.1+0.2, -0, 123456789012345680000]`, "", `[1,1e+21,1e-7,0.30000000000000004,0,123456789012345680000]`},
		{`$string(0.1+0.2)`, "", `"0.3"`},
		{`$string({"a":[1,{"b":null}]}, true)`, "", "\"{\\n  \\\"a\\\": [\\n    1,\\n    {\\n      \\\"b\\\": null\\n    }\\n  ]\\n}\""},
		// A range takes no room until it is looked at.
		{`$count([1..10000000])`, "", `10000000`},
		{`[1..10000001]`, "", `D2014: The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate 10000001.`},
		{`$eval("[1, $x]", 5)`, "", `[1]`},
	} {
		if got := eval(t, test.expr, test.input, jsonata.Env{}); got != test.want {
			t.Errorf("%s of %s\n got %s\nwant %s", test.expr, test.input, got, test.want)
		}
	}
}

func TestErrorsHaveAPlace(t *testing.T) {
	for _, test := range []struct {
		expr, code, token, message string
		position                   int
	}{
		{`"a`, "S0101", "", "String literal must be terminated by a matching quote", 2},
		{`1e999`, "S0102", "1e999", `Number out of range: "1e999"`, 0},
		{`"\y"`, "S0103", "y", `Unsupported escape sequence: \"y"`, 2},
		{`"\u12"`, "S0104", "", `The escape sequence \u must be followed by 4 hex digits`, 2},
		{"`a", "S0105", "", "Quoted property name must be terminated with a backquote (`)", 2},
		{`1 /* a`, "S0106", "", `Comment has no closing tag`, 2},
		{`a b`, "S0201", "b", `Syntax error: "b"`, 3},
		{`(a`, "S0203", "(end)", `Expected ")" before end of expression`, 2},
		{`[a 1`, "S0202", "1", `Expected "]", got 1`, 4},
		{`a ! b`, "S0204", "!", `Unknown operator: "!"`, 3},
		{`a.`, "S0207", "(end)", `Unexpected end of expression`, 2},
		{`function(a){1}`, "S0208", "a", `Parameter 1 of function definition must be a variable name (start with $)`, 10},
		{`*.*.)`, "S0211", ")", `The symbol ")" cannot be used as a unary operator`, 5},
		{`a := 1`, "S0212", "a", `The left side of := must be a variable name (start with $)`, 1},
		{`a.1`, "S0213", "", `The literal value 1 cannot be used as a step within a path expression`, 3},
		{`/(?=a)/`, "S0303", "(?=a)", `The regular expression cannot be used: lookahead and lookbehind are not supported`, 1},
		{`1 + "a"`, "T2002", "+", `The right side of the "+" operator must evaluate to a number`, 3},
		{`$sum("a")`, "T0412", "sum", `Argument 1 of function "sum" must be an array of "numbers"`, 5},
		{`$nosuch(1)`, "T1006", "nosuch", `Attempted to invoke a non-function`, 8},
		{`sum(1)`, "T1005", "sum", `Attempted to invoke a non-function. Did you mean $sum?`, 4},
		{`$error("no")`, "D3137", "error", `no`, 7},
		{`("😀"; 1 + null)`, "T2002", "+", `The right side of the "+" operator must evaluate to a number`, 10},
	} {
		_, err := evalValue(t, test.expr, "", jsonata.Env{})
		var got *jsonata.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: got error %v, want %s", test.expr, err, test.code)
			continue
		}
		if got.Code != test.code || got.Token != test.token || got.Position != test.position || got.Message != test.message {
			t.Errorf("%s:\n got %s token %q position %d: %s\nwant %s token %q position %d: %s", test.expr,
				got.Code, got.Token, got.Position, got.Message, test.code, test.token, test.position, test.message)
		}
	}
}

func TestErrorValues(t *testing.T) {
	for expr, want := range map[string]string{
		`-[1..3]`:                   `[1,2,3]`,
		`-[1..10000000]`:            `undefined`, // too large
		`{"a":1} + 1`:               `{"a":1}`,
		`[1..3].{"k":$} ~> $sum()`:  `[{"k":1},{"k":2},{"k":3}]`,
		`{1: 2}`:                    `1`,
		`$formatBase(1, 1)`:         `1`,
		`"a" ~> 5`:                  `5`,
		`function($x)<s-:s>{$x}()`:  `{}`,
		`$sqrt(-4)`:                 `-4`,
		`(1; nothing())`:            `undefined`,
		`$map([1], -"x")`:           `"x"`,
		`[1,"a"]^($)`:               `1`,
		`$single([1..3])`:           `undefined`,
		`$power(10, 1000)`:          `10`,
		`{"a":1,"b":2} < 1`:         `{"a":1,"b":2}`,
		`$ ~> |$|5|`:                `5`,
		`$number("x")`:              `"x"`,
		`$assert(false, "because")`: `undefined`,
	} {
		_, err := evalValue(t, expr, `{}`, jsonata.Env{})
		var got *jsonata.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: got error %v, want an *Error", expr, err)
		} else if show(got.Value) != want {
			t.Errorf("%s: got %v with value %s, want %s", expr, got, show(got.Value), want)
		}
	}
}

func TestHostBindingsAndFunctions(t *testing.T) {
	failure := errors.New("the disk is full")
	env := jsonata.Env{
		Bindings: map[string]any{"x": 5.0, "list": []any{1.0, 2.0}},
		Functions: map[string]jsonata.Native{
			"twice": {Signature: "<n:n>", Call: func(_ context.Context, args []any) (any, error) { return 2 * args[0].(float64), nil }},
			"kind":  {Call: func(_ context.Context, args []any) (any, error) { return fmt.Sprintf("%T", args[0]), nil }},
			"fails": {Call: func(context.Context, []any) (any, error) { return nil, failure }},
		},
		Now:    func() time.Time { return time.UnixMilli(1_700_000_000_123) },
		Random: func() float64 { return 0.5 },
	}
	for expr, want := range map[string]string{
		`$x + $twice($x)`:                `15`,
		`$list.($twice($))`:              `[2,4]`,
		`$map($list, $twice)`:            `[2,4]`,
		`$twice("a")`:                    `T0410: Argument 1 of function "twice" does not match function signature`,
		`$kind($list[$ > 0])`:            `"[]interface {}"`,
		`$kind({"a":1})`:                 `"*jsonata.Object"`,
		`$now()`:                         `"2023-11-14T22:13:20.123Z"`,
		`$millis()`:                      `1700000000123`,
		`$random()`:                      `0.5`,
		`$shuffle([1,2,3])`:              `[1,3,2]`,
		`($x := 1; $x) + $x`:             `6`,
		`$fails()`:                       `D3137: the disk is full`,
		`$type($twice) & $exists($nope)`: `"functionfalse"`,
	} {
		if got := eval(t, expr, "", env); got != want {
			t.Errorf("%s: got %s, want %s", expr, got, want)
		}
	}
	if _, err := evalValue(t, `$fails()`, "", env); !errors.Is(err, failure) {
		t.Errorf("got error %v, want one that wraps the host's", err)
	}
}

// TestInputIsNotChanged also shows that many evaluations may share one input.
func TestInputIsNotChanged(t *testing.T) {
	const text = `{"a":{"b":[]},"c":[{"d":1}]}`
	input, err := jsonata.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	e, err := jsonata.Parse(`($x := $$; $ ~> |$x.a|{"z":1},"b"|; $ ~> |c|{"d":2}|; a.b{"k":$}; c[] ~> $append(1); $$)`)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, err := e.Eval(context.Background(), input, jsonata.Env{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := show(input); got != text {
		t.Errorf("the input became %s, it was %s", got, text)
	}
}

func TestFunctionsInResults(t *testing.T) {
	v, err := evalValue(t, `{"f": $sum, "l": [function($x){$x}]}`, "", jsonata.Env{})
	if err != nil {
		t.Fatal(err)
	}
	f, _ := v.(*jsonata.Object).Get("f")
	if _, ok := f.(*jsonata.Function); !ok {
		t.Errorf("got a %T, want a *Function", f)
	}
	if _, err := jsonata.Encode(v); err == nil || !strings.Contains(err.Error(), "no JSON form") {
		t.Errorf("encoding a function: got %v, want an error", err)
	}
	// What one evaluation has made can do nothing in another.
	got := eval(t, `$f(1)`, "", jsonata.Env{Bindings: map[string]any{"f": f}})
	if want := `T1006: Attempted to invoke a non-function`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
