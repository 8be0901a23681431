package jsonata

import (
	"fmt"
	"math"
	"unicode/utf8"
)

// maxNesting is how deep JSON text may be nested, to be decoded or encoded.
const maxNesting = 10_000

// Encode writes a value as JSON: compact, members in their order, numbers as
// JavaScript writes them, and no character escaped that need not be. It fails
// on what has no JSON form (Undefined, functions, infinities, NaN) and on
// values nested deeper than 10,000.
func Encode(v any) ([]byte, error) { return appendValue(nil, v, 0) }

func appendValue(b []byte, v any, depth int) ([]byte, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("jsonata: the value is nested deeper than %d", maxNesting)
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		if v {
			return append(b, "true"...), nil
		}
		return append(b, "false"...), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("jsonata: %s has no JSON form", numberString(v))
		}
		return appendNumber(b, v), nil
	case string:
		return appendQuoted(b, v), nil
	case []any:
		var err error
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendValue(b, item, depth+1); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	case *Object:
		var err error
		b = append(b, '{')
		first := true
		for key, value := range v.All() {
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(appendQuoted(b, key), ':')
			if b, err = appendValue(b, value, depth+1); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	default:
		return nil, fmt.Errorf("jsonata: a value of type %T has no JSON form", v)
	}
}

const hexDigits = "0123456789abcdef"

// appendQuoted writes a string as JavaScript's JSON.stringify does: half a
// surrogate pair, which is no character, as its escape.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := decodeRune(s[i:])
			if isSurrogate(r) || r == utf8.RuneError && size == 1 {
				b = append(b, s[start:i]...)
				b = append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
				start = i + size
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}
