package main

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestClientTrustsBundle speaks to an endpoint whose certificate only $AWS_CA_BUNDLE
// names, as AWS's tools do.
func TestClientTrustsBundle(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`"yes"`)) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of who does not trust it
	server.StartTLS()
	defer server.Close()
	ask := func() (answer string, err error) {
		err = (&client{endpoint: server.URL}).call(t.Context(), http.MethodGet, "/", nil, &answer)
		return answer, err
	}
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	t.Setenv("AWS_CA_BUNDLE", "")
	if _, err := ask(); err == nil || !strings.Contains(err.Error(), "$AWS_CA_BUNDLE may name a file with certificates to trust") {
		t.Errorf("without a bundle: %v", err)
	}
	t.Setenv("AWS_CA_BUNDLE", bundle)
	if _, err := ask(); err == nil || !strings.Contains(err.Error(), "$AWS_CA_BUNDLE: open ") {
		t.Errorf("without the file: %v", err)
	}
	for _, c := range []struct {
		text []byte
		want string // of the error
	}{
		{[]byte("nothing"), "holds no certificate in PEM"},
		{pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), ""},
	} {
		if err := os.WriteFile(bundle, c.text, 0o600); err != nil {
			t.Fatal(err)
		}
		switch answer, err := ask(); {
		case c.want == "" && (err != nil || answer != "yes"):
			t.Errorf("with its certificate: %q, %v", answer, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("with %q: %v, want %s", c.text, err, c.want)
		}
	}
}

// TestClientWithoutTLS: who speaks HTTP to what takes TLS only gets no answer, and
// is told what that may mean.
func TestClientWithoutTLS(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			// All of the request first: a reset would be another error.
			c.Read(make([]byte, 4096))
			c.Close()
		}
	}()
	err = (&client{endpoint: "http://" + l.Addr().String()}).call(t.Context(), http.MethodGet, "/", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "the endpoint begins with https://") {
		t.Errorf("it said %v", err)
	}
}
