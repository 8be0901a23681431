package bucket

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

var (
	credentials = sigv4.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret", Token: "token"}
	now         = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// incoming is the header of a request as a server has it.
type incoming struct{ *http.Request }

func (h incoming) Get(name string) string { return h.Header.Get(name) }

func (h incoming) Fields(yield func(name, value []byte) bool) {
	if !yield([]byte("Host"), []byte(h.Host)) {
		return
	}
	for name, values := range h.Header {
		for _, v := range values {
			if !yield([]byte(name), []byte(v)) {
				return
			}
		}
	}
}

// store answers as S3 does, to requests whose signatures are right.
func store(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/code/away" {
			http.Redirect(w, r, "http://127.0.0.2:1/", http.StatusTemporaryRedirect)
			return
		}
		request := &sigv4.Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: incoming{r}}
		signature, err := sigv4.Parse(request)
		if err == nil {
			_, err = signature.Verify(request, nil, sigv4.DeriveKey("secret", signature.Scope))
		}
		refuse := func(status int, code, message string) {
			w.WriteHeader(status)
			fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, message)
		}
		switch {
		case err != nil || signature.Scope != (sigv4.Scope{Date: "20260301", Region: "eu-west-1", Service: "s3"}) || signature.Token != "token":
			refuse(403, "SignatureDoesNotMatch", fmt.Sprint(err))
		case r.URL.Path == "/code/a folder/f+n ü.zip" && r.URL.Query().Get("versionId") == "v/1+":
			fmt.Fprint(w, "old")
		case r.URL.Path == "/code/a folder/f+n ü.zip":
			fmt.Fprint(w, "new")
		case r.URL.Path == "/code/endless":
			for range 100 {
				fmt.Fprint(w, strings.Repeat("x", 1<<10))
				w.(http.Flusher).Flush()
			}
		case r.URL.Path == "/code/odd":
			w.WriteHeader(502)
		default:
			refuse(404, "NoSuchKey", "The specified key does not exist.")
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func TestGet(t *testing.T) {
	s, err := Open(Config{Endpoint: store(t).URL, Region: "eu-west-1", Credentials: credentials, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct{ key, version, want, err string }{
		{"a folder/f+n ü.zip", "", "new", ""},
		{"a folder/f+n ü.zip", "v/1+", "old", ""},
		{"none", "", "", "S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."},
		{"../none", "", "", "S3 Error Code: InvalidURI"}, // not what another bucket has
		{"a/./none", "", "", "InvalidURI"},
		{"a/..", "", "", "InvalidURI"},
		{"..a/b..", "", "", "NoSuchKey"},
		{"odd", "", "", "S3 Error Code: 502. S3 Error Message: Bad Gateway"},
		{"endless", "", "", "more than the 1024 bytes"},
		{"away", "", "", "not allowed: 127.0.0.2:1"},
	} {
		got, err := s.Get(t.Context(), "code", c.key, c.version, 1024)
		if string(got) != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s, version %q: %q, %v", c.key, c.version, got, err)
		}
	}
	if _, err := s.Get(t.Context(), "code", "a folder/f+n ü.zip", "", 2); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	var refused *Error
	if _, err := s.Get(t.Context(), "other", "none", "", 1); !errors.As(err, &refused) || refused.Status != 404 {
		t.Error(err)
	}
}

func TestEndpoints(t *testing.T) {
	for _, endpoint := range []string{"", "s3.example.com", "ftp://s3.example.com", "http://", "https://s3.example.com/bucket", "https://a:b@s3.example.com", "http://s3.example.com:25"} {
		if _, err := Open(Config{Endpoint: endpoint}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("the endpoint %q", endpoint)) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
	for _, endpoint := range []string{"https://s3.example.com", "https://s3.example.com/", "http://127.0.0.1:9001", "http://[::1]:9001"} {
		if _, err := Open(Config{Endpoint: endpoint}); err != nil {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}
