package replay

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestTampered puts a proxy before a Lambent that answers wrongly, a little, in
// cases that pass: each of them must fail then, and pass if nothing is changed.
func TestTampered(t *testing.T) {
	all := cases(t)
	for name, c := range map[string]struct {
		of      string
		tamper  func(status *int, header http.Header, body string) string
		failure string
	}{
		"nothing": {of: "TestLambdaFunction::test_function_lifecycle"},
		"member": {
			of:      "TestLambdaFunction::test_function_lifecycle",
			tamper:  replace(`"Timeout":10`, `"Timeout":11`),
			failure: "Timeout is 11, want 10",
		},
		"message": {
			of:      "TestLambdaFunction::test_ops_on_nonexisting_fn[get_function]",
			tamper:  replace("Function not found:", "Function was not found:"),
			failure: "message is",
		},
		"status": {
			of: "TestLambdaFunction::test_ops_on_nonexisting_fn[get_function]",
			tamper: func(status *int, _ http.Header, body string) string {
				*status = 400
				return body
			},
			failure: "status 400, want 404",
		},
		"code": {
			of: "TestLambdaFunction::test_ops_on_nonexisting_fn[get_function]",
			tamper: func(_ *int, h http.Header, body string) string {
				h.Set("X-Amzn-Errortype", "ResourceConflictException")
				return body
			},
			failure: "code ResourceConflictException",
		},
		"more": {
			of:      "TestLambdaFunction::test_function_lifecycle",
			tamper:  replace(`"PackageType":"Zip"`, `"PackageType":"Zip","Layers":[]`),
			failure: "Layers is too much",
		},
		"less": {
			of:      "TestLambdaFunction::test_function_lifecycle",
			tamper:  replace(`"PackageType":"Zip",`, ``),
			failure: "PackageType is missing",
		},
		"revision": { // the same for ever
			of: "TestLambdaFunction::test_function_lifecycle",
			tamper: func(_ *int, _ http.Header, body string) string {
				return uuid.ReplaceAllString(body, "00000000-0000-4000-8000-000000000000")
			},
			failure: "the same for <uuid:2> as for <uuid:1>",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(all, func(r recorded) bool { return r.short() == c.of })
			h := hosttest.New(t, func(config *host.Config) { config.Account = account })
			endpoint := h.Endpoint
			if c.tamper != nil {
				endpoint = tampering(t, endpoint, c.tamper)
			}
			r := play(t, endpoint, nil, all[i])
			if (c.failure == "") != (r.failure == "") || !strings.Contains(r.failure, c.failure) {
				t.Errorf("failure %q, want %q", r.failure, c.failure)
			}
		})
	}
}

func replace(old, with string) func(*int, http.Header, string) string {
	return func(_ *int, _ http.Header, body string) string { return strings.ReplaceAll(body, old, with) }
}

// tampering is a proxy that changes answers.
func tampering(t *testing.T, endpoint string, tamper func(*int, http.Header, string) string) string {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		changed := []byte(tamper(&r.StatusCode, r.Header, string(body)))
		r.Header.Set("Content-Length", strconv.Itoa(len(changed)))
		r.ContentLength, r.Body = int64(len(changed)), io.NopCloser(bytes.NewReader(changed))
		return nil
	}
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	return s.URL
}
