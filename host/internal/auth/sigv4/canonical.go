package sigv4

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// This file derives the canonical form of each part of a request.

// appendPath appends the canonical form of a path: without dots and doubled
// slashes, and percent-encoded once more, but for Amazon S3, whose keys are what
// they are.
func appendPath(b []byte, path, service string) []byte {
	if path == "" {
		return append(b, '/')
	}
	if service == "s3" {
		return appendDecoded(b, path, "/")
	}
	if strings.Contains(path, "//") || strings.Contains(path, "/.") {
		path = normalize(path)
	}
	return appendEncoded(b, path, "/")
}

// normalize resolves the segments . and .. and empty ones.
func normalize(path string) string {
	var kept []string
	last := ""
	for segment := range strings.SplitSeq(path, "/") {
		switch last = segment; segment {
		case "", ".":
		case "..":
			if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
		default:
			kept = append(kept, segment)
		}
	}
	whole := "/" + strings.Join(kept, "/")
	if len(kept) > 0 && (last == "" || last == "." || last == "..") {
		whole += "/"
	}
	return whole
}

const hexDigits = "0123456789ABCDEF"

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// appendEncoded percent-encodes all that is not unreserved, nor one of keep.
func appendEncoded(b []byte, s, keep string) []byte {
	begin := 0 // of what can be appended as it is
	for i := range len(s) {
		if !isUnreserved(s[i]) && strings.IndexByte(keep, s[i]) < 0 {
			b = appendByte(append(b, s[begin:i]...), s[i], keep)
			begin = i + 1
		}
	}
	return append(b, s[begin:]...)
}

func appendByte(b []byte, c byte, keep string) []byte {
	if isUnreserved(c) || strings.IndexByte(keep, c) >= 0 {
		return append(b, c)
	}
	return append(b, '%', hexDigits[c>>4], hexDigits[c&15])
}

// appendDecoded decodes what is percent-encoded and encodes it as a signature
// wants it. What is no encoding stands for itself.
func appendDecoded(b []byte, s, keep string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if high, low := unhex(s[i+1]), unhex(s[i+2]); high >= 0 && low >= 0 {
				c = byte(high<<4 | low)
				i += 2
				if c == '/' && keep != "" { // it is not a separator
					b = append(b, "%2F"...)
					continue
				}
			}
		}
		b = appendByte(b, c, keep)
	}
	return b
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// appendQuery appends the canonical form of a query: every parameter encoded,
// sorted by name and then by value, and without the signature of a presigned
// request. ok is false if there are too many.
func appendQuery(b []byte, query string, presigned bool) (_ []byte, ok bool) {
	if query == "" {
		return b, true
	}
	if strings.Count(query, "&") >= maxParameters {
		return b, false
	}
	type parameter struct{ name, value []byte }
	var (
		few [8]parameter
		all = few[:0]
	)
	scratch := make([]byte, 0, 3*len(query)) // never grows: slices of it stay valid
	encode := func(s string) []byte {
		begin := len(scratch)
		for len(s) > 0 { // a plus is a space, as readers of queries have it
			part, rest, found := strings.Cut(s, "+")
			scratch = appendDecoded(scratch, part, "")
			if found {
				scratch = append(scratch, "%20"...)
			}
			s = rest
		}
		return scratch[begin:len(scratch):len(scratch)]
	}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if presigned && name == signatureParameter {
			continue
		}
		all = append(all, parameter{encode(name), encode(value)})
	}
	slices.SortFunc(all, func(x, y parameter) int {
		return cmp.Or(bytes.Compare(x.name, y.name), bytes.Compare(x.value, y.value))
	})
	for i, p := range all {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(b, p.name...)
		b = append(b, '=')
		b = append(b, p.value...)
	}
	return b, true
}

// appendHeader appends the line of a field that is signed: all its values, in the
// order in which they came. ok is false if the request does not have the field.
func appendHeader(b []byte, h Header, name string) (_ []byte, ok bool) {
	b = append(append(b, name...), ':')
	n := 0
	h.Fields(func(field, value []byte) bool {
		if equalFold(field, name) {
			if n++; n > 1 {
				b = append(b, ',')
			}
			b = appendFolded(b, value)
		}
		return true
	})
	return append(b, '\n'), n > 0
}

// appendFolded appends a value without white space around it, and with one space
// for each run of it.
func appendFolded(b, value []byte) []byte {
	space, begun := false, false
	for _, c := range value {
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			space = begun
			continue
		}
		if space {
			b = append(b, ' ')
			space = false
		}
		b, begun = append(b, c), true
	}
	return b
}
