package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/engine/wasmtime"
)

// parsed returns the options of a command line that is right.
func parsed(t *testing.T, args string) options {
	t.Helper()
	o, err := parse(strings.Fields(args))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestRun measures a little of everything, or says what that takes.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	o := parsed(t, "-rounds 2")
	o.small = true
	err := run(t.Context(), o, t.TempDir())
	if missing := wasmtime.Missing(); missing != nil {
		if err == nil || !strings.Contains(err.Error(), "go run -tags wasmtime ./engines") || !strings.Contains(err.Error(), missing.Error()) {
			t.Errorf("without wasmtime: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestReport(t *testing.T) {
	r := newResults(t.Context(), parsed(t, "-rounds 2 -seed 3 -only programs,starts"))
	of := func(contender string, fuel int64, ms ...time.Duration) compute.Series {
		s := compute.Series{Contender: contender}
		for _, m := range ms {
			s.Samples = append(s.Samples, compute.Sample{CPU: m * time.Millisecond, Wall: 2 * m * time.Millisecond, Fuel: fuel})
		}
		return s
	}
	r.Programs = []Program{{"sha256", 1, []compute.Series{of(nativeO2, 0, 10, 20), of(nativeO3, 0, 9, 18), of(onEngine("wasmtime"), 15e6, 15, 40)}}}
	rounds := func(us ...time.Duration) (all []Round) {
		for _, u := range us {
			all = append(all, Round{Events: 10, CPU: 20 * u * time.Microsecond, Median: u * time.Microsecond, P99: 3 * u * time.Microsecond})
		}
		return all
	}
	r.Handlers = []Events{{"Go", "wasmtime", warmed, rounds(40, 50)}, {"Go", "wasmtime", reused, rounds(32, 25)}}
	r.Calls = []Calls{{"wazero", callOut, []Batch{{100, 5000, 7000}}}}
	r.Starts = []Starts{{"wasmtime", 2_500_000, []time.Duration{3e6}, []time.Duration{21e6}, []time.Duration{1e6}}}
	var b bytes.Buffer
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"`go run -tags wasmtime ./engines -only programs,starts -rounds 2 -seed 3`",
		"| sha256, Lambent on wasmtime ÷ native, -O2 | ≤ 1.6 | 1.50 (1.50–2.00) | met |",
		"| first call after the start, Go | ≤ 20 ms | 21.00 (21.00–21.00) ms | **missed** |",
		"| Go handler, pristine, warm-up event ÷ reuse | ≤ 1.3 | 1.25 (1.25–2.00) | met |",
		"| sha256 | 0.90 (0.90–0.90) | 1.50 (1.50–2.00) |",
		"| sha256 | Lambent on wasmtime | 15.00 | 40.00 | 30.00 | 80.00 | 1000 |",
		"| Go | wasmtime | pristine, warm-up event | 40.00 | 120.00 | 1.25 (1.25–2.00) | 80.00 |",
		"| the guest calls its host | wazero | 50 | 50 | 70 | 70 |",
		"| wasmtime | 2.5 | 3.00 | 3.00 | 21.00 | 21.00 | 1.00 | 1.00 |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &b)
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-rounds 0", "must be positive"},
		{"-only calls,cakes", `"cakes", there are programs, handlers, calls, starts`},
		{"-o ../x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
}
