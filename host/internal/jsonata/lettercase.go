package jsonata

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func toLower(r rune) rune {
	if isSurrogate(r) {
		return r
	}
	return unicode.ToLower(r)
}

// endsWord reports whether no letter stands at the start of a text; characters
// that letters may have on or in them do not count.
func endsWord(s string) bool {
	for i := 0; i < len(s); {
		r, size := decodeRune(s[i:])
		if !ignoresCase(r) {
			return !hasCase(r)
		}
		i += size
	}
	return true
}

func hasCase(r rune) bool {
	return unicode.In(r, unicode.Upper, unicode.Lower, unicode.Title, unicode.Other_Lowercase, unicode.Other_Uppercase)
}

func ignoresCase(r rune) bool {
	switch r {
	case '\'', '.', ':', '^', '`', '\u00a8', '\u00ad', '\u00af', '\u00b4', '\u00b7', '\u00b8', '\u2019', '\u2018', '\u2024', '\u2027':
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}

// lowerCase and upperCase are JavaScript's: with the characters that become
// several, and the sigma that ends a word.
func lowerCase(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	b := make([]byte, 0, len(s))
	inWord := false // a letter stands before, with nothing that ends a word between
	for i := 0; i < len(s); {
		r, size := decodeRune(s[i:])
		i += size
		switch {
		case r == 'İ':
			b = append(b, "i̇"...)
		case r == 'Σ' && inWord && endsWord(s[i:]):
			b = append(b, "ς"...)
		default:
			b = appendRune(b, toLower(r))
		}
		if !ignoresCase(r) {
			inWord = hasCase(r)
		}
	}
	return string(b)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func upperCase(s string) string {
	if isASCII(s) {
		return strings.ToUpper(s)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := decodeRune(s[i:])
		i += size
		if several, ok := upperSeveral[r]; ok {
			b = append(b, several...)
		} else if isSurrogate(r) {
			b = appendRune(b, r)
		} else {
			b = appendRune(b, unicode.ToUpper(r))
		}
	}
	return string(b)
}

// upperSeveral maps the characters whose upper case is more than one character
// (Unicode's SpecialCasing).
var upperSeveral = map[rune]string{
	0x00DF: "SS",
	0x0149: "ʼN",
	0x01F0: "J\u030c",
	0x0390: "Ι\u0308\u0301",
	0x03B0: "Υ\u0308\u0301",
	0x0587: "ԵՒ",
	0x1E96: "H\u0331",
	0x1E97: "T\u0308",
	0x1E98: "W\u030a",
	0x1E99: "Y\u030a",
	0x1E9A: "Aʾ",
	0x1F50: "Υ\u0313",
	0x1F52: "Υ\u0313\u0300",
	0x1F54: "Υ\u0313\u0301",
	0x1F56: "Υ\u0313\u0342",
	0x1F80: "ἈΙ",
	0x1F81: "ἉΙ",
	0x1F82: "ἊΙ",
	0x1F83: "ἋΙ",
	0x1F84: "ἌΙ",
	0x1F85: "ἍΙ",
	0x1F86: "ἎΙ",
	0x1F87: "ἏΙ",
	0x1F88: "ἈΙ",
	0x1F89: "ἉΙ",
	0x1F8A: "ἊΙ",
	0x1F8B: "ἋΙ",
	0x1F8C: "ἌΙ",
	0x1F8D: "ἍΙ",
	0x1F8E: "ἎΙ",
	0x1F8F: "ἏΙ",
	0x1F90: "ἨΙ",
	0x1F91: "ἩΙ",
	0x1F92: "ἪΙ",
	0x1F93: "ἫΙ",
	0x1F94: "ἬΙ",
	0x1F95: "ἭΙ",
	0x1F96: "ἮΙ",
	0x1F97: "ἯΙ",
	0x1F98: "ἨΙ",
	0x1F99: "ἩΙ",
	0x1F9A: "ἪΙ",
	0x1F9B: "ἫΙ",
	0x1F9C: "ἬΙ",
	0x1F9D: "ἭΙ",
	0x1F9E: "ἮΙ",
	0x1F9F: "ἯΙ",
	0x1FA0: "ὨΙ",
	0x1FA1: "ὩΙ",
	0x1FA2: "ὪΙ",
	0x1FA3: "ὫΙ",
	0x1FA4: "ὬΙ",
	0x1FA5: "ὭΙ",
	0x1FA6: "ὮΙ",
	0x1FA7: "ὯΙ",
	0x1FA8: "ὨΙ",
	0x1FA9: "ὩΙ",
	0x1FAA: "ὪΙ",
	0x1FAB: "ὫΙ",
	0x1FAC: "ὬΙ",
	0x1FAD: "ὭΙ",
	0x1FAE: "ὮΙ",
	0x1FAF: "ὯΙ",
	0x1FB2: "ᾺΙ",
	0x1FB3: "ΑΙ",
	0x1FB4: "ΆΙ",
	0x1FB6: "Α\u0342",
	0x1FB7: "Α\u0342Ι",
	0x1FBC: "ΑΙ",
	0x1FC2: "ῊΙ",
	0x1FC3: "ΗΙ",
	0x1FC4: "ΉΙ",
	0x1FC6: "Η\u0342",
	0x1FC7: "Η\u0342Ι",
	0x1FCC: "ΗΙ",
	0x1FD2: "Ι\u0308\u0300",
	0x1FD3: "Ι\u0308\u0301",
	0x1FD6: "Ι\u0342",
	0x1FD7: "Ι\u0308\u0342",
	0x1FE2: "Υ\u0308\u0300",
	0x1FE3: "Υ\u0308\u0301",
	0x1FE4: "Ρ\u0313",
	0x1FE6: "Υ\u0342",
	0x1FE7: "Υ\u0308\u0342",
	0x1FF2: "ῺΙ",
	0x1FF3: "ΩΙ",
	0x1FF4: "ΏΙ",
	0x1FF6: "Ω\u0342",
	0x1FF7: "Ω\u0342Ι",
	0x1FFC: "ΩΙ",
	0xFB00: "FF",
	0xFB01: "FI",
	0xFB02: "FL",
	0xFB03: "FFI",
	0xFB04: "FFL",
	0xFB05: "ST",
	0xFB06: "ST",
	0xFB13: "ՄՆ",
	0xFB14: "ՄԵ",
	0xFB15: "ՄԻ",
	0xFB16: "ՎՆ",
	0xFB17: "ՄԽ",
}
