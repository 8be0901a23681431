package gateway

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

// TestNamedAccounts: who names accounts that have nothing takes no room from those
// that come with keys.
func TestNamedAccounts(t *testing.T) {
	h, err := host.Open(host.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveAt(t, New(h, Config{Auth: AuthKeys}), l)
	key := func(account string) sigv4.Credentials {
		t.Helper()
		k, err := h.Access().Create(t.Context(), account, "")
		if err != nil {
			t.Fatal(err)
		}
		return sigv4.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret}
	}
	get := func(k sigv4.Credentials, path string) (int, string, string) {
		t.Helper()
		r, err := http.NewRequest("GET", "http://"+l.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := sigv4.Sign(r, nil, k, "us-east-1", "lambda", time.Now()); err != nil {
			t.Fatal(err)
		}
		return answerOf(t, http.DefaultClient, r)
	}
	stranger := key("222222222222")
	for n := range 40 {
		status, code, body := get(stranger, fmt.Sprintf("/2015-03-31/functions/arn:aws:lambda:us-east-1:3%011d:function:f", n))
		if status != 403 || !strings.HasPrefix(code, "AccessDenied") {
			t.Fatalf("account %d: %d %s %s", n, status, code, body)
		}
	}
	if status, _, body := get(key("444444444444"), "/2015-03-31/functions/"); status != 200 {
		t.Errorf("an account with a key: %d %s", status, body)
	}
}
