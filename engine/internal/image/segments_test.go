package image

import (
	"bytes"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// segments returns the segments of a program.
func segments(t testing.TB, p *Program) []Segment {
	t.Helper()
	var list []Segment
	r := stored.NewReader(p.Data)
	for r.More() {
		list = append(list, next(r))
	}
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestApplyDamaged: what is cut short is not applied in part without a word.
func TestApplyDamaged(t *testing.T) {
	whole := Segments(nil).appended(Segment{1, []byte("ab")}).appended(Segment{5, []byte("c")})
	for n := range whole {
		err := (&Program{Data: whole[:n]}).Apply(make([]byte, 8))
		if want := n != 0 && n != 4; errors.Is(err, stored.ErrDamaged) != want || (err != nil) != want {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

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
		p := &Program{}
		for _, s := range c.data {
			p.Data = p.Data.appended(s)
		}
		err := p.Apply(memory)
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
