package sigv4

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"strings"
)

// chunks reads a body in the encoding aws-chunked:
//
//	SIZE;chunk-signature=HEX CRLF      SIZE is hexadecimal
//	SIZE bytes CRLF
//	…
//	0;chunk-signature=HEX CRLF
//	NAME:VALUE CRLF …                  trailers, if X-Amz-Trailer names some
//	x-amz-trailer-signature:HEX CRLF
//	CRLF
//
// Without signatures of chunks, ";chunk-signature=HEX" and the trailers'
// signature are not there. Each signature covers the one before it, the first
// that of the request.
type chunks struct {
	signature *Signature
	key       Key
	signed    bool
	trailers  bool
	last      [sha256.Size]byte // the signature before
	rest      []byte            // what was not read yet
	scratch   []byte
}

// unchunk puts the chunks of a body together, in its own memory.
func (s *Signature) unchunk(r *Request, body []byte, key Key) ([]byte, error) {
	c := chunks{
		signature: s, key: key, last: s.value, rest: body,
		signed: s.payload != streamingUnsigned, trailers: s.payload != streamingPayload,
	}
	decoded := body[:0]
	for {
		chunk, err := c.next()
		if err != nil {
			return nil, err
		}
		if len(chunk) == 0 {
			break
		}
		decoded = append(decoded, chunk...) // behind what was read
	}
	if err := c.end(r.Header.Get("X-Amz-Trailer")); err != nil {
		return nil, err
	}
	if declared := r.Header.Get("X-Amz-Decoded-Content-Length"); declared != "" && declared != strconv.Itoa(len(decoded)) {
		return nil, refuse(Incomplete, "X-Amz-Decoded-Content-Length is %s; the chunks have %d bytes.", printable(declared), len(decoded))
	}
	return decoded, nil
}

// next returns the next chunk; the last one is empty.
func (c *chunks) next() ([]byte, error) {
	line, err := c.line()
	if err != nil {
		return nil, err
	}
	digits, extension, _ := strings.Cut(line, ";")
	size, err := strconv.ParseUint(digits, 16, 31)
	if err != nil || int(size) > len(c.rest) {
		return nil, refuse(Incomplete, "A chunk of the body says that it has '%s' bytes, in hexadecimal; %d bytes follow.", printable(digits), len(c.rest))
	}
	data := c.rest[:size]
	c.rest = c.rest[size:]
	if size > 0 {
		rest, ok := bytes.CutPrefix(c.rest, crlf)
		if !ok {
			return nil, refuse(Incomplete, "A chunk of the body does not end with CR LF.")
		}
		c.rest = rest
	}
	value, found := strings.CutPrefix(extension, "chunk-signature=")
	if found != c.signed || !found && extension != "" {
		return nil, refuse(Incomplete, "A chunk of the body says '%s' after its size; that does not fit %s.", printable(extension), c.signature.payload)
	}
	if !c.signed {
		return data, nil
	}
	sum := sha256.Sum256(data)
	return data, c.check(value, "AWS4-HMAC-SHA256-PAYLOAD", emptySum, hex.EncodeToString(sum[:]))
}

var crlf = []byte("\r\n")

// emptySum is the hash of nothing.
const emptySum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// check verifies the signature of one piece and remembers it for the next.
func (c *chunks) check(value, algorithm string, parts ...string) error {
	var got [sha256.Size]byte
	if n, err := hex.Decode(got[:], []byte(value[:min(len(value), hex.EncodedLen(len(got)))])); err != nil || n != len(got) || len(value) != hex.EncodedLen(n) {
		return refuse(Incomplete, "A chunk's signature must have %d hexadecimal digits.", hex.EncodedLen(len(got)))
	}
	b := append(append(c.scratch[:0], algorithm...), '\n')
	b = append(append(b, c.signature.stamp...), '\n')
	b = append(c.signature.appendScope(b), '\n')
	b = hex.AppendEncode(b, c.last[:])
	for _, part := range parts {
		b = append(append(b, '\n'), part...)
	}
	c.scratch = b
	if want := mac(c.key, b); subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return &Error{Invalid, mismatch}
	}
	c.last = got
	return nil
}

// end reads what follows the last chunk. announced are the names of trailers,
// separated by commas.
func (c *chunks) end(announced string) error {
	if !c.trailers {
		if rest, ok := bytes.CutPrefix(c.rest, crlf); !ok || len(rest) > 0 {
			return refuse(Incomplete, "The last chunk of the body is not followed by CR LF and the end.")
		}
		return nil
	}
	var canonical []byte
	verified := !c.signed
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		name, value, ok := strings.Cut(line, ":")
		switch {
		case line == "" && !verified:
			return refuse(Incomplete, "The trailers of the body do not end with x-amz-trailer-signature.")
		case line == "" && len(c.rest) > 0:
			return refuse(Incomplete, "%d bytes follow the end of the body's chunks.", len(c.rest))
		case line == "":
			return nil
		case !ok:
			return refuse(Incomplete, "A trailer of the body is not NAME:VALUE.")
		case c.signed && name == "x-amz-trailer-signature":
			sum := sha256.Sum256(canonical)
			if err := c.check(strings.TrimSpace(value), "AWS4-HMAC-SHA256-TRAILER", hex.EncodeToString(sum[:])); err != nil {
				return err
			}
			verified = true
		case !isAnnounced(name, announced):
			return refuse(Incomplete, "The body has the trailer '%s', which X-Amz-Trailer does not announce.", printable(name))
		default:
			verified = !c.signed
			canonical = append(append(append(append(canonical, strings.ToLower(name)...), ':'), strings.TrimSpace(value)...), '\n')
		}
	}
}

func isAnnounced(name, announced string) bool {
	for each := range strings.SplitSeq(announced, ",") {
		if strings.EqualFold(strings.TrimSpace(each), name) {
			return true
		}
	}
	return false
}

// maxLine is the most bytes of a line between chunks.
const maxLine = 1 << 10

// line reads a line that ends with CR LF.
func (c *chunks) line() (string, error) {
	end := bytes.Index(c.rest[:min(len(c.rest), maxLine)], crlf)
	if end < 0 {
		return "", refuse(Incomplete, "A line between the chunks of the body does not end with CR LF within %d bytes.", maxLine)
	}
	line := string(c.rest[:end])
	c.rest = c.rest[end+len(crlf):]
	return line, nil
}
