package jsonata_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// suiteCase is a case of the test suite of JSONata 2.0.6.
type suiteCase struct {
	id        string
	expr      string
	input     any
	bindings  map[string]any
	limits    jsonata.Limits
	result    any // Undefined if there must be none
	unordered bool
	code      string // of the error that must come instead
	message   string // of the error, "" if it does not matter
	token     string
}

func readJSON(t testing.TB, name string) *jsonata.Object {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "suite", name))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonata.Decode(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v.(*jsonata.Object)
}

func readSuite(t testing.TB) []suiteCase {
	t.Helper()
	datasets := readJSON(t, "datasets.json")
	list, _ := readJSON(t, "dev-cases.json").Get("jsonata")
	var cases []suiteCase
	for _, item := range list.([]any) {
		o := item.(*jsonata.Object)
		text := func(o *jsonata.Object, key string) string {
			v, _ := o.Get(key)
			s, _ := v.(string)
			return s
		}
		c := suiteCase{id: text(o, "id"), expr: text(o, "expr"), code: text(o, "code"), input: jsonata.Undefined,
			result: jsonata.Undefined, bindings: map[string]any{}}
		if data, ok := o.Get("data"); ok {
			c.input = data
		} else if name := text(o, "dataset"); name != "" {
			c.input, _ = datasets.Get(name)
		}
		if bindings, ok := o.Get("bindings"); ok {
			for key, value := range bindings.(*jsonata.Object).All() {
				c.bindings[key] = value
			}
		}
		if failure, ok := o.Get("error"); ok {
			e := failure.(*jsonata.Object)
			c.code, c.message, c.token = text(e, "code"), text(e, "message"), text(e, "token")
		}
		if depth, ok := o.Get("depth"); ok {
			c.limits.Depth = int(depth.(float64))
		}
		if result, ok := o.Get("result"); ok {
			c.result = result
		}
		unordered, _ := o.Get("unordered")
		c.unordered = unordered == true
		cases = append(cases, c)
	}
	return cases
}

func (c suiteCase) run() (any, error) {
	e, err := jsonata.Parse(c.expr)
	if err != nil {
		return nil, err
	}
	return e.Eval(context.Background(), c.input, jsonata.Env{Bindings: c.bindings, Limits: c.limits})
}

// check returns what is wrong with an outcome, "" if nothing is.
func (c suiteCase) check(got any, err error) string {
	if c.code == "" {
		switch {
		case err != nil:
			return err.Error()
		case !deepEqual(got, c.result, c.unordered):
			return "got " + show(got) + ", want " + show(c.result)
		}
		return ""
	}
	var failure *jsonata.Error
	switch {
	case err == nil:
		return "got " + show(got) + ", want error " + c.code
	case !errors.As(err, &failure):
		return "not an *Error: " + err.Error()
	case failure.Code != c.code, c.message != "" && failure.Message != c.message, c.token != "" && failure.Token != c.token:
		return "got " + err.Error() + ", want error " + c.code + " " + c.message
	}
	return ""
}

// knownFailures is the cases of the suite that are known to fail. It is empty
// and is to stay so.
var knownFailures = []string{}

// TestSuite runs the cases of the suite that are in testdata.
func TestSuite(t *testing.T) {
	cases := readSuite(t)
	var failed []string
	for _, c := range cases {
		if problem := c.check(c.run()); problem != "" {
			failed = append(failed, c.id)
			t.Logf("%s: %s: %s", c.id, c.expr, problem)
		}
	}
	t.Logf("%d of %d cases pass", len(cases)-len(failed), len(cases))
	if len(cases) < 975 {
		t.Errorf("%d cases are in testdata, want all 975", len(cases))
	}
	if !slices.Equal(failed, knownFailures) {
		t.Errorf("failing cases %q, known are %q", failed, knownFailures)
	}
}

// deepEqual compares as JSON does: the order of keys does not matter. If
// unordered, nor does that of items.
func deepEqual(a, b any, unordered bool) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		if !unordered {
			return slices.EqualFunc(a, b, func(x, y any) bool { return deepEqual(x, y, false) })
		}
		rest := slices.Clone(b)
		for _, item := range a {
			i := slices.IndexFunc(rest, func(other any) bool { return deepEqual(item, other, true) })
			if i < 0 {
				return false
			}
			rest = slices.Delete(rest, i, i+1)
		}
		return true
	case *jsonata.Object:
		b, ok := b.(*jsonata.Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for key, value := range a.All() {
			other, ok := b.Get(key)
			if !ok || !deepEqual(value, other, unordered) {
				return false
			}
		}
		return true
	}
	return a == b
}

func show(v any) string {
	if v == jsonata.Undefined {
		return "undefined"
	}
	text, err := jsonata.Encode(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
