package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// names resolves what it holds, and counts.
type names struct {
	of    map[string][]string
	asked atomic.Int32
}

func (n *names) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	n.asked.Add(1)
	var addrs []netip.Addr
	for _, a := range n.of[host] {
		addrs = append(addrs, netip.MustParseAddr(a))
	}
	if addrs == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return addrs, nil
}

// echo listens on loopback and sends back what it gets.
func echo(t *testing.T) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

func TestDial(t *testing.T) {
	port := echo(t)
	resolver := &names{of: map[string][]string{
		"db.example":    {"10.0.0.1", "127.0.0.1"},
		"inner.example": {"127.0.0.1"},
	}}
	d := &Dialer{Rules: rules(t, Policy{Allow: []string{"127.0.0.1:" + port, "inner.example:" + port}}), Resolver: resolver, Timeout: time.Minute}
	for _, address := range []string{"127.0.0.1:" + port, "[::ffff:127.0.0.1]:" + port, "inner.example:" + port, "db.example:" + port} {
		c, err := d.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		fmt.Fprint(c, "hello")
		if err := c.(*conn).CloseWrite(); err != nil {
			t.Error(err)
		}
		if got, err := io.ReadAll(c); string(got) != "hello" || err != nil {
			t.Errorf("%s: %q, %v", address, got, err)
		}
		c.Close()
	}
	for _, c := range []struct{ network, address, why string }{
		{"udp", "127.0.0.1:" + port, "there are tcp"},
		{"unix", "/tmp/x", "there are tcp"},
		{"tcp", "127.0.0.2:" + port, "loopback"},
		{"tcp6", "127.0.0.1:" + port, "not an address of the network"},
		{"tcp", "none.example:" + port, "no such host"},
		{"tcp", "inner.example:25", "does not list"},
		{"tcp", "127.0.0.1:0", "the port"},
		{"tcp", "127.0.0.1:http", "the port"},
		{"tcp", "127.0.0.1", "missing port"},
		{"tcp", "inner\x00.example:80", "no host's name"},
	} {
		if conn, err := d.DialContext(t.Context(), c.network, c.address); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s %s: %v, %v, want an error that says %q", c.network, c.address, conn, err, c.why)
		}
	}
}

// A name that no rule can allow is not even asked for: the question would reach
// whoever answers for the name.
func TestNamesThatCannotBeDialledAreNotLookedUp(t *testing.T) {
	resolver := &names{}
	d := &Dialer{Rules: rules(t, Policy{Allow: []string{"api.example:443"}}), Resolver: resolver}
	for _, address := range []string{"secret.attacker.example:443", "api.example:80"} {
		if _, err := d.DialContext(t.Context(), "tcp", address); !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if n := resolver.asked.Load(); n != 0 {
		t.Errorf("%d names were looked up", n)
	}
}

// The name says something else when it is asked again: what is dialled is what
// was checked.
func TestRebinding(t *testing.T) {
	port := echo(t)
	d := &Dialer{Rules: rules(t, Policy{Public: true}), Resolver: &names{of: map[string][]string{"rebind.example": {"127.0.0.1"}}}}
	if _, err := d.DialContext(t.Context(), "tcp", "rebind.example:"+port); !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "rebind.example:"+port+", which is 127.0.0.1: it is a loopback address") {
		t.Error(err)
	}
}

func TestQuota(t *testing.T) {
	port := echo(t)
	q := NewQuota(Limits{Sockets: 2, Sent: 10, Received: 7})
	d := &Dialer{Rules: rules(t, Policy{Allow: []string{"127.0.0.1:" + port}}), Quota: q}
	dial := func() (net.Conn, error) { return d.DialContext(t.Context(), "tcp", "127.0.0.1:"+port) }
	a, errA := dial()
	b, errB := dial()
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if _, err := dial(); !errors.Is(err, ErrQuota) {
		t.Errorf("a third connection: %v", err)
	}
	if n, err := a.Write([]byte("12345678")); n != 8 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := b.Write([]byte("12345678")); n != 2 || !errors.Is(err, ErrQuota) {
		t.Errorf("wrote %d: %v", n, err)
	}
	a.(*conn).CloseWrite()
	if got, err := io.ReadAll(a); string(got) != "1234567" || !errors.Is(err, ErrQuota) {
		t.Errorf("read %q: %v", got, err)
	}
	a.Close()
	a.Close()
	if open, sent, received := q.Used(); open != 1 || sent != 10 || received != 7 {
		t.Errorf("%d open, %d sent, %d received", open, sent, received)
	}
	if c, err := dial(); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
	if _, err := d.DialContext(t.Context(), "tcp", "127.0.0.3:"+port); !errors.Is(err, ErrDenied) {
		t.Error(err)
	}
	b.Close()
	if open, _, _ := q.Used(); open != 0 {
		t.Errorf("%d open in the end", open)
	}
}

// Each redirect is decided on as the first address was, and no proxy is asked.
func TestClient(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "secret") }))
	defer inner.Close()
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, inner.URL, http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		default:
			fmt.Fprint(w, "public")
		}
	}))
	defer outer.Close()
	at, _ := url.Parse(outer.URL)
	d := &Dialer{Rules: rules(t, Policy{Allow: []string{at.Host}})}
	client := d.Client()
	defer client.CloseIdleConnections()
	get := func(path string) (string, error) {
		r, err := client.Get(outer.URL + path)
		if err != nil {
			return "", err
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return string(b), err
	}
	if got, err := get("/"); got != "public" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := get("/away"); !errors.Is(err, ErrDenied) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := get("/round"); err == nil || !strings.Contains(err.Error(), "more than 10 redirects") {
		t.Errorf("%q, %v", got, err)
	}
}
