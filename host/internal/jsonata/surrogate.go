package jsonata

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JavaScript strings are UTF-16 and may hold half of a surrogate pair. Here
// such a half is three bytes, encoded as UTF-8 would encode its number if that
// were allowed (WTF-8). Two halves that come to stand together are joined to
// the character they mean, so equal strings are equal bytes.

const (
	highFirst, highLast = 0xD800, 0xDBFF
	lowFirst, lowLast   = 0xDC00, 0xDFFF
)

func isSurrogate(r rune) bool { return r >= highFirst && r <= lowLast }

// decodeRune is utf8.DecodeRuneInString that also reads surrogate halves.
func decodeRune(s string) (rune, int) {
	if r, size := utf8.DecodeRuneInString(s); r != utf8.RuneError || size != 1 {
		return r, size
	}
	if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1] <= 0xBF && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.RuneError, 1
}

// appendRune is utf8.AppendRune that also writes surrogate halves.
func appendRune(b []byte, r rune) []byte {
	if isSurrogate(r) {
		return append(b, 0xED, byte(0x80|r>>6&0x3F), byte(0x80|r&0x3F))
	}
	return utf8.AppendRune(b, r)
}

// concat joins two strings, and the halves of a pair that meet where they are
// joined.
func concat(a, b string) string {
	if n := len(a) - 3; n >= 0 && len(b) >= 3 && a[n] == 0xED && b[0] == 0xED {
		high, _ := decodeRune(a[n:])
		low, _ := decodeRune(b)
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			return a[:n] + string(r) + b[3:]
		}
	}
	return a + b
}

// normalize joins the pairs of halves in a string that was put together from
// pieces, and replaces bytes that are no UTF-8.
func normalize(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b []byte
	for i := 0; i < len(s); {
		r, size := decodeRune(s[i:])
		i += size
		if r >= highFirst && r <= highLast {
			low, n := decodeRune(s[i:])
			if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
				r, i = whole, i+n
			}
		}
		b = appendRune(b, r)
	}
	return string(b)
}

// toUnits returns the UTF-16 units of a string.
func toUnits(s string) []uint16 {
	units := make([]uint16, 0, len(s))
	for i := 0; i < len(s); {
		r, size := decodeRune(s[i:])
		i += size
		if r >= 0x10000 {
			high, low := utf16.EncodeRune(r)
			units = append(units, uint16(high), uint16(low))
		} else {
			units = append(units, uint16(r))
		}
	}
	return units
}

// fromUnits is the inverse of toUnits.
func fromUnits(units []uint16) string {
	b := make([]byte, 0, len(units))
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if r >= highFirst && r <= highLast && i+1 < len(units) {
			if whole := utf16.DecodeRune(r, rune(units[i+1])); whole != utf8.RuneError {
				r = whole
				i++
			}
		}
		b = appendRune(b, r)
	}
	return string(b)
}

// unitLength is the number of UTF-16 units of a string.
func unitLength(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			n++
			continue
		}
		r, size := decodeRune(s[i:])
		i += size
		n++
		if r >= 0x10000 {
			n++
		}
	}
	return n
}

// runeLength is the number of code points of a string.
func runeLength(s string) int {
	n := 0
	for i := 0; i < len(s); n++ {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, size := decodeRune(s[i:])
		i += size
	}
	return n
}

// compareUnits orders strings as JavaScript does, by UTF-16 units. That is the
// order of bytes except between characters above U+FFFF, whose units start
// with 0xD800 and up, and those from U+E000.
func compareUnits(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) || i == len(b) || (a[i] < 0xED && b[i] < 0xED) {
		return strings.Compare(a, b)
	}
	for i > 0 && i < len(a) && a[i]&0xC0 == 0x80 { // back to the start of the character
		i--
	}
	x, _ := decodeRune(a[i:])
	y, _ := decodeRune(b[i:])
	return unitOrder(x) - unitOrder(y)
}

// unitOrder orders code points as their first units, then themselves.
func unitOrder(r rune) int {
	switch {
	case r >= 0x10000:
		high, low := utf16.EncodeRune(r)
		return int(high)<<16 | int(low)
	default:
		return int(r) << 16
	}
}
