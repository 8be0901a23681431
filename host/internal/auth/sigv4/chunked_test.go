package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// chunked makes a body of chunks as a client does, beginning with a signature.
type chunked struct {
	s    *Signature
	key  Key
	last string
}

func (c *chunked) sign(algorithm string, parts ...string) string {
	text := strings.Join(append([]string{algorithm, c.s.stamp, c.s.Scope.String(), c.last}, parts...), "\n")
	sum := mac(c.key, []byte(text))
	c.last = hex.EncodeToString(sum[:])
	return c.last
}

func (c *chunked) chunk(data string) string {
	end := "\r\n"
	if data == "" {
		end = ""
	}
	return fmt.Sprintf("%x;chunk-signature=%s\r\n%s%s", len(data), c.sign("AWS4-HMAC-SHA256-PAYLOAD", emptySum, hexSum(data)), data, end)
}

func hexSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func streaming(payload string) (*chunked, *Signature) {
	s := &Signature{stamp: "20130524T000000Z", Scope: Scope{"20130524", "us-east-1", "s3"}, payload: payload}
	key := DeriveKey(s3Secret, s.Scope)
	seed, _ := hex.DecodeString("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
	copy(s.value[:], seed)
	return &chunked{s, key, hex.EncodeToString(seed)}, s
}

// TestPublishedChunks is the example of the reference of Amazon S3's API: 64 KiB
// and 1 KiB of the letter a.
func TestPublishedChunks(t *testing.T) {
	c, s := streaming(streamingPayload)
	body := "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + strings.Repeat("a", 65536) + "\r\n" +
		"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + strings.Repeat("a", 1024) + "\r\n" +
		"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
	got, err := s.unchunk(&Request{Header: lines{"X-Amz-Decoded-Content-Length:66560"}}, []byte(body), c.key)
	if err != nil || string(got) != strings.Repeat("a", 66560) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestChunks(t *testing.T) {
	const announced = "x-amz-checksum-crc32c"
	header := lines{"X-Amz-Trailer: " + announced, "X-Amz-Decoded-Content-Length: 10"}
	signed := func(change func(body string) string) (string, string) {
		c, _ := streaming(streamingPayload)
		return streamingPayload, change(c.chunk("hello") + c.chunk("world") + c.chunk("") + "\r\n")
	}
	trailed := func(change func(body string) string) (string, string) {
		c, _ := streaming(streamingPayloadTrailer)
		body := c.chunk("hello") + c.chunk("world") + c.chunk("") + announced + ":abc=\r\n"
		return streamingPayloadTrailer, change(body + "x-amz-trailer-signature:" + c.sign("AWS4-HMAC-SHA256-TRAILER", hexSum(announced+":abc=\n")) + "\r\n\r\n")
	}
	unsigned := func(change func(body string) string) (string, string) {
		return streamingUnsigned, change("5\r\nhello\r\n5\r\nworld\r\n0\r\n" + announced + ":abc=\r\n\r\n")
	}
	same := func(body string) string { return body }
	replace := func(old, with string) func(string) string {
		return func(body string) string { return strings.Replace(body, old, with, 1) }
	}
	for _, c := range []struct {
		name   string
		of     func(func(string) string) (string, string)
		change func(string) string
		want   string // of the error; "" for none
	}{
		{"signed", signed, same, ""}, {"trailed", trailed, same, ""}, {"unsigned", unsigned, same, ""},
		{"other data", signed, replace("world", "World"), mismatch},
		{"chunks swapped", signed, func(body string) string {
			second := strings.Index(body, "5;chunk-signature=") + strings.Index(body[1:], "5;chunk-signature=") + 1
			last := strings.Index(body, "0;chunk-signature=")
			return body[second:last] + body[:second] + body[last:]
		}, mismatch},
		{"a chunk left out", signed, func(body string) string { return body[strings.Index(body[1:], "5;chunk-signature=")+1:] }, mismatch},
		{"cut off", signed, func(body string) string { return body[:strings.Index(body, "0;chunk-signature=")] }, "does not end with CR LF"},
		{"no end", signed, func(body string) string { return strings.TrimSuffix(body, "\r\n") }, "not followed by CR LF"},
		{"more at the end", signed, func(body string) string { return body + "x" }, "not followed by CR LF"},
		{"too large a size", signed, replace("5;", "fffff;"), "says that it has 'fffff' bytes"},
		{"a size below zero", signed, replace("5;", "-5;"), "says that it has '-5' bytes"},
		{"a huge size", signed, replace("5;", "ffffffffffffffffffff;"), "in hexadecimal"},
		{"a smaller size", signed, replace("5;", "4;"), "does not end with CR LF"},
		{"no signature", signed, replace("5;chunk-signature=", "5;signature="), "after its size"},
		{"a long signature", signed, replace("chunk-signature=", "chunk-signature=0"), "must have 64 hexadecimal digits"},
		{"other trailer", trailed, replace(":abc=", ":abd="), mismatch},
		{"no trailer's signature", trailed, func(body string) string {
			return body[:strings.Index(body, "x-amz-trailer-signature")] + "\r\n"
		}, "do not end with x-amz-trailer-signature"},
		{"a trailer after the signature", trailed, func(body string) string {
			return strings.TrimSuffix(body, "\r\n") + announced + ":xyz\r\n\r\n"
		}, "do not end with x-amz-trailer-signature"},
		{"a trailer not announced", unsigned, replace(announced, "x-amz-tenant-id"), "does not announce"},
		{"no trailer", unsigned, replace(announced, ""), "does not announce"},
		{"not a trailer", unsigned, replace(announced+":", ""), "not NAME:VALUE"},
		{"a signature where none is", unsigned, replace("5\r\n", "5;chunk-signature=0\r\n"), "after its size"},
		{"other length", unsigned, replace("0\r\n", "1\r\n!\r\n0\r\n"), "X-Amz-Decoded-Content-Length is 10; the chunks have 11 bytes"},
		{"bytes after the end", unsigned, func(body string) string { return body + "x" }, "1 bytes follow"},
		{"a long line", unsigned, func(body string) string { return strings.Repeat("0", maxLine) + body }, "within 1024 bytes"},
		{"empty", unsigned, func(string) string { return "" }, "does not end with CR LF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload, body := c.of(c.change)
			made, s := streaming(payload)
			got, err := s.unchunk(&Request{Header: header}, []byte(body), made.key)
			switch {
			case c.want == "" && (err != nil || string(got) != "helloworld"):
				t.Errorf("%q, %v", got, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
