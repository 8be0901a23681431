package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// blocking is a functions whose invocations wait to be told to go on.
func blocking() (f functions, begun chan struct{}, goOn chan struct{}) {
	begun, goOn = make(chan struct{}, 100), make(chan struct{})
	f.invoke = func(ctx context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
		begun <- struct{}{}
		select {
		case <-goOn:
			return function.InvokeOutput{Payload: []byte(`"done"`)}, nil
		case <-ctx.Done():
			return function.InvokeOutput{}, ctx.Err()
		}
	}
	return f, begun, goOn
}

type answer struct {
	status int
	header http.Header
	body   string
}

// send is do on another goroutine.
func (s *started) send(t testing.TB, method, path, body string) chan answer {
	c := make(chan answer, 1)
	go func() {
		status, header, text := s.do(t, method, path, body)
		c <- answer{status, header, text}
	}()
	return c
}

func TestBodiesTooLarge(t *testing.T) {
	s := start(t, functions{}, Config{})
	for _, c := range []struct {
		method, path  string
		size          int
		code, message string
	}{
		{"POST", invoke, 6291457, "RequestTooLargeException", "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"},
		{"POST", plain, 6291457, "RequestTooLargeException", "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"},
		{"POST", "/2015-03-31/functions/", 70167212, "RequestEntityTooLargeException", "Request must be smaller than 70167211 bytes for the CreateFunction operation"},
		{"PUT", "/2015-03-31/functions/n/configuration", 262145, "RequestEntityTooLargeException", "Request must be smaller than 262144 bytes for the UpdateFunctionConfiguration operation"},
		{"POST", "/2020-04-22/code-signing-configs", 262145, "NotImplementedException", "Lambent does not have the operation CreateCodeSigningConfig yet."},
		{"POST", "/nothing", 1 << 20, "UnknownOperationException", "POST /nothing is not an operation of AWS Lambda"},
	} {
		for _, declared := range []bool{true, false} {
			var body io.Reader = strings.NewReader(strings.Repeat(" ", c.size))
			if !declared {
				body = struct{ io.Reader }{body} // chunked
			}
			r, err := http.NewRequest(c.method, s.url(c.path), body)
			if err != nil {
				t.Fatal(err)
			}
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatalf("%s %s, declared %v: the answer is lost: %v", c.method, c.path, declared, err)
			}
			text, _ := io.ReadAll(got.Body)
			got.Body.Close()
			var fault struct{ Message string }
			json.Unmarshal(text, &fault)
			if got.Header.Get("X-Amzn-Errortype") != c.code || fault.Message != c.message {
				t.Errorf("%s %s, declared %v: %d %s", c.method, c.path, declared, got.StatusCode, text)
			}
		}
	}
	eventually(t, "nothing is held", func() bool { return s.bytes.used.Load() == 0 })
}

func TestLargestEvent(t *testing.T) {
	s := start(t, functions{}, Config{})
	event := `"` + strings.Repeat("x", 6<<20-2) + `"`
	for _, body := range []io.Reader{strings.NewReader(event), struct{ io.Reader }{strings.NewReader(event)}} {
		r, err := http.Post(s.url(invoke), "", body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != 200 || err != nil || string(text) != event {
			t.Errorf("%d, %d bytes, %v", r.StatusCode, len(text), err)
		}
	}
}

func TestRequestsAtOnce(t *testing.T) {
	f, begun, goOn := blocking()
	s := start(t, f, Config{Requests: 1})
	first := s.send(t, "POST", invoke, "{}")
	<-begun
	status, header, body := s.do(t, "POST", invoke, "{}")
	if status != 429 || header.Get("X-Amzn-Errortype") != "TooManyRequestsException" || header.Get("Retry-After") == "" ||
		body != `{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}` {
		t.Errorf("the second request: %d %v %s", status, header, body)
	}
	if status, _, _ := s.do(t, "GET", "/health", ""); status != 200 {
		t.Errorf("health: %d", status)
	}
	close(goOn)
	if a := <-first; a.status != 200 || a.body != `"done"` {
		t.Errorf("the first request: %+v", a)
	}
	if status, _, _ := s.do(t, "POST", invoke, "{}"); status != 200 {
		t.Errorf("afterwards: %d", status)
	}
}

func TestBytesInFlight(t *testing.T) {
	f, begun, goOn := blocking()
	s := start(t, f, Config{})
	s.bytes.limit = 10 << 20
	big := `"` + strings.Repeat("x", 6<<20-2) + `"`
	first := s.send(t, "POST", invoke, big)
	<-begun
	for _, chunked := range []bool{false, true} {
		var body io.Reader = strings.NewReader(big)
		if chunked {
			body = struct{ io.Reader }{body}
		}
		r, err := http.Post(s.url(invoke), "", body)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != 503 || r.Header.Get("X-Amzn-Errortype") != "ServiceUnavailableException" {
			t.Errorf("chunked %v: %d %s", chunked, r.StatusCode, text)
		}
	}
	small := s.send(t, "POST", invoke, "{}")
	<-begun
	close(goOn)
	for _, c := range []chan answer{first, small} {
		if a := <-c; a.status != 200 {
			t.Errorf("%+v", a)
		}
	}
	eventually(t, "nothing is held", func() bool { return s.bytes.used.Load() == 0 })
}

// TestResponsesAreCounted while a client does not read them.
func TestResponsesAreCounted(t *testing.T) {
	const size = 64 << 20 // more than sockets buffer
	s := start(t, functions{invoke: func(context.Context, function.InvokeInput) (function.InvokeOutput, error) {
		return function.InvokeOutput{Payload: make([]byte, size)}, nil
	}}, Config{})
	c := dial(t, s.address)
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", invoke)
	if _, err := http.ReadResponse(bufio.NewReaderSize(c, 4096), nil); err != nil { // the header
		t.Fatal(err)
	}
	if used := s.bytes.used.Load(); used != size {
		t.Errorf("%d bytes are held while %d are sent", used, size)
	}
	c.Close()
	eventually(t, "bytes are released", func() bool { return s.bytes.used.Load() == 0 })
}

func TestConnectionsAtOnce(t *testing.T) {
	s := start(t, functions{}, Config{Connections: 2})
	var open []net.Conn
	for range 2 {
		c := dial(t, s.address)
		fmt.Fprint(c, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if r, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || r.StatusCode != 200 {
			t.Fatalf("%v %v", r, err)
		}
		open = append(open, c)
	}
	c := dial(t, s.address)
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || r.StatusCode != 503 || r.Header.Get("X-Amzn-Errortype") != "ServiceUnavailableException" || !r.Close {
		t.Fatalf("the third connection: %+v %v", r, err)
	}
	open[0].Close()
	eventually(t, "a connection is accepted again", func() bool {
		c := dial(t, s.address)
		defer c.Close()
		fmt.Fprint(c, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
		r, err := http.ReadResponse(bufio.NewReader(c), nil)
		return err == nil && r.StatusCode == 200
	})
}

func TestPanics(t *testing.T) {
	s := start(t, functions{invoke: func(context.Context, function.InvokeInput) (function.InvokeOutput, error) { panic("of the test") }}, Config{})
	status, header, body := s.do(t, "POST", invoke, "{}")
	id := header.Get("X-Amzn-Requestid")
	if status != 500 || header.Get("X-Amzn-Errortype") != "ServiceException" || strings.Contains(body, "of the test") || len(id) != 36 {
		t.Errorf("%d %v %s", status, header, body)
	}
	if log := s.log.String(); !strings.Contains(log, "of the test") || !strings.Contains(log, id) || !strings.Contains(log, "bounds_test.go") {
		t.Errorf("the log is %q", log)
	}
	if status, _, _ := s.do(t, "GET", "/health", ""); status != 200 {
		t.Errorf("afterwards: %d", status)
	}
	eventually(t, "nothing is counted", func() bool { return s.bytes.used.Load() == 0 && s.requests.Load() == 0 })
}

func TestFailuresAreLogged(t *testing.T) {
	s := start(t, functions{invoke: func(context.Context, function.InvokeInput) (function.InvokeOutput, error) {
		return function.InvokeOutput{}, fmt.Errorf("the disk is full")
	}}, Config{})
	status, header, body := s.do(t, "POST", invoke, "{}")
	if status != 500 || strings.Contains(body, "disk") {
		t.Errorf("%d %s", status, body)
	}
	if log := s.log.String(); !strings.Contains(log, "the disk is full") || !strings.Contains(log, header.Get("X-Amzn-Requestid")) || !strings.Contains(log, "Invoke") {
		t.Errorf("the log is %q", log)
	}
}

// TestEventsAreNotShared has requests on one connection keep their events while
// the connection's buffers are used again.
func TestEventsAreNotShared(t *testing.T) {
	var mu sync.Mutex
	var events [][]byte
	s := start(t, functions{invoke: func(_ context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, in.Event)
		return function.InvokeOutput{Payload: []byte("null")}, nil
	}}, Config{})
	for i := range 50 {
		s.do(t, "POST", invoke, fmt.Sprintf(`{"n":%d,"x":"%s"}`, i, strings.Repeat(string(rune('a'+i%26)), i*400)))
	}
	for i, e := range events {
		if want := fmt.Sprintf(`{"n":%d,"x":"%s"}`, i, strings.Repeat(string(rune('a'+i%26)), i*400)); string(e) != want {
			t.Fatalf("event %d became %.40q", i, e)
		}
	}
}

func TestShutdownLetsRequestsEnd(t *testing.T) {
	f, begun, goOn := blocking()
	s := start(t, f, Config{})
	idle := dial(t, s.address)
	fmt.Fprint(idle, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(idle), nil); err != nil {
		t.Fatal(err)
	}
	under := s.send(t, "POST", invoke, "{}")
	<-begun
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(t.Context()) }()
	eventually(t, "the address is free", func() bool {
		c, err := net.Dial("tcp", s.address)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	select {
	case err := <-ended:
		t.Fatalf("Shutdown did not wait: %v", err)
	default:
	}
	close(goOn)
	if a := <-under; a.status != 200 || a.body != `"done"` {
		t.Errorf("%+v", a)
	}
	if err := <-ended; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-s.done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestShutdownEndsRequestsInTheEnd(t *testing.T) {
	f, begun, _ := blocking()
	s := start(t, f, Config{})
	c := dial(t, s.address)
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", invoke)
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); err == nil || ctx.Err() == nil {
		t.Errorf("Shutdown: %v, context %v", err, ctx.Err())
	}
	eventually(t, "the invocation ends", func() bool { return s.requests.Load() == 0 })
	if _, err := io.Copy(io.Discard, c); err != nil {
		t.Logf("the connection: %v", err) // reset or closed: it ended
	}
}

// TestShutdownInTime: that the time is over says nothing of requests, if there are none.
func TestShutdownInTime(t *testing.T) {
	f, _, _ := blocking()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newGateway(api.New(f, nil), Config{}).Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

func dial(t testing.TB, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	return c
}

// eventually waits for what another goroutine is about to do.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for range 3000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it did not come to pass that %s", what)
}
