package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

const ours, theirs = "111111111111", "222222222222"

// fixture is a Service with a clock that stands until it is moved.
type fixture struct {
	*Service
	dir string
	now time.Time
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{dir: t.TempDir(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	opened, err := store.Open(f.dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, err := OpenSealer(filepath.Join(f.dir, "secret.key"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f.Service, err = New(Config{Store: opened, Sealer: sealer, Account: ours, Region: "eu-north-1", Now: func() time.Time { return f.now }})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// header is a sigv4.Header.
type header struct{ http.Header }

func (h header) Fields(yield func(name, value []byte) bool) {
	for name, values := range h.Header {
		for _, value := range values {
			if !yield([]byte(name), []byte(value)) {
				return
			}
		}
	}
}

// signed is a request that was signed.
func (f *fixture) signed(t *testing.T, c sigv4.Credentials, region, service, body string) *sigv4.Request {
	t.Helper()
	r, err := http.NewRequest("POST", "http://localhost:9000/2015-03-31/functions/hello%3A1/invocations?Qualifier=1&a=b%20c", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Amz-Sdk-Invocation-Id", rand.Text())
	r.Header.Set("X-Amz-Log-Type", "Tail")
	if err := sigv4.Sign(r, []byte(body), c, region, service, f.now); err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Host", r.URL.Host)
	return &sigv4.Request{Method: "POST", Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: header{r.Header}}
}

// come authenticates a request.
func (f *fixture) come(r *sigv4.Request, body string) (*Caller, error) {
	claim, err := f.Begin(context.Background(), r, "lambda")
	if err != nil {
		return nil, err
	}
	caller, _, err := claim.Finish(r, []byte(body))
	return caller, err
}

func (f *fixture) key(t *testing.T, account, role string) sigv4.Credentials {
	t.Helper()
	k, secret, err := f.CreateKey(t.Context(), account, role)
	if err != nil {
		t.Fatal(err)
	}
	return sigv4.Credentials{AccessKeyID: k.ID, SecretAccessKey: secret}
}

func wantSignature(t *testing.T, what string, err error, kind sigv4.Kind, text string) {
	t.Helper()
	var refused *sigv4.Error
	if !errors.As(err, &refused) || refused.Kind != kind || !strings.Contains(refused.Message, text) {
		t.Errorf("%s: %v, want kind %d, %q", what, err, kind, text)
	}
}

func wantCode(t *testing.T, what string, err error, code fault.Code, text string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code || !strings.Contains(f.Message, text) {
		t.Errorf("%s: %v, want %s: %q", what, err, code, text)
	}
}

const lambdaMay = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func trusting(who string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + who + `"},"Action":"sts:AssumeRole"}]}`
}

func (f *fixture) role(t *testing.T, name, trust string) Role {
	t.Helper()
	r, err := f.CreateRole(t.Context(), Role{Account: ours, Name: name, RoleSettings: RoleSettings{Trust: trust}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func may(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
}
