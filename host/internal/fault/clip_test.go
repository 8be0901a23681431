package fault

import (
	"strings"
	"testing"
)

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 0, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc…"},
		{"abc", 0, "…"},
		{"ab€", 5, "ab€"},
		{"ab€d", 5, "ab€…"},
		{"ab€", 4, "ab…"},
		{"ab€", 3, "ab…"},
		{"a😀", 4, "a…"},
		{"€", 1, "…"},
		{strings.Repeat("\x80", 9), 8, strings.Repeat("\x80", 5) + "…"}, // no text at all
	} {
		if got := Clip(c.text, c.most); got != c.want {
			t.Errorf("%q to %d bytes is %q, want %q", c.text, c.most, got, c.want)
		}
	}
}
