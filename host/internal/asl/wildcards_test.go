package asl

import (
	"strings"
	"testing"
)

func TestWildcards(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"*", "", true}, {"a*", "abc", true}, {"*c", "abc", true}, {"a*c*e", "abcde", true}, {"a*c*e", "abcd", false},
		{`a\*`, "a*", true}, {`a\*`, "ab", false}, {"**", "x", true}, {"a", "", false}, {`\`, `\`, true},
	} {
		got, err := matchWildcards(test.pattern, test.text, func(int) error { return nil })
		if err != nil || got != test.want {
			t.Errorf("%s matches %s: got %v, %v", test.pattern, test.text, got, err)
		}
	}
}

// TestWildcardsAreMetered: the product of a long pattern and a long text cost
// nothing.
func TestWildcardsAreMetered(t *testing.T) {
	m := meter{left: 1_000_000}
	pattern := "*" + strings.Repeat("a", 100_000) + "b"
	if _, err := matchWildcards(pattern, strings.Repeat("a", 200_000), m.spend); err != errWork {
		t.Errorf("got %v, want %v", err, errWork)
	}
}

func TestTimestampsAreShort(t *testing.T) {
	digits := func(n int) string { return "2026-01-01T00:00:00." + strings.Repeat("1", n) + "Z" }
	if _, ok := parseTimestamp(digits(50)); !ok {
		t.Error("fifty digits are refused")
	}
	if _, ok := parseTimestamp(digits(200)); ok {
		t.Error("two hundred digits are accepted")
	}
}
