package engine

import (
	"strings"
	"testing"
)

// TestLinkErrorShowsNames: names of imports are the guest's, and may be 64 MiB
// of escape sequences.
func TestLinkErrorShowsNames(t *testing.T) {
	for name, want := range map[string]string{
		"abort":                       "abort",
		"\x1b[2J\nREPORT\u202e\u009b": "?[2J?REPORT??",
		strings.Repeat("é", 10_000):   strings.Repeat("é", 100) + "…",
	} {
		err := &LinkError{Import: Import{Module: name, Name: name}, Reason: "r"}
		if got, want := err.Error(), "unknown import "+want+"."+want+" (function): r"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
