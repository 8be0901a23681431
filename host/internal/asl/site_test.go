package asl

import (
	"strings"
	"testing"
)

func TestSitesAreShortened(t *testing.T) {
	at := site{location: "/States/A/Output", field: "Output"}
	if got := at.member("a").item(2).inDefinition(); got != "/States/A/Output/a[2]" {
		t.Errorf("got %s", got)
	}
	if got := at.member("a").item(2).inState(); got != "Output/a[2]" {
		t.Errorf("got %s", got)
	}
	if n := len(at.member(strings.Repeat("a", 1<<20)).item(1).inState()); n != maxFinding {
		t.Errorf("got %d bytes, want %d", n, maxFinding)
	}
}
