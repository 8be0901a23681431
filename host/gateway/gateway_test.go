package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// functions is what the API is given here: every function answers its event,
// unless invoke says otherwise. The operations that it lacks panic, as a nil
// pointer does.
type functions struct {
	api.Functions
	invoke func(context.Context, function.InvokeInput) (function.InvokeOutput, error)
}

func (f functions) ARN(ref function.Ref) string {
	return "arn:aws:lambda:us-east-1:000000000000:function:" + ref.Name
}

func (f functions) Invoke(ctx context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	if f.invoke != nil {
		return f.invoke(ctx, in)
	}
	return function.InvokeOutput{Payload: in.Event, Version: "$LATEST"}, nil
}

// started is a Gateway that serves for a test.
type started struct {
	*Gateway
	address string
	log     *lines
	done    chan error
}

// lines collects a log.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func start(t testing.TB, f functions, c Config) *started {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log := &lines{}
	c.Log = slog.New(slog.NewTextHandler(log, nil))
	s := &started{Gateway: newGateway(api.New(f, nil), c), address: l.Addr().String(), log: log, done: make(chan error, 1)}
	go func() { s.done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil && !t.Failed() {
			t.Logf("shutdown: %v", err)
		}
	})
	return s
}

func (s *started) url(path string) string { return "http://" + s.address + path }

// do sends a request with Go's client.
func (s *started) do(t testing.TB, method, path, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url(path), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Add(header[i], header[i+1])
		}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

const (
	plain  = "/functions/echo"
	invoke = "/2015-03-31/functions/echo/invocations"
)

func TestServing(t *testing.T) {
	s := start(t, functions{}, Config{})
	if status, header, body := s.do(t, "GET", "/health", ""); status != 200 || body != `{"status":"ok"}` || header.Get("Content-Type") != "application/json" {
		t.Errorf("health: %d %v %s", status, header, body)
	}
	event := `{"text":"` + strings.Repeat("x", 200<<10) + `"}`
	for _, path := range []string{plain, invoke} {
		for _, e := range []string{`{"n":1}`, event} {
			status, header, body := s.do(t, "POST", path, e, "Content-Type", "multipart/form-data; boundary=b")
			if status != 200 || body != e || len(header.Get("X-Amzn-Requestid")) != 36 || header.Get("Server") != "" {
				t.Errorf("%s: %d %v, %d bytes", path, status, header, len(body))
			}
		}
	}
	eventually(t, "nothing is counted after all was answered", func() bool { return s.bytes.used.Load() == 0 && s.requests.Load() == 0 })
}

func TestOnlyLoopbackIsServed(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:1": true, "127.9.9.9:1": true, "[::1]:1": true, "0.0.0.0:1": false, "[::]:1": false, "192.0.2.7:1": false, "[fe80::1]:1": false,
	} {
		tcp, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := mayServe(tcp, AuthNone) == nil; got != want {
			t.Errorf("%s may be served: %v, want %v", address, got, want)
		}
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := newGateway(api.New(functions{}, nil), Config{}).Serve(l); err == nil || !strings.Contains(err.Error(), "is not a loopback address") {
		t.Errorf("serving %s: %v", l.Addr(), err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is open: %v", err)
	}
	if err := mayServe(&net.UnixAddr{Name: "s"}, AuthNone); err != nil {
		t.Error(err)
	}
	if err := mayServe(l.Addr(), AuthKeys); err != nil {
		t.Errorf("with keys: %v", err)
	}
	if err := mayServe(&net.UnixAddr{Name: "s"}, "nobody"); err == nil || !strings.Contains(err.Error(), "allowed are none and keys") {
		t.Errorf("an unknown Auth: %v", err)
	}
}

func TestServesOnce(t *testing.T) {
	s := start(t, functions{}, Config{})
	s.do(t, "GET", "/health", "")
	if err := s.ListenAndServe("127.0.0.1:0"); !errors.Is(err, ErrServed) {
		t.Errorf("second Serve: %v", err)
	}
}

func TestShutdownBeforeServe(t *testing.T) {
	g := newGateway(api.New(functions{}, nil), Config{})
	if err := g.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.ListenAndServe("127.0.0.1:0"); !errors.Is(err, ErrServed) {
		t.Errorf("Serve after Shutdown: %v", err)
	}
}

// TestShutdownWhileServeBegins ends either way, and soon.
func TestShutdownWhileServeBegins(t *testing.T) {
	for range 50 {
		g := newGateway(api.New(functions{}, nil), Config{})
		done := make(chan error, 1)
		go func() { done <- g.ListenAndServe("127.0.0.1:0") }()
		if err := g.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil && !errors.Is(err, ErrServed) {
			t.Fatal(err)
		}
	}
}

// TestClients has who may speak and who may not.
func TestClients(t *testing.T) {
	s := start(t, functions{}, Config{})
	port := s.address[strings.LastIndexByte(s.address, ':'):]
	for _, c := range []struct {
		name   string
		header []string
		status int
	}{
		{"as addressed", nil, 200},
		{"localhost", []string{"Host", "localhost" + port}, 200},
		{"localhost without port", []string{"Host", "LocalHost"}, 200},
		{"another port", []string{"Host", "localhost:1"}, 200},
		{"a name under localhost", []string{"Host", "stream-logs.lambda.localhost:1"}, 200},
		{"IPv6", []string{"Host", "[::1]" + port}, 200},
		{"IPv6 without port", []string{"Host", "[::1]"}, 200},
		{"all of 127", []string{"Host", "127.1.2.3"}, 200},
		{"signed", []string{"Authorization", "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"}, 200},
		{"its own page", []string{"Origin", "http://" + s.address, "Sec-Fetch-Site", "same-origin"}, 200},
		{"typed by a user", []string{"Sec-Fetch-Site", "none"}, 200},

		{"a name that resolves here", []string{"Host", "evil.example" + port}, 403},
		{"a name that begins well", []string{"Host", "localhost.evil.example"}, 403},
		{"a name that ends well", []string{"Host", "evillocalhost"}, 403},
		{"an empty label", []string{"Host", ".localhost"}, 403},
		{"two dots", []string{"Host", "a..localhost"}, 403},
		{"an address of the network", []string{"Host", "192.168.0.1" + port}, 403},
		{"every address", []string{"Host", "0.0.0.0" + port}, 403},
		{"an address in decimal", []string{"Host", "2130706433"}, 403},
		{"no port", []string{"Host", "localhost:x"}, 400},
		{"a foreign page", []string{"Origin", "https://evil.example"}, 403},
		{"a foreign page that posts a form", []string{"Origin", "https://evil.example", "Content-Type", "text/plain"}, 403},
		{"a page without origin", []string{"Origin", "null", "Content-Type", "text/plain"}, 403},
		{"a page of another port", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"a page of this port by https", []string{"Origin", "https://" + s.address}, 403},
		{"a page of this port by another name", []string{"Origin", "http://localhost" + port}, 403},
		{"two origins", []string{"Origin", "http://" + s.address, "Origin", "https://evil.example"}, 400},
		{"an image of a foreign page", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"an image of another port", []string{"Sec-Fetch-Site", "same-site"}, 403},
	} {
		for _, target := range [][2]string{{"POST", plain}, {"GET", "/health"}} {
			status, header, body := s.do(t, target[0], target[1], map[string]string{"POST": "{}"}[target[0]], c.header...)
			if status != c.status {
				t.Errorf("%s: %s %s: %d %s; want %d", c.name, target[0], target[1], status, body, c.status)
			}
			if header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: pages may read the answer", c.name)
			}
		}
	}
}
