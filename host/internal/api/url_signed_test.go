package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestSignedURL is a URL for callers who sign.
func TestSignedURL(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	const host = id + ".lambda-url.us-east-1.localhost:9000"
	keys, _ := newAuth(t)
	key := func(account, role string) sigv4.Credentials {
		k, secret, err := keys.CreateKey(t.Context(), account, role)
		if err != nil {
			t.Fatal(err)
		}
		return sigv4.Credentials{AccessKeyID: k.ID, SecretAccessKey: secret}
	}
	own, app, foreign := key("", ""), key("", "app"), key("222222222222", "")
	wrong := own
	wrong.SecretAccessKey += "x"
	document, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"lambda:InvokeFunctionUrl","Resource":"*",
		"Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}}]}`), policy.Resource)
	if err != nil {
		t.Fatal(err)
	}
	iam := "AWS_IAM"
	f := withURL{&fake{}, function.URL{ID: id, FunctionARN: "arn:aws:lambda:us-east-1:000000000000:function:there"}}
	f.url.AuthType = &iam
	a := New(f, nil)
	a.Protect(Protection{Auth: keys, Enforced: true})
	m, ok := a.FindURL([]byte(host))
	if !ok {
		t.Fatal("it is no URL")
	}
	ask := func(k sigv4.Credentials) Response {
		r, err := http.NewRequest("POST", "http://"+host+"/a/b?c=d", nil)
		if err != nil {
			t.Fatal(err)
		}
		if k.AccessKeyID != "" {
			if err := sigv4.Sign(r, []byte("body"), k, "us-east-1", "lambda", time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		r.Header.Set("Host", host)
		h := sentHeader{r.Header}
		request := &Request{ID: "r-1", Header: h.Header, Body: []byte("body"), Signed: &sigv4.Request{Method: "POST", Path: "/a/b", Query: "c=d", Header: h}}
		claim, failed := a.Claim(t.Context(), m, request)
		if failed == nil {
			failed = a.Finish(claim, request)
		}
		if failed != nil {
			t.Fatal(failed)
		}
		return a.Serve(t.Context(), m, request)
	}
	for _, c := range []struct {
		who    string
		key    sigv4.Credentials
		policy *policy.Document
		status int
		text   string
	}{
		{"nobody", sigv4.Credentials{}, document, 403, "Forbidden."},
		{"the account", own, nil, 200, ""},
		{"a role that may not", app, nil, 403, "Forbidden."},
		{"another account", foreign, nil, 403, "Forbidden."},
		{"another account that was let", foreign, document, 200, ""},
		{"a wrong key", wrong, nil, 403, "The request signature we calculated does not match"},
	} {
		f.policies = map[function.Ref]*policy.Document{{Name: "there"}: c.policy}
		if r := ask(c.key); r.Status != c.status || !strings.Contains(string(r.Body), c.text) {
			t.Errorf("%s: %d %s", c.who, r.Status, r.Body)
		}
	}
}
