package sandbox

import (
	"fmt"
	"strings"
	"unicode"
)

// What a message shows of what a stranger wrote.
const (
	maxShown  = 256 // bytes of one text
	maxListed = 20  // names of a list
)

// printable keeps strangers from forging log lines, and from commanding
// terminals: what does not print, be it a line end, an escape or a mark that
// reverses the direction of text, becomes a space, and what is long is cut.
func printable(s string) string {
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}

// enumerate lists names for a message.
func enumerate(names []string) string {
	shown := make([]string, min(len(names), maxListed))
	for i := range shown {
		shown[i] = printable(names[i])
	}
	list := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}
