package gateway

import (
	"bytes"
	"strings"

	"github.com/valyala/fasthttp"
)

// fields are those of a request's header that decide something, as strict found
// them: one pass over the header instead of a search for each. They are parts of
// the header, and valid as long as it is.
type fields struct {
	h *fasthttp.RequestHeader

	once [len(once)][]byte // values; nil: the field is not there
	amz  [16]field         // those whose names begin with amzPrefix, as they come
	n    int               // of amz; beyond its length, it lacks some
}

type field struct{ name, value []byte }

// once are the fields that say something only if they are there at most once.
var once = [...]string{
	contentLength: "Content-Length", transferEncoding: "Transfer-Encoding", expect: "Expect",
	hostName: "Host", origin: "Origin", fetchSite: "Sec-Fetch-Site", authorization: "Authorization",
}

const (
	contentLength = iota
	transferEncoding
	expect
	hostName
	origin
	fetchSite
	authorization
)

const amzPrefix = "X-Amz-"

// Get is api.Header's.
func (f *fields) Get(name string) string {
	if name == once[authorization] {
		return string(f.once[authorization])
	}
	if f.n > len(f.amz) || !strings.HasPrefix(name, amzPrefix) {
		return string(f.h.Peek(name))
	}
	for _, amz := range f.amz[:f.n] {
		if isNamed(amz.name, name) {
			return string(amz.value)
		}
	}
	return ""
}

// Fields is sigv4.Header's: all fields, as they came.
func (f *fields) Fields(yield func(name, value []byte) bool) {
	for raw := f.h.RawHeaders(); len(raw) > 0; {
		line := raw
		if end := bytes.IndexByte(raw, '\n'); end >= 0 {
			line, raw = bytes.TrimSuffix(raw[:end], carriageReturn), raw[end+1:] // strict has seen to it that this is how lines end
		} else {
			raw = nil
		}
		if colon := bytes.IndexByte(line, ':'); colon >= 0 && !yield(line[:colon], line[colon+1:]) {
			return
		}
	}
}

var carriageReturn = []byte{'\r'}

// add notes a field. It returns the name of one of once that was there before.
func (f *fields) add(name, value []byte) (twice string) {
	if len(name) > len(amzPrefix) && isNamed(name[:len(amzPrefix)], amzPrefix) {
		if f.n < len(f.amz) {
			f.amz[f.n] = field{name, value}
		}
		f.n++
		return ""
	}
	for i, field := range once {
		if isNamed(name, field) {
			if f.once[i] != nil {
				return field
			}
			f.once[i] = value
		}
	}
	return ""
}

func isNamed(name []byte, want string) bool {
	return len(name) == len(want) && bytes.EqualFold(name, []byte(want))
}

// trim takes off what may surround a field's value. Unlike bytes.Trim, it never
// returns nil.
func trim(value []byte) []byte {
	for len(value) > 0 && (value[0] == ' ' || value[0] == '\t') {
		value = value[1:]
	}
	for len(value) > 0 && (value[len(value)-1] == ' ' || value[len(value)-1] == '\t') {
		value = value[:len(value)-1]
	}
	return value
}
