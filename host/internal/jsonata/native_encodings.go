package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

func nativeBase64Encode(c *call) (any, *Error) {
	return c.mapString(func(s string) any {
		units := toUnits(s)
		c.ev.makeBytes(2 * len(units))
		bytes := make([]byte, len(units))
		for i, unit := range units {
			bytes[i] = byte(unit) // as in the reference, only the low byte
		}
		return base64.StdEncoding.EncodeToString(bytes)
	})
}

// nativeBase64Decode decodes as Node.js does: characters of both alphabets,
// others are passed over, up to the first "=".
func nativeBase64Decode(c *call) (any, *Error) {
	return c.mapString(func(s string) any {
		c.ev.makeBytes(2 * len(s))
		digits := make([]byte, 0, len(s))
	scan:
		for i := range len(s) {
			switch b := s[i]; {
			case b == '=':
				break scan
			case b == '-':
				digits = append(digits, '+')
			case b == '_':
				digits = append(digits, '/')
			case b == '+' || b == '/' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z':
				digits = append(digits, b)
			}
		}
		if len(digits)%4 == 1 {
			digits = digits[:len(digits)-1]
		}
		bytes, _ := base64.RawStdEncoding.DecodeString(string(digits)) // only digits are left
		out := make([]byte, 0, 2*len(bytes))
		for _, b := range bytes {
			out = utf8.AppendRune(out, rune(b))
		}
		return string(out)
	})
}

const (
	unreservedMarks = "-_.!~*'()"
	reservedMarks   = ";/?:@&=+$,#"
)

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func malformedURL(s, function string) *Error {
	err := valueError("D3140", s)
	err.inside = function
	return err
}

func nativeEncodeURLComponent(c *call) (any, *Error) {
	return c.encodeURL("encodeUrlComponent", unreservedMarks)
}

func nativeEncodeURL(c *call) (any, *Error) {
	return c.encodeURL("encodeUrl", unreservedMarks+reservedMarks)
}

func (c *call) encodeURL(function, keep string) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	if !utf8.ValidString(s) { // half of a surrogate pair
		return nil, malformedURL(s, function)
	}
	c.ev.makeBytes(3 * len(s))
	out := make([]byte, 0, 3*len(s))
	for i := range len(s) {
		if b := s[i]; isAlphanumeric(b) || strings.IndexByte(keep, b) >= 0 {
			out = append(out, b)
		} else {
			out = append(out, '%', "0123456789ABCDEF"[b>>4], "0123456789ABCDEF"[b&15])
		}
	}
	return string(out), nil
}

func nativeDecodeURLComponent(c *call) (any, *Error) { return c.decodeURL("decodeUrlComponent", "") }
func nativeDecodeURL(c *call) (any, *Error)          { return c.decodeURL("decodeUrl", reservedMarks) }

// decodeURL replaces escapes, except those of the characters in keep.
func (c *call) decodeURL(function, keep string) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	c.ev.makeBytes(len(s))
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '%' {
			out = append(out, s[i])
			i++
			continue
		}
		char, ok := escapedChar(s[i:])
		if !ok {
			return nil, malformedURL(s, function)
		}
		end := i + 3*len(char)
		if len(char) == 1 && strings.IndexByte(keep, char[0]) >= 0 {
			out = append(out, s[i:end]...)
		} else {
			out = append(out, char...)
		}
		i = end
	}
	return string(out), nil
}

// escapedChar decodes the escaped bytes of one character.
func escapedChar(s string) ([]byte, bool) {
	var char []byte
	for len(char) < utf8.UTFMax {
		if len(s) < 3 || s[0] != '%' || hexValue(s[1]) < 0 || hexValue(s[2]) < 0 {
			return nil, false
		}
		char = append(char, byte(hexValue(s[1])<<4|hexValue(s[2])))
		s = s[3:]
		if utf8.FullRune(char) {
			break
		}
	}
	r, size := utf8.DecodeRune(char)
	return char, size == len(char) && (r != utf8.RuneError || size > 1)
}
