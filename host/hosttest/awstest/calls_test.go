package awstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// calls writes down what a client calls of AWS Lambda, a line each:
//
//	POST /2015-03-31/functions/f/versions {} 201
//
// Deployment packages and UUIDs are left out. What is asked again and again until
// something has happened is one line, with the last status.
type calls struct {
	mu    sync.Mutex
	lines []string
}

// RoundTrip is that of the default transport.
func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && r.URL.Path != "/" { // which is of STS: it is asked whose key it is
		c.add(lineOf(r, body), response.StatusCode)
	}
	return response, err
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func lineOf(r *http.Request, body []byte) string {
	line := r.Method + " " + r.URL.Path
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil && query != "" {
		line += "?" + query
	}
	var said map[string]any
	if json.Unmarshal(body, &said) == nil {
		for _, in := range []any{said, said["Code"], said["Content"]} {
			if in, ok := in.(map[string]any); ok && in["ZipFile"] != nil {
				in["ZipFile"] = "ZIP"
			}
		}
		text, _ := json.Marshal(said) // with its keys in order
		line += " " + string(text)
	}
	return uuid.ReplaceAllString(line, "UUID")
}

func (c *calls) add(line string, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.lines) - 1; n >= 0 && strings.HasPrefix(line, "GET ") && strings.HasPrefix(c.lines[n], line+" ") {
		c.lines = c.lines[:n]
	}
	c.lines = append(c.lines, fmt.Sprint(line, " ", status))
}

// title begins a part.
func (c *calls) title(title string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, "", "# "+title)
}

func (c *calls) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.TrimSpace(strings.Join(c.lines, "\n")) + "\n"
}

// before serves what h does, on another address, and writes it down.
func (c *calls) before(t *testing.T, h *hosttest.Host) (endpoint string) {
	behind, err := url.Parse(h.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(&httputil.ReverseProxy{
		Transport: c,
		Rewrite:   func(p *httputil.ProxyRequest) { p.Out.URL.Scheme, p.Out.URL.Host = behind.Scheme, behind.Host },
	})
	t.Cleanup(s.Close)
	return s.URL
}
