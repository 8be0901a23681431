package gateway

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

// signing is a connection on which a client sends requests that are signed one by
// one, as a signature is taken once. The time of signing is not counted.
type signing struct {
	silent
	b        *testing.B
	key      sigv4.Credentials // without an id: nothing is signed
	requests [][]byte
	left     int
}

func (s *signing) Write(p []byte) (int, error) { return len(p), nil }

func (s *signing) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	if len(s.requests) == 0 {
		s.b.StopTimer()
		for range min(s.left, 1000) {
			s.requests = append(s.requests, s.request())
		}
		s.b.StartTimer()
	}
	s.left--
	next := s.requests[0]
	s.requests = s.requests[1:]
	return copy(p, next), nil
}

// request is an invocation as an SDK sends it.
func (s *signing) request() []byte {
	const event = `{"name":"Ada","n":41}`
	r, err := http.NewRequest("POST", "http://127.0.0.1:9000"+invoke, nil)
	if err != nil {
		s.b.Fatal(err)
	}
	r.Header.Set("User-Agent", "aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.26 md/GOOS#linux md/GOARCH#amd64 api/lambda#1.77.4 m/E,g")
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("Amz-Sdk-Request", "attempt=1; max=3")
	key := s.key
	if key.AccessKeyID == "" {
		key = sigv4.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	}
	if err := sigv4.Sign(r, []byte(event), key, "us-east-1", "lambda", time.Now()); err != nil {
		s.b.Fatal(err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Length: %d\r\n", invoke, len(event))
	for name := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, r.Header.Get(name))
	}
	fmt.Fprintf(&b, "\r\n%s", event)
	return b.Bytes()
}

// overTCP sends all that s signs to a Gateway, over a few connections, and waits
// for each answer.
func (s *signing) overTCP(g *Gateway) {
	b := s.b
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go g.Serve(l)
	defer g.Shutdown(context.Background())
	requests := make(chan []byte, s.left)
	for range s.left {
		requests <- s.request()
	}
	close(requests)
	var clients sync.WaitGroup
	b.ResetTimer()
	for range 4 {
		clients.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			answer := make([]byte, 4<<10)
			for request := range requests {
				if _, err := c.Write(request); err != nil {
					b.Error(err)
					return
				}
				n, err := c.Read(answer) // it comes in one piece
				if err != nil || !bytes.HasPrefix(answer[:n], []byte("HTTP/1.1 200 ")) {
					b.Errorf("%s, %v", answer[:n], err)
					return
				}
			}
		})
	}
	clients.Wait()
	b.StopTimer()
}

// BenchmarkSignatures is what it takes to verify the signatures of requests, in
// one run with what the same requests take where they are not: with a function
// that is none, with one that runs, and with one that is invoked over the network.
func BenchmarkSignatures(b *testing.B) {
	module, err := os.ReadFile("../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		b.Fatal(err)
	}
	h, err := host.Open(host.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			b.Error(err)
		}
	}()
	if _, err := h.Deploy(b.Context(), host.Deployment{Name: "echo", Module: module}); err != nil {
		b.Fatal(err)
	}
	made, err := h.Access().Create(b.Context(), "", "")
	if err != nil {
		b.Fatal(err)
	}
	running := sigv4.Credentials{AccessKeyID: made.ID, SecretAccessKey: made.Secret}
	service, alone := newKeys(b)
	for _, c := range []struct {
		name string
		make func() *Gateway
		key  sigv4.Credentials
		tcp  bool
	}{
		{"no function/without", func() *Gateway { return newGateway(api.New(functions{}, nil), Config{}) }, sigv4.Credentials{}, false},
		{"no function/with", func() *Gateway { return withKeys(service, Config{}) }, alone, false},
		{"function/without", func() *Gateway { return New(h, Config{}) }, sigv4.Credentials{}, false},
		{"function/with", func() *Gateway { return New(h, Config{Auth: AuthKeys}) }, running, false},
		{"network/without", func() *Gateway { return New(h, Config{}) }, sigv4.Credentials{}, true},
		{"network/with", func() *Gateway { return New(h, Config{Auth: AuthKeys}) }, running, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := c.make()
			if c.tcp {
				(&signing{b: b, key: c.key, left: b.N}).overTCP(g)
				return
			}
			b.ReportAllocs()
			if err := g.server.ServeConn(&connection{Conn: &signing{b: b, key: c.key, left: b.N}}); err != nil {
				b.Fatal(err)
			}
		})
	}
}
