package path_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

func decode(t testing.TB, text string) any {
	t.Helper()
	v, err := jsonata.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func encode(t testing.TB, v any) string {
	t.Helper()
	text, err := jsonata.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const document = `{"a":{"b":[1,2,3,{"c":"x"}],"d-e":true},"items":[{"n":1,"s":"one"},{"n":2,"s":"two"},{"n":3}],"Test\\\"\"Name\"":"quoted","none":null}`

func TestEval(t *testing.T) {
	for _, test := range []struct{ path, want string }{
		{"$", document},
		{"$.a.b[0]", "1"},
		{"$.a.b[-1].c", `"x"`},
		{"$['a']['b'][1]", "2"},
		{`$["a"].d-e`, "true"},
		{`$['Test\""Name"']`, `"quoted"`},
		{"$.none", "null"},
		{"$.a.b[1:3]", "[2,3]"},
		{"$.a.b[:2]", "[1,2]"},
		{"$.a.b[-2:]", `[3,{"c":"x"}]`},
		{"$.a.b[3:1]", "[]"},
		{"$.a.b[0,2,9]", "[1,3]"},
		{"$.a.*", `[[1,2,3,{"c":"x"}],true]`},
		{"$.items[*].n", "[1,2,3]"},
		{"$.items[*]['n','s']", `[{"n":1,"s":"one"},{"n":2,"s":"two"},{"n":3}]`},
		{"$..n", "[1,2,3]"},
		{"$..b[0]", "[1]"},
		{"$.nothing[*]", "[]"},
		{"$.nothing.at.all[1:]", "[]"},
		{"$.items[?(@.n > 1)].n", "[2,3]"},
		{"$.items[?(@.s)].n", "[1,2]"},
		{"$.items[?(!(@.s))].n", "[3]"},
		{"$.items[?(@.s == 'two' || @.n == 3)].n", "[2,3]"},
		{"$.items[?(@.n >= 2 && @['s'] != 'two')].n", "[3]"},
		{"$.items[?(@.n == $.a.b[1])].s", `["two"]`},
		{"$.items.length()", "3"},
		{"$.items[*].n.sum()", "6"},
		{"$.a.b[0:3].max()", "3"},
		{"$.a.keys()", `["b","d-e"]`},
	} {
		p, err := path.Parse(test.path)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		v, err := p.Eval(decode(t, document))
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		if got := encode(t, v); got != test.want {
			t.Errorf("%s: got %s, want %s", test.path, got, test.want)
		}
	}
}

func TestNotFound(t *testing.T) {
	for source, normal := range map[string]string{
		"$.x": "$['x']", "$.a.b[9]": "$['a']['b'][9]", "$.items.n": "$['items']['n']", "$.a.b[0].c": "$['a']['b'][0]['c']",
	} {
		p, err := path.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Eval(decode(t, document))
		var notFound *path.NotFoundError
		if !errors.As(err, &notFound) || err.Error() != "No results for path: "+normal {
			t.Errorf("%s: got %v, want no results for %s", source, err, normal)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, source := range []string{
		"", "a", "bug$.a", "$a.", "$.", "$..", "$.a b", "$[", "$[]", "$[a]", "$['a'", "$['a]", "$[1:2:3]", "$[99999999999]",
		"$.a[?(@.x]", "$.a[?@.x]", "$.a[?(1)]", "$.a[?(@.x == )]", "$.a.foo()", "$..length()", "$.length().a", "$$$.a",
		"States.Format('x')", "$.a,", " $.a", "$.a ", "$.a[?(" + strings.Repeat("!", 50) + "@.x)]", "$" + strings.Repeat(".a", path.MaxLength),
	} {
		if p, err := path.Parse(source); err == nil {
			t.Errorf("%q parses as %s", source, p.Normal())
		}
	}
}

func TestRootsAndKinds(t *testing.T) {
	for _, test := range []struct {
		path                string
		root                path.Root
		variable            string
		definite, reference bool
	}{
		{"$", path.Input, "", true, true},
		{"$$.Execution.Id", path.Context, "", true, true},
		{"$name[0].a", path.Variable, "name", true, true},
		{"$.a[*]", path.Input, "", false, false},
		{"$.a[0,1]", path.Input, "", false, false},
		{"$..a", path.Input, "", false, false},
		{"$.a.length()", path.Input, "", true, false},
	} {
		p, err := path.Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		if p.Root() != test.root || p.Variable() != test.variable || p.Definite() != test.definite || p.IsReference() != test.reference || p.String() != test.path {
			t.Errorf("%s: root %v, variable %q, definite %v, reference %v, text %s", test.path, p.Root(), p.Variable(), p.Definite(), p.IsReference(), p)
		}
	}
}

func TestAssign(t *testing.T) {
	for _, test := range []struct{ path, root, want string }{
		{"$", `{"a":1}`, `"new"`},
		{"$.a", `{"a":1,"b":2}`, `{"a":"new","b":2}`},
		{"$.c.d", `{"a":1}`, `{"a":1,"c":{"d":"new"}}`},
		{"$.a[1]", `{"a":[1,2]}`, `{"a":[1,"new"]}`},
		{"$.a[-1].x", `{"a":[{}]}`, `{"a":[{"x":"new"}]}`},
		{"$.a", `[1]`, ""},
		{"$.a.b", `{"a":1}`, ""},
		{"$.a[0]", `{}`, ""},
		{"$.a[5]", `{"a":[1]}`, ""},
		{"$.a[*]", `{"a":[1]}`, ""},
	} {
		p, err := path.Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		root := decode(t, test.root)
		v, err := p.Assign(root, "new")
		if test.want == "" {
			if err == nil {
				t.Errorf("%s in %s: got %s, want an error", test.path, test.root, encode(t, v))
			}
			continue
		}
		if err != nil {
			t.Errorf("%s in %s: %v", test.path, test.root, err)
			continue
		}
		if got := encode(t, v); got != test.want {
			t.Errorf("%s in %s: got %s, want %s", test.path, test.root, got, test.want)
		}
		if encode(t, root) != test.root {
			t.Errorf("%s changed its root to %s", test.path, encode(t, root))
		}
	}
}

func TestEvaluationIsBounded(t *testing.T) {
	v := any(1.0)
	for range 18 {
		v = []any{v, v}
	}
	p, err := path.Parse("$..*..*..*")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Eval(v); err == nil {
		t.Error("a path that looks at far more values than allowed has a result")
	}
}

// TestManyIndices: what a segment with many indices or names makes of a value
// was counted as one, so that three of them in a row made terabytes.
func TestManyIndices(t *testing.T) {
	numbers, names := "["+strings.Repeat("0,", 1400)+"0]", "['a'"
	for i := range 700 {
		names += ",'" + strconv.Itoa(i) + "'"
	}
	names += "]"
	for _, source := range []string{"$" + strings.Repeat(numbers, 3), "$" + strings.Repeat(numbers, 2) + names} {
		p, err := path.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		room := 100_000
		if v, err := p.EvalWithin(decode(t, `[[[{"a":1}]]]`), &room); err == nil {
			t.Errorf("%.20s… has a result of %d values", source, len(v.([]any)))
		}
	}
}

func FuzzJSONPath(f *testing.F) {
	for _, seed := range []string{"$", "$.a.b[0]", "$$.x", "$v['a','b'][1:-1]", "$..a[?(@.x == 'y' && !(@.z < 1))]", "$.a.length()", "$[?(@..a)]", "$[-1,0]"} {
		f.Add(seed, document)
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		p, err := path.Parse(source)
		if err != nil {
			return
		}
		again, err := path.Parse(p.String())
		if err != nil || again.Normal() != p.Normal() {
			t.Fatalf("%q does not parse again: %v", source, err)
		}
		v, err := jsonata.Decode([]byte(text))
		if err != nil {
			return
		}
		before := encode(t, v)
		result, err := p.Eval(v)
		if !p.Definite() && err == nil {
			if _, ok := result.([]any); !ok {
				t.Fatalf("%q is not definite, but gives a %T", source, result)
			}
		}
		room := 100
		if matches, err := p.EvalWithin(v, &room); err == nil && !p.Definite() && len(matches.([]any)) > 100 {
			t.Fatalf("%q may look at 100 values and gives %d", source, len(matches.([]any)))
		}
		if p.IsReference() {
			if changed, err := p.Assign(v, "new"); err == nil {
				if got, err := p.Eval(changed); err != nil || got != "new" {
					t.Fatalf("%q: assigned, but found %v, %v", source, got, err)
				}
			}
		}
		if encode(t, v) != before {
			t.Fatalf("%q changed its document", source)
		}
	})
}
