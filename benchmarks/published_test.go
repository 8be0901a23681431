package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// The README's tables are those that the committed results make: none is lost,
// none has other figures. Tables of two at a time are only in the results.
func TestPublishedTables(t *testing.T) {
	raw, err := os.ReadFile("results/sandbox.json")
	if err != nil {
		t.Fatal(err)
	}
	var r Results
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	r.barTable(&b)
	for _, handler := range []string{"C", "Go", "JavaScript"} {
		r.table(&b, handler, 1)
	}
	r.pageTable(&b)
	r.phaseTable(&b)
	rows := 0
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		rows++
		if !strings.Contains(string(readme), "\n"+line) {
			t.Errorf("README.md has no row %s", line)
		}
	}
	if rows < 60 {
		t.Errorf("the results make %d rows, not 60 or more", rows)
	}
}
