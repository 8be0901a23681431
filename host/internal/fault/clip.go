package fault

import "unicode/utf8"

// Clip bounds what a message repeats of a request: most bytes, or up to three fewer so
// that no character is cut.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && most-end < utf8.UTFMax-1 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
