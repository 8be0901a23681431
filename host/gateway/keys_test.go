package gateway

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// ResourcePolicy: nothing has one.
func (f functions) ResourcePolicy(context.Context, function.Ref) (*policy.Document, error) {
	return nil, nil
}

// newKeys is a store of keys with one in it, which is the account's itself.
func newKeys(t testing.TB) (*auth.Service, sigv4.Credentials) {
	t.Helper()
	dir := t.TempDir()
	kept, err := store.Open(dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, err := auth.OpenSealer(filepath.Join(dir, "secret.key"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := auth.New(auth.Config{Store: kept, Sealer: sealer, Account: "000000000000"})
	if err != nil {
		t.Fatal(err)
	}
	k, secret, err := s.CreateKey(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	return s, sigv4.Credentials{AccessKeyID: k.ID, SecretAccessKey: secret}
}

// withKeys is a Gateway that wants signatures.
func withKeys(s *auth.Service, c Config) *Gateway {
	a := api.New(functions{}, nil)
	a.Protect(api.Protection{Auth: s, Enforced: true})
	c.Auth = AuthKeys
	return newGateway(a, c)
}

// serveAt serves a Gateway on a listener for a test.
func serveAt(t *testing.T, g *Gateway, l net.Listener) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- g.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := g.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// signedPost is a request for the function "echo" that was signed.
func signedPost(t testing.TB, k sigv4.Credentials, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest("POST", url+invoke, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Log-Type", "None")
	if err := sigv4.Sign(r, []byte(body), k, "us-east-1", "lambda", time.Now()); err != nil {
		t.Fatal(err)
	}
	return r
}

func answerOf(t testing.TB, c *http.Client, r *http.Request) (int, string, string) {
	t.Helper()
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("X-Amzn-Errortype"), string(body)
}

func TestKeys(t *testing.T) {
	s, k := newKeys(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveAt(t, withKeys(s, Config{}), l)
	url := "http://" + l.Addr().String()
	const event = `{"n":1}`
	for _, c := range []struct {
		name   string
		with   func(*http.Request)
		status int
		code   string
	}{
		{"signed", func(*http.Request) {}, 200, ""},
		{"by a page of another origin", func(r *http.Request) { r.Header.Set("Origin", "http://example.com") }, 200, ""},
		{"an unsigned field that says nothing", func(r *http.Request) { r.Header.Set("Accept", "text/plain") }, 200, ""},
		{"not signed", func(r *http.Request) { r.Header.Del("Authorization") }, 403, "MissingAuthenticationTokenException"},
		{"a field that was added", func(r *http.Request) { r.Header.Set("X-Amz-Invocation-Type", "DryRun") }, 403, "InvalidSignatureException"},
		{"a field that was altered", func(r *http.Request) { r.Header.Set("X-Amz-Log-Type", "Tail") }, 403, "InvalidSignatureException"},
		{"a field that was taken away", func(r *http.Request) { r.Header.Del("X-Amz-Log-Type") }, 403, "InvalidSignatureException"},
		{"another host", func(r *http.Request) { r.Host = "localhost" }, 403, "InvalidSignatureException"},
		{"another function", func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "echo", "other", 1) }, 403, "InvalidSignatureException"},
		{"another method", func(r *http.Request) { r.Method = "DELETE"; r.URL.Path = "/2015-03-31/functions/echo" }, 403, "InvalidSignatureException"},
		{"another body", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{"n":2}`)) }, 403, "InvalidSignatureException"},
		{"two signatures", func(r *http.Request) { r.Header.Add("Authorization", "x") }, 400, "InvalidRequestContentException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := signedPost(t, k, url, event)
			c.with(r)
			status, code, body := answerOf(t, http.DefaultClient, r)
			if status != c.status || code != c.code || status == 200 && body != event {
				t.Errorf("%d %s %s", status, code, body)
			}
		})
	}
	health, err := http.NewRequest("GET", url+"/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	health.Host = "anything.example"
	if status, _, body := answerOf(t, http.DefaultClient, health); status != 200 {
		t.Errorf("health: %d %s", status, body)
	}
}

// TestRefusedBeforeTheBody: a client that waits to be told to send its body is
// told no, and none of it is read.
func TestRefusedBeforeTheBody(t *testing.T) {
	s, _ := newKeys(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveAt(t, withKeys(s, Config{}), l)
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n", invoke)
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "HTTP/1.1 403 ") {
		t.Errorf("%q, %v", line, err)
	}
}

func TestTLS(t *testing.T) {
	s, k := newKeys(t)
	certificate, pool := newCertificate(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveAt(t, withKeys(s, Config{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}, Connections: 2}), l)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	for range 2 {
		status, code, body := answerOf(t, client, signedPost(t, k, "https://"+l.Addr().String(), `{"n":1}`))
		if status != 200 || body != `{"n":1}` {
			t.Errorf("%d %s %s", status, code, body)
		}
	}
	plain, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	fmt.Fprintf(plain, "GET /health HTTP/1.1\r\nHost: h\r\n\r\n")
	if got, _ := io.ReadAll(plain); strings.Contains(string(got), `"ok"`) {
		t.Errorf("without TLS: %q", got)
	}
	// One connection more than there may be is closed at once, with no handshake.
	var held []net.Conn
	defer func() {
		for _, c := range held {
			c.Close()
		}
	}()
	eventually(t, "a connection too many is closed", func() bool {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
		c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		_, err = c.Read(make([]byte, 1))
		return err == io.EOF
	})
}

// newCertificate is one for 127.0.0.1, and who trusts it.
func newCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestUnixSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "s") // t.TempDir's paths are too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "socket")
	// What a process that is gone left is replaced.
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	l, err := Listen("unix:"+path, AuthNone)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || l.Addr().String() != path {
		t.Errorf("%v, %v, %v", info.Mode(), err, l.Addr())
	}
	if _, err := Listen("unix:"+path, AuthNone); err == nil || !strings.Contains(err.Error(), "somebody listens there already") {
		t.Errorf("again: %v", err)
	}
	g := newGateway(api.New(functions{}, nil), Config{})
	t.Run("serving", func(t *testing.T) {
		serveAt(t, g, l)
		client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", path) }}}
		defer client.CloseIdleConnections()
		r, err := http.NewRequest("POST", "http://localhost"+plain, strings.NewReader(`{"n":1}`))
		if err != nil {
			t.Fatal(err)
		}
		if status, code, body := answerOf(t, client, r); status != 200 || body != `{"n":1}` {
			t.Errorf("%d %s %s", status, code, body)
		}
	})
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	// What somebody else listens on, because the socket was removed, stays.
	first, err := Listen("unix:"+path, AuthNone)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	second, err := Listen("unix:"+path, AuthNone)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("after the first was closed: %v", err)
	}
}
