package image

import (
	"bytes"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

func TestApply(t *testing.T) {
	for name, c := range map[string]struct {
		data []Segment
		want string // "" traps
		left string // memory after the trap
	}{
		"none":                  {nil, "........", ""},
		"one":                   {[]Segment{{2, []byte("ab")}}, "..ab....", ""},
		"in order":              {[]Segment{{2, []byte("abc")}, {3, []byte("X")}}, "..aXc...", ""},
		"to the end":            {[]Segment{{6, []byte("ab")}}, "......ab", ""},
		"nothing at the end":    {[]Segment{{8, nil}}, "........", ""},
		"nothing beyond it":     {[]Segment{{9, nil}}, "", "........"},
		"one byte too many":     {[]Segment{{7, []byte("ab")}}, "", "........"},
		"offset and size wrap":  {[]Segment{{1<<32 - 1, []byte("ab")}}, "", "........"},
		"those before it apply": {[]Segment{{0, []byte("ab")}, {8, []byte("c")}, {4, []byte("d")}}, "", "ab......"},
	} {
		memory := []byte("........")
		err := (&Program{Data: c.data}).Apply(memory)
		if c.want == "" {
			if trap, ok := err.(*engine.Trap); !ok || trap.Kind != engine.TrapMemoryBounds {
				t.Errorf("%s: error %v, want %q", name, err, engine.TrapMemoryBounds)
			}
			c.want = c.left
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(memory, []byte(c.want)) {
			t.Errorf("%s: memory %q, want %q", name, memory, c.want)
		}
	}
}
