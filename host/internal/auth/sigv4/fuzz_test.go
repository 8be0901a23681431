package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// FuzzRequest reads hostile requests. One that is signed right verifies, and no
// longer does with another body or another key.
func FuzzRequest(f *testing.F) {
	const scope = "AKID/20150830/us-east-1/lambda/aws4_request"
	zeros := strings.Repeat("0", 64)
	f.Add("POST", "/2015-03-31/functions/a%3Ab/invocations", "Qualifier=1&a=b+c", "Host:h\nX-Amz-Date:20150830T123600Z\nAuthorization:AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host;x-amz-date, Signature="+zeros, "{}")
	f.Add("GET", "//a/../b", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="+scope+"&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="+zeros, "Host:h", "")
	for _, payload := range []string{unsignedPayload, streamingPayload, streamingPayloadTrailer, streamingUnsigned, emptySum} {
		f.Add("PUT", "/", "", "Host:h\nX-Amz-Date:20150830T123600Z\nX-Amz-Trailer:x\nX-Amz-Content-Sha256:"+payload+"\nAuthorization:AWS4-HMAC-SHA256 Credential="+scope+", SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-trailer, Signature="+zeros,
			"5;chunk-signature="+zeros+"\r\nhello\r\n0\r\nx:y\r\nx-amz-trailer-signature:"+zeros+"\r\n\r\n")
	}
	f.Fuzz(func(t *testing.T, method, path, query, header, body string) {
		r := &Request{Method: method, Path: path, Query: query, Header: lines(strings.Split(header, "\n"))}
		s, err := Parse(r)
		var refused *Error
		if err != nil {
			if !errors.As(err, &refused) || s != nil || refused.Message == "" {
				t.Fatalf("%v, %v", s, err)
			}
			return
		}
		_ = s.CheckTime(suiteTime)
		_ = s.CheckScope("us-east-1", "lambda")
		key := DeriveKey("secret", s.Scope)
		canonical, err := s.appendCanonical(nil, r, []byte(body))
		if err != nil {
			return
		}
		sum := sha256.Sum256(canonical)
		s.value = mac(key, []byte(Algorithm+"\n"+s.stamp+"\n"+s.Scope.String()+"\n"+hex.EncodeToString(sum[:])))
		got, err := s.Verify(r, []byte(body), key)
		if strings.HasPrefix(s.payload, "STREAMING-") {
			if len(got) > len(body) {
				t.Fatalf("%d bytes of %d", len(got), len(body))
			}
			return
		}
		if err != nil || string(got) != body {
			t.Fatalf("%q, %v", got, err)
		}
		if _, err := s.Verify(r, []byte(body), DeriveKey("other", s.Scope)); err == nil {
			t.Error("another key verifies it")
		}
		if _, err := s.Verify(r, []byte(body+"x"), key); err == nil && s.payload != unsignedPayload {
			t.Error("another body is verified")
		}
	})
}

// BenchmarkVerify is all that verifying an invocation by an SDK takes.
func BenchmarkVerify(b *testing.B) {
	body := []byte(`{"name":"Ada","n":41}`)
	header := lines{
		"Host:127.0.0.1:9000", "User-Agent: aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.26", "Accept-Encoding: identity", "Content-Length: 21",
		"Amz-Sdk-Invocation-Id: 7b1e4a4c-8d0c-4e3e-9d8b-0a4f0f5f8f6a", "Amz-Sdk-Request: attempt=1; max=3", "X-Amz-Date:20150830T123600Z",
		"Authorization: AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/lambda/aws4_request, SignedHeaders=accept-encoding;amz-sdk-invocation-id;content-length;host;x-amz-date, Signature=" + strings.Repeat("0", 64),
	}
	r := &Request{Method: "POST", Path: "/2015-03-31/functions/hello/invocations", Header: cut(header)}
	signed, err := Parse(r)
	if err != nil {
		b.Fatal(err)
	}
	key := DeriveKey("secret", signed.Scope)
	canonical, err := signed.appendCanonical(nil, r, body)
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256(canonical)
	value := mac(key, []byte(Algorithm+"\n"+signed.stamp+"\n"+signed.Scope.String()+"\n"+hex.EncodeToString(sum[:])))
	var keys Keys
	b.ReportAllocs()
	for b.Loop() {
		s, err := Parse(r)
		if err != nil {
			b.Fatal(err)
		}
		s.value = value
		if _, err := s.Verify(r, body, keys.Signing("secret", s.Scope)); err != nil {
			b.Fatal(err)
		}
	}
}

// raw is a Header whose fields were told apart, as servers have it.
type raw []struct{ name, value []byte }

func cut(l lines) (all raw) {
	l.Fields(func(name, value []byte) bool {
		all = append(all, struct{ name, value []byte }{name, value})
		return true
	})
	return all
}

func (r raw) Get(name string) string {
	for _, field := range r {
		if len(field.name) == len(name) && strings.EqualFold(string(field.name), name) {
			return strings.TrimSpace(string(field.value))
		}
	}
	return ""
}

func (r raw) Fields(yield func(name, value []byte) bool) {
	for _, field := range r {
		if !yield(field.name, field.value) {
			return
		}
	}
}
