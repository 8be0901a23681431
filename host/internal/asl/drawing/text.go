package drawing

import (
	"strings"
	"unicode"
)

// Sizes of text, in pixels.
const (
	nameSize    = 13
	captionSize = 11
	labelSize   = 11
	lineHeight  = 14
)

// textWidth estimates how wide a text is, in pixels. Whoever views the drawing
// has whatever fonts they have, so the widths are those of a wide one.
func textWidth(s string, size int, bold bool) int {
	total := 0
	for _, r := range s {
		total += advance(r)
	}
	percent := 93
	if bold {
		percent = 106
	}
	return (total*size*percent + 9999) / 10000
}

// advance is the width of a character in hundredths of the size of the font.
func advance(r rune) int {
	switch {
	case strings.ContainsRune("ijl|'", r):
		return 30
	case strings.ContainsRune("ftrI.,:; ()[]/\\!", r):
		return 39
	case strings.ContainsRune("mw@%W", r):
		return 98
	case strings.ContainsRune("MOQGND&—…", r), strings.ContainsRune("<>=+~≤≥→", r):
		return 84
	case r >= 'A' && r <= 'Z':
		return 70
	case r < 0x7f:
		return 63
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r < 0x1100:
		return 70
	case r >= 0x1F000:
		return 130
	}
	return 102 // as Chinese characters
}

// maxText bounds the texts of a drawing, in characters. Some have no width.
const maxText = 240

// clip shortens a text to maxText.
func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n == maxText {
			return s[:i] + "…"
		}
	}
	return s
}

// fit shortens a text to a width, in pixels, and says how wide it is then.
func fit(s string, width, size int, bold bool) (string, int) {
	s = clip(printable(s))
	if w := textWidth(s, size, bold); w <= width {
		return s, w
	}
	end := 0
	for i := range s {
		if i > 0 && textWidth(s[:i]+"…", size, bold) > width {
			break
		}
		end = i
	}
	s = strings.TrimRight(s[:end], " ") + "…"
	return s, textWidth(s, size, bold)
}

// printable replaces what XML does not allow, and what would change the
// direction of text around it, or its line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r':
			return ' '
		case !legal(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// legal reports whether a document may contain the character.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r < 0x7F || r >= 0xA0 && r < 0xD800 || r >= 0xE000 && r != 0xFFFE && r != 0xFFFF
}

// escape writes a text so that it is nothing but text in an element or in an
// attribute.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '"':
			b.WriteString("&quot;")
		case '\'':
			b.WriteString("&apos;")
		case '\t', '\n', '\r':
			b.WriteString("&#" + string('0'+r/10) + string('0'+r%10) + ";")
		default:
			if !legal(r) {
				r = unicode.ReplacementChar
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
