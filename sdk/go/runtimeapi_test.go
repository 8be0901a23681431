//go:build !wasip1

package lambent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
)

// lambda is a Runtime API that gives a list of events, then fails.
type lambda struct {
	mu     sync.Mutex
	events []string
	posts  []post
	status int // of answers to posts
}

type post struct{ path, errorType, body string }

func (l *lambda) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	path, ok := strings.CutPrefix(r.URL.Path, "/2018-06-01/runtime/")
	switch {
	case !ok:
		http.NotFound(w, r)
	case r.Method == http.MethodPost:
		body, _ := io.ReadAll(r.Body)
		l.posts = append(l.posts, post{path, r.Header.Get("Lambda-Runtime-Function-Error-Type"), string(body)})
		w.WriteHeader(l.status)
	case path != "invocation/next":
		http.NotFound(w, r)
	case len(l.events) == 0:
		http.Error(w, "the test is over", http.StatusGone)
	default:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "id-"+string(rune('0'+len(l.events))))
		w.Header().Set("Lambda-Runtime-Deadline-Ms", "32503680000000")
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn")
		w.Header().Set("Lambda-Runtime-Trace-Id", "Root=1")
		w.Header().Set("Lambda-Runtime-Cognito-Identity", `{"cognitoIdentityId":"me"}`)
		io.WriteString(w, l.events[0])
		l.events = l.events[1:]
	}
}

// serveEvents runs handler against a Runtime API.
func serveEvents(t *testing.T, l *lambda, handler any) (code int, stderr string) {
	t.Helper()
	t.Setenv("_X_AMZN_TRACE_ID", "") // restored after the test
	server := httptest.NewServer(l)
	defer server.Close()
	var r registry
	h, err := r.seal(newInvoker(handler))
	var printed bytes.Buffer
	code = newRuntimeAPI(strings.TrimPrefix(server.URL, "http://")).serve(t.Context(), h, err, &printed)
	return code, printed.String()
}

func TestRuntimeAPI(t *testing.T) {
	l := &lambda{status: http.StatusAccepted, events: []string{`{"X":1}`, `{"X":-1}`, `{"X":"a"}`}}
	code, stderr := serveEvents(t, l, func(ctx context.Context, p point) (string, error) {
		c, _ := FromContext(ctx)
		_, limited := ctx.Deadline()
		if p.X < 0 {
			return "", outOfStock{c.AwsRequestID}
		}
		if !limited || os.Getenv("_X_AMZN_TRACE_ID") != "Root=1" {
			return "", errors.New("no deadline or no trace id")
		}
		return strings.Join([]string{c.AwsRequestID, c.InvokedFunctionArn, c.TraceID, c.Identity.CognitoIdentityID}, " "), nil
	})
	if code != 1 || !strings.Contains(stderr, "410 Gone") {
		t.Errorf("code %d, printed %q", code, stderr)
	}
	want := []post{
		{"invocation/id-3/response", "", `"id-3 arn Root=1 me"`},
		{"invocation/id-2/error", "outOfStock", `{"errorMessage":"out of stock: id-2","errorType":"outOfStock"}`},
		{"invocation/id-1/error", "UnmarshalTypeError", l.posts[2].body},
	}
	for i, p := range l.posts {
		if p != want[i] {
			t.Errorf("post %d: %+v; want %+v", i, p, want[i])
		}
	}
	if len(l.posts) != 3 || !strings.Contains(l.posts[2].body, "point.X of type int") {
		t.Errorf("posts: %+v", l.posts)
	}
}

func TestRuntimeAPIStopsAfterAPanic(t *testing.T) {
	l := &lambda{status: http.StatusAccepted, events: []string{`1`, `2`}}
	code, stderr := serveEvents(t, l, func() { explode("boom") })
	if code != exitPanic || !strings.HasPrefix(stderr, "panic: boom") || len(l.posts) != 1 || len(l.events) != 1 {
		t.Fatalf("code %d, printed %q, posts %+v, %d events left", code, stderr, l.posts, len(l.events))
	}
	var f failure
	if err := json.Unmarshal([]byte(l.posts[0].body), &f); err != nil || f.Type != "string" || f.Stack[0].Label != "explode" {
		t.Errorf("posted %+v, %v", f, err)
	}
}

func TestRuntimeAPIInitError(t *testing.T) {
	l := &lambda{status: http.StatusAccepted}
	code, stderr := serveEvents(t, l, 7)
	if code != 1 || !strings.Contains(stderr, "a handler of type int") || len(l.posts) != 1 || l.posts[0].path != "init/error" {
		t.Errorf("code %d, printed %q, posts %+v", code, stderr, l.posts)
	}
}

func TestRuntimeAPIRefusesAResponse(t *testing.T) {
	l := &lambda{status: http.StatusRequestEntityTooLarge, events: []string{`1`, `2`}}
	if code, _ := serveEvents(t, l, nothing); code != 1 || len(l.posts) != 2 {
		t.Errorf("too large: code %d, %d posts; want to go on to the second", code, len(l.posts))
	}
	l = &lambda{status: http.StatusForbidden, events: []string{`1`, `2`}}
	if code, stderr := serveEvents(t, l, nothing); code != 1 || len(l.posts) != 1 || !strings.Contains(stderr, "403") {
		t.Errorf("forbidden: code %d, %d posts, printed %q; want to stop", code, len(l.posts), stderr)
	}
}
