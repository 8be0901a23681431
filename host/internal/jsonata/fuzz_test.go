package jsonata_test

import (
	"context"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// FuzzJSONata parses and evaluates any text with any input: nothing panics,
// what fails is an *Error with a code and a message, and a result is within
// the limits and has a JSON form unless it has a function or such a number in
// it.
func FuzzJSONata(f *testing.F) {
	for _, c := range []struct{ expr, input string }{
		{`$states.input.a + 1`, `{"a":1}`},
		{`a.b[c = 1]^(>d)@$x#$i.%.e{f: g} ~> |h|{"i":1},"j"|`, `{"a":[{"b":{"c":1}}]}`},
		{`function($x, $y)<n-s?:a<n>>{ $x ? [$y..3] : $substring(?, 1)("a") }(1)`, `null`},
		{`$replace("a", /(a)+[^\w-]?/i, "$1") & $formatNumber(-1.5e3, "#,##0.0;(0)e0", {"zero-digit":"1"})`, `[]`},
		{`$fromMillis(1e12, "[Y]-[MNn,3-3] [D1o] [h]:[m] [P] [Z]", "-0530") & $toMillis("1 May", "[D] [MNn]")`, `""`},
		{`$formatInteger(12345, "w;o") & $parseInteger("MCM", "I")`, `1`},
		{`$reduce($map($keys($), $length), function($i, $j){$i + $j}) in **.%`, `{"a":{"b":"c"}}`},
		{`$eval("$$.a") and $parse("[1]") or $hash("", "MD5") ~> $string() ~> $encodeUrl`, `{"a":1}`},
		{"($f := λ($n){$n < 1 ? 1 : $f($n - 1)}; $f(9)) /* c */ . `a b` . \"\\ud800\"", `{}`},
	} {
		f.Add(c.expr, c.input)
	}
	for _, c := range readSuite(f) {
		if input := show(c.input); len(c.expr)+len(input) < 1000 {
			f.Add(c.expr, input)
		}
	}
	limits := jsonata.Limits{Steps: 50_000, Depth: 200, Items: 10_000, Bytes: 100_000}
	f.Fuzz(func(t *testing.T, expr, input string) {
		e, err := jsonata.Parse(expr)
		if err != nil {
			checkError(t, err)
			return
		}
		e.FreeVariables()
		e.InputReads()
		e.Members("states")
		in, err := jsonata.Decode([]byte(input))
		if err != nil {
			in = jsonata.Undefined
		}
		for _, dialect := range []jsonata.Dialect{jsonata.Standard, jsonata.StepFunctions} {
			v, err := e.Eval(context.Background(), in, jsonata.Env{Dialect: dialect, Limits: limits})
			if err != nil {
				checkError(t, err)
				continue
			}
			items, bytes := 0, 0
			measure(t, v, &items, &bytes, 0)
			if items > limits.Items || bytes > limits.Bytes {
				t.Fatalf("the result has %d values and strings of %d bytes", items, bytes)
			}
		}
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	var failure *jsonata.Error
	if !errors.As(err, &failure) || len(failure.Code) != 5 || failure.Message == "" && failure.Code != "D3137" && failure.Code != "D3141" {
		t.Fatalf("got error %#v, want an *Error with code and message", err)
	}
}

// measure counts the values and bytes of a result, and checks that it has only
// values of the package.
func measure(t *testing.T, v any, items, bytes *int, depth int) {
	*items++
	if depth > 300 {
		t.Fatal("the result is nested deeper than the limit")
	}
	switch v := v.(type) {
	case nil, bool, float64, *jsonata.Function:
	case string:
		*bytes += len(v)
	case []any:
		for _, item := range v {
			measure(t, item, items, bytes, depth+1)
		}
	case *jsonata.Object:
		for key, value := range v.All() {
			*bytes += len(key)
			measure(t, value, items, bytes, depth+1)
		}
	case jsonata.UndefinedValue:
		if depth > 0 {
			t.Fatal("the result has Undefined in it")
		}
	default:
		t.Fatalf("the result has a %T in it", v)
	}
}
