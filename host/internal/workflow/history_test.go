package workflow_test

import (
	"strings"
	"testing"
)

// TestPagesOfHistory: a page of a thousand events that shared one text had it a
// thousand times.
func TestPagesOfHistory(t *testing.T) {
	s := open(t, t.TempDir(), true)
	m := create(t, s, "m", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"s.$":"$.s"},"ResultPath":null,
		"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Result":1,"End":true}}},"End":true}}}`, false)
	e := finish(t, s, m, `{"items":[`+strings.Repeat("1,", 60)+`1],"s":"`+strings.Repeat("x", 200_000)+`"}`)
	seen := 0
	for skip := 0; ; {
		events, next, err := s.History(e.ARN, false, skip, 1000)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, event := range events {
			if event.Input != nil {
				size += len(*event.Input)
			}
			if seen++; event.ID != int64(seen) {
				t.Fatalf("event %d follows %d", event.ID, seen-1)
			}
		}
		if size > 5<<20 {
			t.Errorf("a page of %d events has texts of %d bytes", len(events), size)
		}
		if skip = next; next == 0 {
			break
		}
	}
	if want := 2 + 3 + 1 + 61*4; seen != want {
		t.Errorf("the history has %d events, want %d", seen, want)
	}
}
