package lambent

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

type outOfStock struct{ SKU string }

func (e outOfStock) Error() string { return "out of stock: " + e.SKU }

type generic[T any] struct{ v T }

func (generic[T]) Error() string { return "generic" }

func TestErrorTypes(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{errors.New("a"), "errorString"},
		{fmt.Errorf("a: %w", errors.New("b")), "wrapError"},
		{outOfStock{"7"}, "outOfStock"},
		{&outOfStock{"7"}, "outOfStock"},
		{struct{ outOfStock }{}, "struct { lambent.outOfStock }"},
		{generic[int]{}, "generic[int]"},
	} {
		_, failed := respond(t, func() error { return test.err }, "")
		if failed == nil || failed.Type != test.want || failed.Message != test.err.Error() || failed.Stack != nil {
			t.Errorf("%T: %+v; want type %s", test.err, failed, test.want)
		}
	}
}

func explode(v any) { panic(v) }

func TestPanics(t *testing.T) {
	var none *point
	var list []int
	for _, test := range []struct {
		name    string
		handler func()
		errType string
		message string
	}{
		{"string", func() { explode("boom") }, "string", "boom"},
		{"error", func() { explode(outOfStock{"7"}) }, "outOfStock", "out of stock: 7"},
		{"nil pointer", func() { none.X++ }, "errorString", "runtime error: invalid memory address or nil pointer dereference"},
		{"index", func() { list[len(list)]++ }, "boundsError", "runtime error: index out of range [0] with length 0"},
		{"nil", func() { explode(nil) }, "PanicNilError", (&runtime.PanicNilError{}).Error()},
	} {
		h, err := newInvoker(test.handler)
		if err != nil {
			t.Fatal(err)
		}
		out := run(invocation{}, h, nil)
		f := out.failure
		if f == nil || f.Type != test.errType || f.Message != test.message {
			t.Errorf("%s: %+v", test.name, f)
			continue
		}
		first := f.Stack[0]
		if !strings.HasSuffix(first.Path, "sdk/go/failure_test.go") || first.Line == 0 || !(first.Label == "explode" || strings.HasPrefix(first.Label, "TestPanics.func")) {
			t.Errorf("%s: innermost frame %+v", test.name, first)
		}
		for _, frame := range f.Stack {
			if frame.Label == "run" || frame.Label == "gopanic" {
				t.Errorf("%s: frame %+v is not the handler's", test.name, frame)
			}
		}
		if !strings.Contains(string(out.crash), "panic: "+test.message) || !strings.Contains(string(out.crash), "failure_test.go") {
			t.Errorf("%s: printed %q", test.name, out.crash)
		}
	}
}

// A nil pointer whose Error method does not expect it.
func TestPanicInErrorMethod(t *testing.T) {
	_, failed := respond(t, func() (int, error) { return 0, (*outOfStock)(nil) }, "")
	if failed == nil || failed.Type != "plainError" || len(failed.Stack) == 0 {
		t.Errorf("%+v", failed)
	}
}

func TestDeepPanicIsBounded(t *testing.T) {
	var recurse func(int)
	recurse = func(n int) {
		if n == 0 {
			panic("deep")
		}
		recurse(n - 1)
	}
	h, err := newInvoker(func() { recurse(1000) })
	if err != nil {
		t.Fatal(err)
	}
	if out := run(invocation{}, h, nil); len(out.failure.Stack) != maxFrames {
		t.Errorf("%d frames; want %d", len(out.failure.Stack), maxFrames)
	}
}

func TestLongMessageIsShortened(t *testing.T) {
	f := &failure{Type: "T", Message: strings.Repeat("é\x00", maxMessage)}
	b := f.payload()
	var got failure
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if len(b) > 256<<10 || !strings.HasSuffix(got.Message, "…") || !utf8.ValidString(got.Message) || len(got.Message) > maxMessage+len("…") {
		t.Errorf("payload of %d bytes, message of %d", len(b), len(got.Message))
	}
}
