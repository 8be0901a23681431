package sigv4

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"sync"
)

// What X-Amz-Content-Sha256 may say in the place of a hash.
const (
	unsignedPayload         = "UNSIGNED-PAYLOAD"
	streamingPayload        = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamingPayloadTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamingUnsigned       = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// Verify checks the signature of a request with a body, and returns the body as
// it is to be read: one that came in chunks is put together, in its own memory.
// Errors are *Error: Invalid, Incomplete.
func (s *Signature) Verify(r *Request, body []byte, key Key) ([]byte, error) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	b, err := s.appendCanonical((*buffer)[:0], r, body)
	if err != nil {
		return nil, err
	}
	*buffer = b
	canonical := sha256.Sum256(b)

	b = append(b[:0], Algorithm...)
	b = append(append(b, '\n'), s.stamp...)
	b = append(s.appendScope(append(b, '\n')), '\n')
	b = hex.AppendEncode(b, canonical[:])
	*buffer = b
	if want := mac(key, b); subtle.ConstantTimeCompare(want[:], s.value[:]) != 1 {
		return nil, &Error{Invalid, mismatch}
	}
	switch s.payload {
	case streamingPayload, streamingPayloadTrailer, streamingUnsigned:
		return s.unchunk(r, body, key)
	}
	return body, nil
}

// buffers hold canonical requests: the largest is about a header's size.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 1<<10); return &b }}

// mac is HMAC-SHA-256 (RFC 2104), as package crypto/hmac has it, but for a key of
// half a block and messages that are short: without a hash on the heap, which
// would take longer than the hashing.
func mac(key Key, message []byte) [sha256.Size]byte {
	var space [512]byte
	inner := append(pad(space[:0], key, 0x36), message...)
	sum := sha256.Sum256(inner)
	return sha256.Sum256(append(pad(space[:0], key, 0x5c), sum[:]...))
}

// pad appends a block: the key, each byte of it altered.
func pad(b []byte, key Key, by byte) []byte {
	for _, k := range key {
		b = append(b, k^by)
	}
	for range sha256.BlockSize - len(key) {
		b = append(b, by)
	}
	return b
}

func (s *Signature) appendScope(b []byte) []byte {
	for _, part := range []string{s.Scope.Date, s.Scope.Region, s.Scope.Service} {
		b = append(append(b, part...), '/')
	}
	return append(b, terminator...)
}

// appendCanonical appends the canonical request.
func (s *Signature) appendCanonical(b []byte, r *Request, body []byte) (_ []byte, err error) {
	b = append(append(b, r.Method...), '\n')
	b = append(appendPath(b, r.Path, s.Scope.Service), '\n')
	b, ok := appendQuery(b, r.Query, s.Presigned)
	if !ok {
		return nil, refuse(Invalid, "The query has more than %d parameters.", maxParameters)
	}
	b = append(b, '\n')
	for i, name := range s.headers {
		if r == s.request && s.fields[i].n == 1 {
			b = appendFolded(append(append(b, name...), ':'), s.fields[i].value)
			b = append(b, '\n')
			continue
		}
		if b, ok = appendHeader(b, r.Header, name); !ok {
			return nil, refuse(Invalid, "SignedHeaders names '%s', which the request does not have.", printable(name))
		}
	}
	b = append(b, '\n')
	for i, name := range s.headers {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, name...)
	}
	b = append(b, '\n')
	return s.appendPayload(b, body)
}

// appendPayload appends what stands for the payload.
func (s *Signature) appendPayload(b, body []byte) ([]byte, error) {
	switch s.payload {
	case unsignedPayload, streamingPayload, streamingPayloadTrailer, streamingUnsigned:
		return append(b, s.payload...), nil
	}
	sum := sha256.Sum256(body)
	begin := len(b)
	b = hex.AppendEncode(b, sum[:])
	switch {
	case s.payload == "", s.payload == string(b[begin:]):
		return b, nil
	case len(s.payload) != hex.EncodedLen(len(sum)):
		return nil, refuse(Incomplete, "X-Amz-Content-Sha256 is '%s'; allowed are the hexadecimal SHA-256 of the payload, %s, %s, %s and %s.",
			printable(s.payload), unsignedPayload, streamingPayload, streamingPayloadTrailer, streamingUnsigned)
	}
	return nil, refuse(Invalid, "The provided 'x-amz-content-sha256' header does not match what was computed.")
}
