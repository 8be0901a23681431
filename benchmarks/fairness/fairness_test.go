package main

import (
	"strings"
	"testing"
	"time"
)

// TestRun has every shape burn and run out of time, a few times.
func TestRun(t *testing.T) {
	t.Chdir("..")
	if err := run(t.Context(), strings.Fields("-rounds 1 -window 20ms -timeouts 40"), t.TempDir()); err != nil {
		t.Fatal(err)
	}
}

func TestReport(t *testing.T) {
	const ms = time.Millisecond
	round := func(p50, p90, gc time.Duration) Round {
		return Round{10, p50 * ms, p90 * ms, 9 * ms, []time.Duration{gc * ms}}
	}
	o, err := parse(strings.Fields("-rounds 2 -window 1s -rate 3 -timeouts 4 -seed 5 -o results/x.json"))
	if err != nil {
		t.Fatal(err)
	}
	r := newResults(t.Context(), o, nil)
	control := []Round{round(1, 2, 5), round(1, 2, 5), round(4, 4, 7), round(1, 2, 5)}
	r.Pairs = []Pair{
		{"loop", "native", []Round{round(1, 2, 6), round(1, 2, 6), round(4, 4, 6), round(2, 4, 8)}, control},
		{"spin", "native", []Round{round(3, 2, 21), round(2, 2, 5), round(8, 4, 5), round(2, 2, 5)}, control},
	}
	r.Timeouts = Timeouts{
		Timer:  Lateness{"timer", []time.Duration{1 * ms, 2 * ms}, nil},
		Native: Lateness{"native loop", []time.Duration{12 * ms}, nil},
		Shapes: []Lateness{{"loop", []time.Duration{ms / 2, 3 * ms}, []time.Duration{ms / 4, 2 * ms}}, {"spin", []time.Duration{13 * ms}, []time.Duration{ms}}, {"never", nil, nil}},
		Before: Holding{1, 2, 3, 4, 5}, After: Holding{6, 7, 8, 9, 10},
	}
	var b strings.Builder
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"`go run ./fairness -o results/x.json -rate 3 -rounds 2 -seed 5 -timeouts 4 -window 1s`",
		"| loop | 1.00 | 1.00 (1.00–1.00) | 2.00 | 1.00 (1.00–1.00) | 6.00 | 8.00 | 8.00 | 5.00 | 7.00 | 7.00 |",
		"| spin | 2.00 | **2.00 (2.00–2.00)** | 2.00 | 1.00 (1.00–1.00) | 5.00 | **21.00** | 21.00 | 5.00 | 7.00 | 7.00 |",
		"| timer | 2 | 1.00 | 2.00 | 2.00 | 2.00 | | |",
		"| native loop | 1 | 12.00 | 12.00 | 12.00 | 12.00 | | |",
		"| **all guests** | 3 | 3.00 | 13.00 | **13.00** | 13.00 | 1.00 | 2.00 |",
		"| spin | 1 | 13.00 | 13.00 | **13.00** | 13.00 | 1.00 | 1.00 |",
		"| never | 0 | 0.00 | 0.00 | 0.00 | 0.00 | | |",
		"| after | 6 | 7 | 8 | 9 | 10 |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-rounds 0", "must be positive"},
		{"-window -1s", "must be positive"},
		{"-rate 0", "must be positive"},
		{"-timeouts 0", "must be positive"},
		{"-o ../x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
}
