package payload_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

func TestTextIsKept(t *testing.T) {
	p, err := payload.Parse(` {"a": 1.0} `)
	if err != nil || p.Text() != ` {"a": 1.0} ` {
		t.Errorf("got %q, %v", p.Text(), err)
	}
	again, err := payload.New(p.Value(), payload.MaxSize)
	if err != nil || again.Text() != `{"a":1}` {
		t.Errorf("got %q, %v", again.Text(), err)
	}
	if text := (payload.Payload{}).Text(); text != "null" {
		t.Errorf("the zero payload is %q, want null", text)
	}
}

func TestDepthIsBounded(t *testing.T) {
	deep := strings.Repeat("[", payload.MaxDepth+1) + strings.Repeat("]", payload.MaxDepth+1)
	if _, err := payload.Parse(deep); err == nil {
		t.Error("a value nested too deep is accepted")
	}
	if _, err := payload.Parse(deep[1 : len(deep)-1]); err != nil {
		t.Errorf("a value nested as deep as allowed is refused: %v", err)
	}
	if _, err := payload.Parse(`"` + strings.Repeat("[", 5000) + `\""`); err != nil {
		t.Errorf("brackets in a text count as nesting: %v", err)
	}
}

func TestSizeIsBoundedBeforeEncoding(t *testing.T) {
	v := any("0123456789")
	for range 40 { // 2^40 texts, were it written out
		v = []any{v, v}
	}
	if _, err := payload.Encode(v, payload.MaxSize); !errors.Is(err, payload.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
	if _, err := payload.Canonical(v, payload.MaxSize); !errors.Is(err, payload.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
	if _, err := payload.New("\n\n\n\n", 6); !errors.Is(err, payload.ErrTooLarge) {
		t.Errorf("got %v: escapes count too", err)
	}
}

func TestEqual(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		equal bool
	}{
		{`{"a":1,"b":[true,null]}`, `{"b":[true,null],"a":1.0}`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`"1"`, `1`, false},
		{`null`, `[]`, false},
		{`{}`, `[]`, false},
	} {
		a, _ := payload.Parse(test.a)
		b, _ := payload.Parse(test.b)
		if got := payload.Equal(a.Value(), b.Value()); got != test.equal {
			t.Errorf("%s and %s: got %v", test.a, test.b, got)
		}
		ka, _ := payload.Canonical(a.Value(), 100)
		kb, _ := payload.Canonical(b.Value(), 100)
		if (ka == kb) != test.equal {
			t.Errorf("%s and %s: canonical %s and %s", test.a, test.b, ka, kb)
		}
	}
}
