package verify

import (
	"strconv"
	"strings"
	"unicode"
)

// What messages show of a value, in bytes.
const (
	shown  = 60 // of a value that differs from another
	before = 16 // of what comes before the difference
	most   = 200
)

// firstDifference is where two strings that are not equal cease to be alike.
func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// excerpt quotes what a value has at a place; of one that is short, all.
func excerpt(value string, at int) string {
	if len(value) <= shown {
		return strconv.Quote(value)
	}
	begin := max(0, min(at-before, len(value)-shown))
	end := min(len(value), begin+shown)
	text := strconv.Quote(value[begin:end])
	if begin > 0 {
		text = "…" + text
	}
	if end < len(value) {
		text += "…"
	}
	return text
}

// cut is a text of which no more than most bytes are shown. What does not print is a
// space: the words are the function's, and may be meant for a terminal.
func cut(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
