package gateway

import (
	"bytes"
	"strings"

	"github.com/valyala/fasthttp"
)

// strict looks for what fasthttp reads and another reader of the same bytes
// might read differently: there lies request smuggling. It returns the status to
// refuse with and the reason, 0 if all is well. The connection must be closed
// after a refusal.
//
// What fasthttp refuses by itself is not looked for again; the table in
// http_test.go has both.
func strict(h *fasthttp.RequestHeader) (status int, reason string) {
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
	return strictFields(h.RawHeaders())
}

// once are the fields that say something only if they are there at most once.
var once = [...]string{
	contentLength: "Content-Length", transferEncoding: "Transfer-Encoding", expect: "Expect",
	3: "Host", "Origin", "Sec-Fetch-Site",
}

// Those of once that are looked at here.
const (
	contentLength = iota
	transferEncoding
	expect
)

func strictFields(raw []byte) (status int, reason string) {
	var seen [len(once)]bool
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
		for i, field := range once {
			if len(name) == len(field) && strings.EqualFold(string(name), field) {
				if seen[i] {
					return fasthttp.StatusBadRequest, field + " is there more than once"
				}
				seen[i] = true
				value = bytes.Trim(value, " \t")
				switch {
				case i == transferEncoding && !bytes.EqualFold(value, []byte("chunked")):
					return fasthttp.StatusBadRequest, "Transfer-Encoding is not chunked"
				case i == expect && !bytes.EqualFold(value, []byte("100-continue")):
					return fasthttp.StatusExpectationFailed, "Expect is not 100-continue"
				}
			}
		}
	}
	if seen[contentLength] && seen[transferEncoding] {
		return fasthttp.StatusBadRequest, "Content-Length and Transfer-Encoding are both there"
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
