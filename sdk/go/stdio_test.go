package lambent

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestStdio(t *testing.T) {
	env := map[string]string{
		"LAMBENT_REQUEST_ID":  "id-1",
		"LAMBENT_TRACE_ID":    "Root=1",
		"LAMBENT_DEADLINE_MS": "32503680000000", // the year 3000
	}
	for _, test := range []struct {
		name    string
		handler any
		code    int
		stdout  string
		stderr  string
	}{
		{"result", func(p point) (int, error) { return p.X, nil }, 0, `7`, ""},
		{"error", func() error { return outOfStock{"7"} }, 1, `{"errorMessage":"out of stock: 7","errorType":"outOfStock"}`, ""},
		{"panic", func() { explode("boom") }, 2, `{"errorMessage":"boom","errorType":"string","stackTrace":[{"path":"`, "panic: boom\n\ngoroutine "},
		{"wrong handler", 7, 1, `{"errorMessage":"lambent: a handler of type int`, ""},
		{"context", func(ctx context.Context) (string, error) {
			c, _ := FromContext(ctx)
			d, _ := ctx.Deadline()
			return c.AwsRequestID + " " + c.TraceID + " " + d.UTC().Format(time.DateOnly), nil
		}, 0, `"id-1 Root=1 3000-01-01"`, ""},
	} {
		var r registry
		h, err := r.seal(newInvoker(test.handler))
		var stdout, stderr bytes.Buffer
		code := serveStdio(h, err, strings.NewReader(`{"X":7}`), &stdout, &stderr, func(name string) string { return env[name] })
		if code != test.code || !strings.HasPrefix(stdout.String(), test.stdout) || !strings.HasPrefix(stderr.String(), test.stderr) || (test.stderr == "") != (stderr.Len() == 0) {
			t.Errorf("%s: code %d, stdout %q, stderr %q; want %d, %q, %q", test.name, code, &stdout, &stderr, test.code, test.stdout, test.stderr)
		}
	}
}

// What was written before a failure must not precede the error.
func TestStdioErrorAfterPartOfAResponse(t *testing.T) {
	var r registry
	h, err := r.seal(func(_ context.Context, _ []byte, write writeFunc) error {
		write([]byte("part"))
		return errors.New("broken")
	}, nil)
	var stdout, stderr bytes.Buffer
	code := serveStdio(h, err, strings.NewReader(""), &stdout, &stderr, func(string) string { return "" })
	if code != 1 || stdout.String() != `{"errorMessage":"broken","errorType":"errorString"}` {
		t.Errorf("code %d, stdout %q", code, &stdout)
	}
}

func TestStdioBrokenStreams(t *testing.T) {
	var r registry
	h, err := r.seal(newInvoker(nothing))
	none := func(string) string { return "" }
	var stdout, stderr bytes.Buffer
	code := serveStdio(h, err, iotest.ErrReader(errors.New("gone")), &stdout, &stderr, none)
	if code != 1 || !strings.Contains(stdout.String(), "read the event: gone") {
		t.Errorf("stdin: code %d, stdout %q", code, &stdout)
	}
	code = serveStdio(h, err, strings.NewReader(""), iotest.TruncateWriter(failingWriter{}, 100), &stderr, none)
	if code != 1 || !strings.Contains(stderr.String(), "write the result: full") {
		t.Errorf("stdout: code %d, stderr %q", code, &stderr)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestStdioHandlerName(t *testing.T) {
	var r registry
	r.add("a", func() (string, error) { return "A", nil })
	r.add("b", func() (string, error) { return "B", nil })
	h, err := r.seal(nil, nil)
	for name, want := range map[string]string{"b": `"B"`, "c": `{"errorMessage":"unknown handler \"c\"; there are a, b","errorType":"Runtime.HandlerNotFound"}`} {
		var stdout, stderr bytes.Buffer
		serveStdio(h, err, strings.NewReader(""), &stdout, &stderr, func(key string) string {
			return map[string]string{"_HANDLER": name}[key]
		})
		if stdout.String() != want {
			t.Errorf("handler %s: %s", name, &stdout)
		}
	}
}
