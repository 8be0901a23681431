package lambent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

type point struct {
	X, Y int
}

type rawHandler struct{}

func (rawHandler) Invoke(_ context.Context, event []byte) ([]byte, error) {
	return append([]byte("raw "), event...), nil
}

// closeReader counts how often it was closed.
type closeReader struct {
	r      io.Reader
	closed *int
}

func (c closeReader) Read(p []byte) (int, error) { return c.r.Read(p) }
func (c closeReader) Close() error               { *c.closed++; return nil }

// jsonReader is an io.Reader with a JSON form of its own.
type jsonReader struct{ Kind string }

func (jsonReader) Read([]byte) (int, error) { return 0, io.EOF }

// respond runs handler natively and returns its response.
func respond(t *testing.T, handler any, event string) (string, *failure) {
	t.Helper()
	h, err := newInvoker(handler)
	if err != nil {
		t.Fatal(err)
	}
	var response bytes.Buffer
	out := run(invocation{event: []byte(event), value: func(string) string { return "" }}, h, func(p []byte) error {
		response.Write(p)
		return nil
	})
	return response.String(), out.failure
}

func TestHandlerForms(t *testing.T) {
	called := false
	for _, test := range []struct {
		name        string
		handler     any
		event, want string
	}{
		{"nothing", func() { called = true }, `{}`, `null`},
		{"error", func() error { return nil }, `{}`, `null`},
		{"in, error", func(p point) error { return check(p == point{1, 2}) }, `{"X":1,"Y":2}`, `null`},
		{"out", func() (point, error) { return point{3, 4}, nil }, ``, `{"X":3,"Y":4}`},
		{"in, out", func(p point) (int, error) { return p.X + p.Y, nil }, `{"X":1,"Y":2}`, `3`},
		{"context", func(ctx context.Context) {}, ``, `null`},
		{"context, error", func(ctx context.Context) error { return ctx.Err() }, ``, `null`},
		{"context, in", func(_ context.Context, p *point) error { return check(p.Y == 2) }, `{"Y":2}`, `null`},
		{"context, out", func(context.Context) (string, error) { return "<&>", nil }, ``, `"<&>"`},
		{"context, in, out", func(_ context.Context, s string) (string, error) { return s + "!", nil }, `"a"`, `"a!"`},
		{"any in", func(v any) (any, error) { return v, nil }, `[1,{"a":null}]`, `[1,{"a":null}]`},
		{"nil out", func() (*point, error) { return nil, nil }, ``, `null`},
		{"raw message", func(m json.RawMessage) (json.RawMessage, error) { return m, nil }, `{"a": 1}`, `{"a":1}`},
		{"bytes are base64", func(b []byte) ([]byte, error) { return append(b, '!'), nil }, `"aGk="`, `"aGkh"`},
		{"reader", func() (io.Reader, error) { return strings.NewReader("plain"), nil }, ``, `plain`},
		{"reader that JSON refuses", func() (any, error) { return struct{ *io.PipeReader }{pipe("piped")}, nil }, ``, `piped`},
		{"reader with JSON", func() (io.Reader, error) { return jsonReader{"k"}, nil }, ``, `{"Kind":"k"}`},
		{"Handler", rawHandler{}, `x`, `raw x`},
		{"nil of an error type", func() *failure { return nil }, ``, `null`},
	} {
		got, failed := respond(t, test.handler, test.event)
		if failed != nil || got != test.want {
			t.Errorf("%s: response %q, failure %v; want %q", test.name, got, failed, test.want)
		}
	}
	if !called {
		t.Error("the handler without arguments was not called")
	}
}

func check(ok bool) error {
	if !ok {
		return errors.New("wrong event")
	}
	return nil
}

func pipe(s string) *io.PipeReader {
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, s)
		w.Close()
	}()
	return r
}

func TestReaderIsClosed(t *testing.T) {
	closed := 0
	got, failed := respond(t, func() (io.Reader, error) {
		return closeReader{strings.NewReader(strings.Repeat("x", 100_000)), &closed}, nil
	}, "")
	if failed != nil || len(got) != 100_000 || closed != 1 {
		t.Errorf("%d bytes, failure %v, closed %d times", len(got), failed, closed)
	}
}

func TestWrongHandlers(t *testing.T) {
	type named interface{ Name() string }
	for _, test := range []struct {
		handler any
		want    string
	}{
		{nil, "the handler is nil"},
		{(func())(nil), "the handler is nil"},
		{42, "a handler of type int: it is neither a function nor a lambent.Handler"},
		{func(a, b, c int) {}, "it takes 3 arguments"},
		{func(a, b int) {}, "the first of its two arguments has type int; it must be a context.Context"},
		{func(context.Context, ...int) {}, "variable number of arguments"},
		{func(named) {}, "no event can be decoded into the interface lambent.named"},
		{func(context.Context, context.Context) {}, "no event can be decoded into the interface context.Context"},
		{func() int { return 0 }, "the last value it returns has type int; it must be an error"},
		{func() (error, int) { return nil, 0 }, "the last value it returns has type int; it must be an error"},
		{func() (a, b int, err error) { return }, "it returns 3 values"},
	} {
		_, err := newInvoker(test.handler)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%T: error %v; want one that says %q", test.handler, err, test.want)
		}
	}
}

func TestEventThatDoesNotFit(t *testing.T) {
	_, failed := respond(t, func(struct {
		Items []struct{ Quantity int }
	}) {
	}, `{"Items":[{"Quantity":"three"}]}`)
	if failed == nil || failed.Type != "UnmarshalTypeError" || !strings.Contains(failed.Message, "Items.Quantity of type int") {
		t.Errorf("wrong field: %v", failed)
	}
	_, failed = respond(t, func(*point) {}, `{"X":`)
	if failed == nil || failed.Type != "SyntaxError" || !strings.Contains(failed.Message, "does not fit *lambent.point") {
		t.Errorf("cut short: %v", failed)
	}
}

func TestResultThatCannotBeEncoded(t *testing.T) {
	_, failed := respond(t, func() (any, error) { return map[string]any{"c": make(chan int)}, nil }, "")
	if failed == nil || failed.Type != "UnsupportedTypeError" || !strings.Contains(failed.Message, "map[string]interface {}") {
		t.Errorf("channel: %v", failed)
	}
	_, failed = respond(t, func() (io.Reader, error) { return io.MultiReader(strings.NewReader("part"), failingReader{}), nil }, "")
	if failed == nil || failed.Message != "broken" {
		t.Errorf("failing reader: %v", failed)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("broken") }
