package api

import (
	"context"
	"net/http"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// withURL is a fake whose function "there" has a URL.
type withURL struct {
	*fake
	url function.URL
}

func (f withURL) URLByID(_ context.Context, id string) (function.URL, function.Ref, error) {
	if id != f.url.ID {
		return function.URL{}, function.Ref{}, fault.New(fault.ResourceNotFound, "no")
	}
	return f.url, function.Ref{Name: "there"}, nil
}

// sentHeader is a header as it came.
type sentHeader struct{ http.Header }

func (h sentHeader) Fields(yield func(name, value []byte) bool) {
	for name, values := range h.Header {
		for _, value := range values {
			if !yield([]byte(name), []byte(value)) {
				return
			}
		}
	}
}

// TestURLOfWhom has signatures be enforced: then a URL is for those that its
// function's policy names, and for nobody without one.
func TestURLOfWhom(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	none, iam := "NONE", "AWS_IAM"
	keys, _ := newAuth(t)
	opens, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"*","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}]}`), policy.Resource)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		enforced bool
		auth     *string
		policy   *policy.Document
		origin   string
		status   int
	}{
		"not enforced":   {false, &none, nil, "", 200},
		"no policy":      {true, &none, nil, "", 403},
		"policy":         {true, &none, opens, "", 200},
		"of an origin":   {true, &none, opens, "https://a.example", 200},
		"signatures":     {true, &iam, opens, "", 403},
		"not said which": {true, nil, opens, "", 403},
	} {
		t.Run(name, func(t *testing.T) {
			f := withURL{&fake{policies: map[function.Ref]*policy.Document{{Name: "there"}: c.policy}}, function.URL{ID: id, FunctionARN: "arn:aws:lambda:us-east-1:000000000000:function:there"}}
			f.url.AuthType, f.url.Cors = c.auth, &function.Cors{AllowOrigins: []string{"https://a.example"}}
			a := New(f, nil)
			a.Protect(Protection{Auth: keys, Enforced: c.enforced})
			m, ok := a.FindURL([]byte(id + ".lambda-url.us-east-1.localhost:1"))
			if !ok {
				t.Fatal("it is no URL")
			}
			h := sentHeader{http.Header{}}
			if c.origin != "" {
				h.Set("Origin", c.origin)
			}
			r := a.Serve(t.Context(), m, &Request{ID: "r-1", Header: h.Header, Signed: &sigv4.Request{Method: "GET", Path: "/", Header: h}})
			if r.Status != c.status || r.Get("Access-Control-Allow-Origin") != c.origin {
				t.Errorf("%d %s %v", r.Status, r.Body, r.Header)
			}
		})
	}
	gone := withURL{&fake{err: fault.New(fault.ResourceNotFound, "the alias is gone")}, function.URL{ID: id}}
	a := New(gone, nil)
	m, _ := a.FindURL([]byte(id + ".lambda-url.us-east-1.localhost:1"))
	if r := a.Serve(t.Context(), m, &Request{ID: "r-1", Header: http.Header{}, Signed: &sigv4.Request{Method: "GET", Path: "/", Header: sentHeader{}}}); r.Status != 403 {
		t.Errorf("of an alias that is gone: %d %s", r.Status, r.Body)
	}
	for _, host := range []string{"", "localhost:1", id, id + ".lambda-url", id + "0.lambda-url.us-east-1.localhost", ".lambda-url.us-east-1.localhost"} {
		if _, ok := a.FindURL([]byte(host)); ok {
			t.Errorf("%q is a URL's", host)
		}
	}
}
