package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestFunctionURL uses the URL of a function that answers its event: as a request
// sees it, and as what a response is made of.
func TestFunctionURL(t *testing.T) {
	h := hosttest.New(t)
	module, err := os.ReadFile("../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Deploy(t.Context(), host.Deployment{Name: "echo", Module: module}); err != nil {
		t.Fatal(err)
	}
	do := func(method, url, body string, header ...string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		// Names below localhost are this machine's, whether there is a resolver or not.
		r.Host = r.URL.Host
		r.URL.Host = strings.TrimPrefix(h.Endpoint, "http://")
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		text, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a, string(text)
	}
	var config struct{ FunctionUrl string }
	a, text := do("POST", h.Endpoint+"/2021-10-31/functions/echo/url", `{"AuthType":"NONE"}`)
	if err := json.Unmarshal([]byte(text), &config); err != nil || a.StatusCode != 201 {
		t.Fatalf("%d %s", a.StatusCode, text)
	}

	a, text = do("PUT", config.FunctionUrl+"a%20b/c?x=1&x=2&y=%C3%A4", `{"n":1}`, "Content-Type", "application/json", "Cookie", "k=v; l=w", "X-Twice", "1", "X-Twice", "2")
	var event struct {
		Version, RawPath, RawQueryString, Body string
		Cookies                                []string
		Headers, QueryStringParameters         map[string]string
		IsBase64Encoded                        bool
		RequestContext                         struct {
			DomainPrefix string
			HTTP         struct{ Method, Path, SourceIP string }
		}
	}
	if err := json.Unmarshal([]byte(text), &event); err != nil || a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", a.StatusCode, text)
	}
	if event.Version != "2.0" || event.RawPath != "/a b/c" || event.RawQueryString != "x=1&x=2&y=%C3%A4" || event.Body != `{"n":1}` || event.IsBase64Encoded ||
		strings.Join(event.Cookies, "|") != "k=v|l=w" || event.Headers["x-twice"] != "1,2" || event.Headers["cookie"] != "" ||
		event.QueryStringParameters["x"] != "1,2" || event.QueryStringParameters["y"] != "ä" || event.RequestContext.HTTP.Method != "PUT" ||
		event.RequestContext.HTTP.SourceIP != "127.0.0.1" || !strings.Contains(config.FunctionUrl, event.RequestContext.DomainPrefix) {
		t.Errorf("the event is %s", text)
	}
	if _, text := do("POST", config.FunctionUrl, "\x00\xff"); !strings.Contains(text, `"body":"AP8=","isBase64Encoded":true`) {
		t.Errorf("bytes are %s", text)
	}
	for _, path := range []string{"health", "2015-03-31/functions/echo/invocations"} { // all of it is the function's
		if _, text := do("POST", config.FunctionUrl+path, ""); !strings.Contains(text, `"rawPath":"/`+path) {
			t.Errorf("%s answered %s", path, text)
		}
	}
	a, text = do("GET", strings.Replace(config.FunctionUrl, event.RequestContext.DomainPrefix, strings.Repeat("0", 32), 1), "")
	if a.StatusCode != 403 || !strings.Contains(text, `"Message":"Forbidden. For troubleshooting Function URL authorization issues`) {
		t.Errorf("another URL: %d %s", a.StatusCode, text)
	}
	do("DELETE", h.Endpoint+"/2021-10-31/functions/echo/url", "")
	if a, _ = do("GET", config.FunctionUrl, ""); a.StatusCode != 403 {
		t.Errorf("deleted: %d", a.StatusCode)
	}
}
