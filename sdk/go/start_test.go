package lambent

import (
	"context"
	"strings"
	"testing"
)

func nothing() {}

func TestSeal(t *testing.T) {
	single, err := newInvoker(nothing)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		register map[string]any
		single   invoker
		want     string // "": no error
	}{
		{"one handler", nil, single, ""},
		{"registered", map[string]any{"a": nothing}, nil, ""},
		{"none", nil, nil, "without a handler"},
		{"both", map[string]any{"a": nothing}, single, "handlers were registered (a): call Start(nil)"},
		{"wrong handler", map[string]any{"a": 7}, nil, `Register("a"): lambent: a handler of type int`},
		{"white space", map[string]any{"a b": nothing}, nil, `Register("a b"): a name has`},
		{"no name", map[string]any{"": nothing}, nil, `Register(""): a name has`},
		{"long name", map[string]any{strings.Repeat("a", 129): nothing}, nil, "a name has"},
	} {
		var r registry
		for name, handler := range test.register {
			r.add(name, handler)
		}
		_, err := r.seal(test.single, nil)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v; want %q", test.name, err, test.want)
		}
	}
}

func TestSealedForGood(t *testing.T) {
	var r registry
	r.add("a", nothing)
	r.add("a", nothing)
	if _, err := r.seal(nil, nil); err == nil || !strings.Contains(err.Error(), "the name is taken") {
		t.Errorf("name given twice: %v", err)
	}
	defer func() {
		if v := recover(); v != "lambent: Start called twice" {
			t.Errorf("recovered %v", v)
		}
	}()
	r.seal(nil, nil)
}

func TestFindHandler(t *testing.T) {
	var r registry
	say := func(s string) any { return func() (string, error) { return s, nil } }
	r.add("a", say("A"))
	h, err := r.seal(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.find("anything"); err != nil {
		t.Errorf("a single handler accepts any name: %v", err)
	}

	r = registry{}
	r.add("a", say("A"))
	r.add("b", say("B"))
	if h, err = r.seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	invoke, err := h.find("b")
	if err != nil {
		t.Fatal(err)
	}
	var got string
	err = invoke(context.Background(), nil, func(p []byte) error { got = string(p); return nil })
	if err != nil || got != `"B"` {
		t.Errorf("handler b answered %s, %v", got, err)
	}
	if _, err := h.find("c"); err == nil || !strings.Contains(err.Error(), `unknown handler "c"; there are a, b`) {
		t.Errorf("unknown name: %v", err)
	}
}
