package gateway

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/api"
)

// repeated is a connection on which a client sends one request over and over.
type repeated struct {
	silent
	request string
	left    int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	r.left--
	return copy(p, r.request), nil
}

func (*repeated) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkRequests is what the gateway and the API take for a request, without
// the network and without a function.
func BenchmarkRequests(b *testing.B) {
	const event = `{"name":"Ada","n":41}`
	request := func(line, header, body string) string {
		return fmt.Sprintf("%s HTTP/1.1\r\nHost: 127.0.0.1:9000\r\n%sContent-Length: %d\r\n\r\n%s", line, header, len(body), body)
	}
	sdk := "User-Agent: aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.26 md/GOOS#linux md/GOARCH#amd64 api/lambda#1.77.4 m/E,g\r\n" +
		"Accept-Encoding: identity\r\nAmz-Sdk-Invocation-Id: 7b1e4a4c-8d0c-4e3e-9d8b-0a4f0f5f8f6a\r\nAmz-Sdk-Request: attempt=1; max=3\r\n" +
		"Authorization: AWS4-HMAC-SHA256 Credential=AKID/20260301/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=" + strings.Repeat("0f", 32) + "\r\n" +
		"X-Amz-Date: 20260301T120000Z\r\n"
	for _, c := range []struct{ name, request string }{
		{"invoke", request("POST "+invoke, "", event)},
		{"invoke by an SDK", request("POST "+invoke, sdk, event)},
		{"invoke by ARN", request("POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aecho/invocations", "", event)},
		{"health", request("GET /health", "", "")},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := newGateway(api.New(functions{}, nil), Config{})
			b.ReportAllocs()
			if err := g.server.ServeConn(&connection{Conn: &repeated{request: c.request, left: b.N}}); err != nil {
				b.Fatal(err)
			}
		})
	}
}
