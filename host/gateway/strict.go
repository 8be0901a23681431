package gateway

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// strict looks for what fasthttp reads and another reader of the same bytes
// might read differently: there lies request smuggling. It returns the status to
// refuse with and the reason, 0 if all is well: then f has the header's fields.
// The connection must be closed after a refusal.
//
// What fasthttp refuses by itself is not looked for again; the table in
// http_test.go has both.
func strict(h *fasthttp.RequestHeader, f *fields) (status int, reason string) {
	if p := h.Protocol(); string(p) != "HTTP/1.1" && string(p) != "HTTP/1.0" {
		return fasthttp.StatusHTTPVersionNotSupported, "the version is neither HTTP/1.1 nor HTTP/1.0"
	}
	target := h.RequestURI()
	if len(target) == 0 || target[0] != '/' {
		return fasthttp.StatusBadRequest, "the target is not a path: this is no proxy"
	}
	for _, c := range target {
		if c <= ' ' || c >= 0x7f || c == '#' {
			return fasthttp.StatusBadRequest, "the target has bytes that must be percent-encoded"
		}
	}
	f.h, f.once, f.n = h, [len(once)][]byte{}, 0
	return f.read(h.RawHeaders())
}

func (f *fields) read(raw []byte) (status int, reason string) {
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n')
		if end < 1 || raw[end-1] != '\r' {
			return fasthttp.StatusBadRequest, "a line of the header does not end with CR LF"
		}
		line := raw[:end-1]
		raw = raw[end+1:]
		if len(line) == 0 {
			continue // the end
		}
		name, value, ok := bytes.Cut(line, []byte{':'})
		if !ok || !isToken(name) {
			return fasthttp.StatusBadRequest, "a line of the header does not begin with a field name and a colon"
		}
		if bytes.IndexByte(value, '\r') >= 0 || bytes.IndexByte(value, 0) >= 0 {
			return fasthttp.StatusBadRequest, "a field of the header has a control character"
		}
		if twice := f.add(name, trim(value)); twice != "" {
			return fasthttp.StatusBadRequest, twice + " is there more than once"
		}
	}
	transfer, expected := f.once[transferEncoding], f.once[expect]
	switch {
	case transfer != nil && !bytes.EqualFold(transfer, []byte("chunked")):
		return fasthttp.StatusBadRequest, "Transfer-Encoding is not chunked"
	case transfer != nil && f.once[contentLength] != nil:
		return fasthttp.StatusBadRequest, "Content-Length and Transfer-Encoding are both there"
	case expected != nil && !bytes.EqualFold(expected, []byte("100-continue")):
		return fasthttp.StatusExpectationFailed, "Expect is not 100-continue"
	}
	return 0, ""
}

// isToken is what RFC 9110, 5.6.2 calls one.
func isToken(b []byte) bool {
	for _, c := range b {
		if !tokens[c] {
			return false
		}
	}
	return len(b) > 0
}

var tokens = func() (t [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		t[c] = true
	}
	return t
}()
