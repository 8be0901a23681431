package gateway

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// This file has what happens at the border to bytes that are not quite HTTP, and
// what net/http, which has been looked at longest, makes of the same bytes. The
// statuses are those of all responses on the connection, up to where the server
// closes it, or the client ends its side. 100 and 0 stand for a "100 Continue"
// and for a connection closed without an answer.

const (
	post = "POST /functions/echo HTTP/1.1\r\nHost: localhost\r\n"
	get  = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
)

var badHTTP = []struct {
	name      string
	sent      string
	ours      []int
	theirs    []int
	different string // why ours are not theirs
}{
	{name: "a request", sent: post + "Content-Length: 2\r\n\r\n{}", ours: ok, theirs: ok},
	{name: "three requests in one go", sent: get + post + "Content-Length: 2\r\n\r\n{}" + get, ours: []int{200, 200, 200}, theirs: []int{200, 200, 200}},
	{name: "chunked", sent: post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n" + get, ours: []int{200, 200}, theirs: []int{200, 200}},
	{name: "chunked in capitals", sent: post + "Transfer-Encoding: CHUNKED\r\n\r\n2\r\n{}\r\n0\r\n\r\n", ours: ok, theirs: ok},
	{name: "chunk extension", sent: post + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n" + get, ours: []int{200, 200}, theirs: []int{200, 200}},
	{name: "trailer", sent: post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-A: b\r\n\r\n" + get, ours: []int{200, 200}, theirs: []int{200, 200}},
	{name: "no body", sent: post + "\r\n" + get, ours: []int{200, 200}, theirs: []int{200, 200}},
	{name: "a body where none is due", sent: "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /" + get, ours: []int{200, 200}, theirs: []int{200, 200}},

	// Where a body ends.
	{name: "Content-Length and Transfer-Encoding", sent: post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get,
		ours: bad, theirs: []int{200, 200}, different: smuggling},
	{name: "Transfer-Encoding and Content-Length", sent: post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + get,
		ours: bad, theirs: []int{200, 200}, different: smuggling},
	{name: "two lengths", sent: post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", ours: bad, theirs: bad},
	{name: "the same length twice", sent: post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", ours: bad, theirs: ok, different: smuggling},
	{name: "a list of lengths", sent: post + "Content-Length: 2, 2\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a length with a sign", sent: post + "Content-Length: +2\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a negative length", sent: post + "Content-Length: -1\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "an empty length", sent: post + "Content-Length:\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a length in hexadecimal", sent: post + "Content-Length: 0x2\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a length of 2^64+2", sent: post + "Content-Length: 18446744073709551618\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a length of 2^63-1", sent: post + "Content-Length: 9223372036854775807\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a body shorter than its length", sent: post + "Content-Length: 9\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "no transfer encoding", sent: post + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", ours: bad, theirs: []int{501}, different: "the status"},
	{name: "another transfer encoding", sent: post + "Transfer-Encoding: gzip\r\n\r\n", ours: bad, theirs: []int{501}, different: "the status"},
	{name: "two transfer encodings", sent: post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", ours: bad, theirs: []int{501}, different: "the status"},
	{name: "two fields Transfer-Encoding", sent: post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ours: bad, theirs: []int{501}, different: "the status"},
	{name: "a transfer encoding with a vertical tab", sent: post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "a transfer encoding in quotes", sent: post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", ours: bad, theirs: []int{501}, different: "the status"},
	{name: "chunked in HTTP/1.0", sent: "POST /functions/echo HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ours: bad, theirs: ok, different: smuggling},

	// Chunks.
	{name: "a chunk of size g", sent: post + "Transfer-Encoding: chunked\r\n\r\ng\r\n", ours: bad, theirs: bad},
	{name: "a chunk of negative size", sent: post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "a chunk of size 0x2", sent: post + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "a chunk without size", sent: post + "Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "a chunk of 2^64 bytes", sent: post + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", ours: bad, theirs: bad},
	{name: "a chunk of 2^63 bytes", sent: post + "Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n{}", ours: bad, theirs: bad},
	{name: "a chunk of 2^60 bytes", sent: post + "Transfer-Encoding: chunked\r\n\r\n1000000000000000\r\n{}", ours: bad, theirs: bad},
	{name: "a chunk that is longer than its size", sent: post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "a chunk size that ends with LF", sent: post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "a chunk extension with LF", sent: post + "Transfer-Encoding: chunked\r\n\r\n2;\n{}\r\n0\r\n\r\n", ours: bad, theirs: bad},
	{name: "chunks without end", sent: post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", ours: bad, theirs: bad},
	{name: "a trailer that is none", sent: post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX\r\n\r\n" + get, ours: bad, theirs: bad},
	{name: "a trailer Content-Length", sent: post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n" + get, ours: bad, theirs: []int{200, 200}, different: smuggling},

	// Lines and fields.
	{name: "lines that end with LF", sent: "POST /functions/echo HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{}", ours: bad, theirs: ok, different: smuggling},
	{name: "one line that ends with LF", sent: post + "X-A: b\nContent-Length: 2\r\n\r\n{}", ours: bad, theirs: ok, different: smuggling},
	{name: "a header that ends with LF", sent: post + "Content-Length: 2\r\n\n{}\r\n\r\n", ours: bad, theirs: ok, different: smuggling},
	{name: "a request line that ends with LF", sent: "POST /functions/echo HTTP/1.1\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}", ours: ok, theirs: ok},
	{name: "a CR within a field", sent: post + "X-A: b\rContent-Length: 2\r\n\r\n", ours: bad, theirs: bad},
	{name: "a folded field", sent: post + "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}", ours: bad, theirs: ok, different: smuggling},
	{name: "a folded length", sent: post + "Content-Length:\r\n 2\r\n\r\n{}", ours: bad, theirs: ok, different: smuggling},
	{name: "a folded first field", sent: "POST /functions/echo HTTP/1.1\r\n Host: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a NUL in a field", sent: post + "X-A: b\x00c\r\n\r\n", ours: bad, theirs: bad},
	{name: "a NUL in a name", sent: post + "X\x00A: b\r\n\r\n", ours: bad, theirs: bad},
	{name: "a space before the colon", sent: post + "Content-Length : 2\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a tab before the colon", sent: post + "Content-Length\t: 2\r\n\r\n{}", ours: bad, theirs: bad},
	{name: "a space in a name", sent: post + "X A: b\r\n\r\n", ours: bad, theirs: bad},
	{name: "a name that is not ASCII", sent: post + "X\u00e9: b\r\n\r\n", ours: bad, theirs: bad},
	{name: "a value that is not ASCII", sent: post + "X: \u00e9\xff\r\n\r\n", ours: ok, theirs: ok},
	{name: "no name", sent: post + ": b\r\n\r\n", ours: bad, theirs: bad},
	{name: "no colon", sent: post + "X\r\n\r\n", ours: bad, theirs: bad},
	{name: "a header of 17 KiB", sent: post + "X: " + strings.Repeat("x", 17<<10) + "\r\n\r\n", ours: []int{431}, theirs: ok, different: "net/http allows 1 MiB"},
	{name: "a header of 1000 fields", sent: post + strings.Repeat("X-A: 0123456789\r\n", 1000) + "\r\n", ours: []int{431}, theirs: ok, different: "net/http allows 1 MiB"},
	{name: "half a header", sent: "POST /functions/echo HTTP/1.1\r\nHost: loc", ours: bad, theirs: bad},

	// The request line.
	{name: "garbage", sent: "\x16\x03\x01\x02\x00\x01\r\n\r\n", ours: bad, theirs: bad},
	{name: "garbage after a request", sent: get + "garbage\r\n\r\n", ours: []int{200, 400}, theirs: []int{200, 400}},
	{name: "a body longer than its length", sent: post + "Content-Length: 2\r\n\r\n{}{}" + get, ours: []int{200, 400}, theirs: []int{200, 400}},
	{name: "an empty line before", sent: "\r\n" + get, ours: ok, theirs: bad, different: "RFC 9112, 2.2 asks servers to ignore it"},
	{name: "two spaces", sent: "GET  /health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "tabs", sent: "GET\t/health\tHTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a space in the target", sent: "GET /health x HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a space at the end", sent: "GET /health HTTP/1.1 \r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "no version", sent: "GET /health\r\n\r\n", ours: bad, theirs: bad},
	{name: "HTTP/0.9", sent: "GET /health HTTP/0.9\r\nHost: localhost\r\n\r\n", ours: []int{505}, theirs: []int{505}},
	{name: "HTTP/1.2", sent: "GET /health HTTP/1.2\r\nHost: localhost\r\n\r\n", ours: []int{505}, theirs: ok, different: "there is no such version"},
	{name: "HTTP/2.0", sent: "GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n", ours: []int{505}, theirs: []int{505}},
	{name: "the preface of HTTP/2", sent: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ours: bad, theirs: none, different: "the status"},
	{name: "http in small letters", sent: "GET /health http/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a method in small letters", sent: "get /health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: none, theirs: none},
	{name: "an unknown method", sent: "BREW /functions/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: none, theirs: none},
	{name: "a method that is no token", sent: "GE(T /health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "HEAD", sent: "HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n" + get, ours: []int{200, 200}, theirs: []int{200, 200}},
	{name: "OPTIONS", sent: "OPTIONS /functions/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: none, theirs: none},
	{name: "OPTIONS *", sent: "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: ok, different: "it says nothing here"},
	{name: "CONNECT", sent: "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: none, different: "this is no proxy"},
	{name: "a target with a host", sent: "GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: ok, different: "this is no proxy"},
	{name: "a target with another host", sent: "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: ok, different: "this is no proxy"},
	{name: "a target with a scheme", sent: "GET file:///health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: ok, different: "this is no proxy"},
	{name: "a target that looks like a host", sent: "GET //evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: none, theirs: none},
	{name: "a target without slash", sent: "GET health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a target with a fragment", sent: "GET /health#x HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: none, different: "fragments are not sent"},
	{name: "a target with dots", sent: "GET /functions/../health HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: none, theirs: none},
	{name: "a target that is not ASCII", sent: "GET /health\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: none, different: "it must be percent-encoded"},
	{name: "a target with a control character", sent: "GET /health\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a target that is badly percent-encoded", sent: "POST /functions/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a target that is not UTF-8", sent: "POST /functions/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: none, different: "names are UTF-8"},
	{name: "a target with a NUL", sent: "POST /functions/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: none, different: "no name has one"},
	{name: "a target with an encoded slash", sent: "POST /functions%2Fecho HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: none, theirs: ok, different: "an encoded slash is none"},
	{name: "a query that is badly percent-encoded", sent: "POST /functions/echo?Qualifier=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", ours: bad, theirs: ok, different: "it is read only by us"},

	// Hosts. Which may speak is in TestClients.
	{name: "no Host", sent: "GET /health HTTP/1.1\r\n\r\n", ours: bad, theirs: bad},
	{name: "an empty Host", sent: "GET /health HTTP/1.1\r\nHost:\r\n\r\n", ours: bad, theirs: ok, different: "no client of ours"},
	{name: "two Hosts", sent: "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", ours: bad, theirs: bad},
	{name: "a Host with a user", sent: "GET /health HTTP/1.1\r\nHost: evil.example@localhost\r\n\r\n", ours: forbidden, theirs: bad, different: "the status"},
	{name: "a Host with a space", sent: "GET /health HTTP/1.1\r\nHost: localhost evil.example\r\n\r\n", ours: bad, theirs: bad},
	{name: "a Host with a path", sent: "GET /health HTTP/1.1\r\nHost: localhost/evil.example\r\n\r\n", ours: bad, theirs: bad},
	{name: "a Host with a zone", sent: "GET /health HTTP/1.1\r\nHost: [::1%25lo]\r\n\r\n", ours: forbidden, theirs: ok, different: "no client of ours"},
	{name: "HTTP/1.0", sent: "GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n" + get, ours: ok, theirs: ok},
	{name: "HTTP/1.0 without Host", sent: "GET /health HTTP/1.0\r\n\r\n", ours: forbidden, theirs: ok, different: "no client of ours"},
	{name: "HTTP/1.0 that is kept alive", sent: "GET /health HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n" + get, ours: []int{200, 200}, theirs: []int{200, 200}},

	// Expectations.
	{name: "100-continue", sent: post + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}" + get, ours: []int{100, 200, 200}, theirs: []int{100, 200, 200}},
	{name: "100-continue with too large a body", sent: post + "Content-Length: 6291457\r\nExpect: 100-continue\r\n\r\n", ours: tooLarge, theirs: []int{100, 400}, different: "the test's handler has no limit"},
	{name: "100-continue of a stranger", sent: "POST /functions/echo HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", ours: forbidden, theirs: []int{100, 400}, different: "the test's handler knows no strangers"},
	{name: "another expectation", sent: post + "Content-Length: 2\r\nExpect: a-miracle\r\n\r\n{}", ours: []int{417}, theirs: []int{417}},
}

var (
	ok        = []int{200}
	bad       = []int{400}
	none      = []int{404}
	forbidden = []int{403}
	tooLarge  = []int{413}
)

const smuggling = "readers differ in where such a request ends"

func TestBadHTTP(t *testing.T) {
	s := start(t, functions{}, Config{})
	theirs := standard(t)
	for _, c := range badHTTP {
		t.Run(c.name, func(t *testing.T) {
			if got := statuses(t, s.address, c.sent); !slices.Equal(got, c.ours) {
				t.Errorf("ours: %v, want %v", got, c.ours)
			}
			if got := statuses(t, theirs, c.sent); !slices.Equal(got, c.theirs) {
				t.Errorf("net/http's: %v, want %v", got, c.theirs)
			}
			if same := slices.Equal(c.ours, c.theirs); same != (c.different == "") {
				t.Errorf("a difference needs a reason, and nothing else does: %q", c.different)
			}
		})
	}
	if used, n := s.bytes.used.Load(), s.requests.Load(); used != 0 || n != 0 {
		t.Errorf("%d bytes and %d requests are counted", used, n)
	}
	if log := s.log.String(); log != "" {
		t.Errorf("clients can fill the log: %s", log)
	}
}

// standard is a net/http server that does what ours does with health and echo.
func standard(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/health" && (r.Method == "GET" || r.Method == "HEAD"):
			case r.URL.Path == "/functions/echo" && r.Method == "POST":
				body, err := io.ReadAll(r.Body)
				if err != nil {
					w.WriteHeader(400)
				}
				w.Write(body)
			default:
				w.WriteHeader(404)
			}
		}),
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// statuses sends bytes, ends its side, and returns the statuses of what comes
// back before the other side ends.
func statuses(t *testing.T, address, sent string) []int {
	t.Helper()
	c := dial(t, address).(*net.TCPConn)
	defer c.Close()
	go func() {
		io.WriteString(c, sent)
		c.CloseWrite()
	}()
	var all []int
	r := bufio.NewReader(c)
	for {
		method := http.MethodGet
		if strings.HasPrefix(sent, "HEAD") && len(all) == 0 {
			method = http.MethodHead
		}
		response, err := http.ReadResponse(r, &http.Request{Method: method})
		switch {
		case err == nil:
		case len(all) > 0 && (err == io.EOF || err == io.ErrUnexpectedEOF || strings.Contains(err.Error(), "reset")):
			return all
		case os.IsTimeout(err):
			t.Fatalf("no answer, and no end: %v", err)
		default:
			return append(all, 0)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatalf("a response without end: %v", err)
		}
		all = append(all, response.StatusCode)
	}
}

// TestRefusalsEndTheConnection where the bytes that follow are in doubt.
func TestRefusalsEndTheConnection(t *testing.T) {
	s := start(t, functions{}, Config{})
	for _, field := range []string{
		"Content-Length: 0\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip", "Content-Length: 1\r\nContent-Length: 2", "X-A: b\r\n c", "X: b\nY: c", "Expect: x",
	} {
		c := dial(t, s.address)
		fmt.Fprintf(c, "POST /functions/echo HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n0\r\n\r\n%s", field, get)
		r := bufio.NewReader(c)
		response, err := http.ReadResponse(r, nil)
		if err != nil || response.StatusCode < 400 || !response.Close || response.Header.Get("X-Amzn-Errortype") == "" {
			t.Fatalf("%q: %+v %v", field, response, err)
		}
		io.Copy(io.Discard, response.Body)
		if next, err := http.ReadResponse(r, nil); err == nil {
			t.Errorf("%q: the connection was used again: %+v", field, next)
		}
	}
}

func TestSlowClients(t *testing.T) {
	s := start(t, functions{}, Config{HeaderTimeout: 200 * time.Millisecond, BodyTimeout: 300 * time.Millisecond, IdleTimeout: 200 * time.Millisecond})
	for name, sent := range map[string]string{
		"nothing":             "",
		"half a line":         "POST /func",
		"half a header":       post + "X-A:",
		"half a body":         post + "Content-Length: 10\r\n\r\n{",
		"half a large body":   post + "Content-Length: 100000\r\n\r\n{",
		"half a chunk":        post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
		"no chunk":            post + "Transfer-Encoding: chunked\r\n\r\n",
		"no awaited body":     post + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n",
		"half a refused body": "POST /functions/echo HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 10\r\n\r\n{",
	} {
		c := dial(t, s.address)
		io.WriteString(c, sent)
		r := bufio.NewReader(c)
		response, err := http.ReadResponse(r, nil)
		if err == nil && response.StatusCode == 100 {
			response, err = http.ReadResponse(r, nil)
		}
		if os.IsTimeout(err) {
			t.Errorf("%s: it may be slow for ever", name)
		}
		if err == nil && response.StatusCode != 408 && response.StatusCode != 403 {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
		if err == nil && !response.Close {
			t.Errorf("%s: the connection stays open", name)
		}
	}
	c := dial(t, s.address)
	io.WriteString(c, get)
	r := bufio.NewReader(c)
	response, err := http.ReadResponse(r, nil)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("%+v %v", response, err)
	}
	io.Copy(io.Discard, response.Body)
	if _, err := r.ReadByte(); err != io.EOF {
		t.Errorf("an idle connection ends with %v", err)
	}
	eventually(t, "nothing is counted", func() bool { return s.bytes.used.Load() == 0 && s.requests.Load() == 0 && s.connections.len() == 0 })
}
