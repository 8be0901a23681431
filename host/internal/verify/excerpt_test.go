package verify

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

func TestExcerpt(t *testing.T) {
	as, bs := strings.Repeat("a", 100), strings.Repeat("b", 100)
	for _, c := range []struct{ one, two, want string }{
		{"1", "0", `"1"`},
		{"", "x", `""`},
		{"\x1b[2J", "", `"\x1b[2J"`},
		{as + "1" + bs, as + "2" + bs, `…"` + as[:16] + "1" + bs[:43] + `"…`},
		{"1" + bs, "2" + bs, `"1` + bs[:59] + `"…`},
		{as + "1", as + "2", `…"` + as[:59] + `1"`},
		{as, as + "1", `…"` + as[:60] + `"`},
	} {
		if got := excerpt(c.one, firstDifference(c.one, c.two)); got != c.want {
			t.Errorf("of %q beside %q: %s, want %s", c.one, c.two, got, c.want)
		}
	}
	if got, want := cut("\x1b[2J\u202e\na"), " [2J  a"; got != want {
		t.Errorf("cut shows %q, want %q", got, want)
	}
	for _, text := range []string{"", strings.Repeat("x", most), strings.Repeat("é", most), "\xff"} {
		if got := cut(text); len(got) > most+3 || len(text) <= most && got != strings.ToValidUTF8(text, "\uFFFD") {
			t.Errorf("cut(%q) is %q", text, got)
		}
	}
}

// TestDifference: everything that is compared is, what says most comes first, and
// engines that agree are named together.
func TestDifference(t *testing.T) {
	all := []candidate{{label: "one"}, {label: "two"}, {label: "three"}}
	for want, change := range map[string]func(*observed){
		`how it ends differs: "" on one and three; "x" on two`:             func(o *observed) { o.ended = "x" },
		`the response differs: "" on one and three; "x" on two`:            func(o *observed) { o.Response = []byte("x") },
		`the prelude of the response differs: "" on one`:                   func(o *observed) { o.Meta = []byte("x") },
		`the error differs: "" on one and three; "x"`:                      func(o *observed) { o.failed = &sandbox.FunctionError{Payload: []byte("x")} },
		`the log differs: "" on one and three; "x" on two`:                 func(o *observed) { o.Log = []byte("x") },
		`fuel differs: "0 units" on one and three; "1 units"`:              func(o *observed) { o.Usage.Fuel = 1 },
		`what it asked of the host differs: "0 calls, 0 bytes"`:            func(o *observed) { o.Usage.HostCalls = 1 },
		`what it asked of the host differs: "0 calls, 0 bytes" on one and`: func(o *observed) { o.Usage.HostBytes = 1 },
		`the size of /tmp differs: "0 bytes" on one and three; "1 b`:       func(o *observed) { o.Usage.TmpPeak = 1 },
		`the size of the memory differs: "0 bytes"`:                        func(o *observed) { o.MemorySize = 1 },
		`what is in the memory at the end differs: "SHA-256 000000000`:     func(o *observed) { o.Memory[0] = 1 },
	} {
		seen := make([]observed, 3)
		found := func() (text string) {
			for _, a := range aspects {
				if text = a.difference(all, seen); text != "" {
					break
				}
			}
			return text
		}
		if text := found(); text != "" {
			t.Fatalf("what is alike differs: %s", text)
		}
		change(&seen[1])
		if text := found(); !strings.HasPrefix(text, want) {
			t.Errorf("%s\nwant %s", text, want)
		}
	}
}
