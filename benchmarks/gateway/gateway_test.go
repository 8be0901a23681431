package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// TestRun has every server answer, a few times.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if err := run(t.Context(), strings.Fields("-rounds 1 -requests 64"), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestReport(t *testing.T) {
	round := func(wall, cpu time.Duration) Round {
		return Round{Requests: 1000, Wall: wall, CPU: cpu, Client: time.Millisecond, Median: 1500 * time.Nanosecond, P99: time.Millisecond}
	}
	r := newResults(t.Context(), parsed(t, "-requests 1000 -rounds 3 -seed 4 -o results/x.json"), nil)
	r.Series = []Series{
		{"bare", "POST /", []Round{round(time.Second, 10*time.Millisecond), round(time.Second, 10*time.Millisecond), round(time.Second/2, 10*time.Millisecond)}},
		{"Lambent", invoked, []Round{round(2*time.Second, 30*time.Millisecond), round(4*time.Second, 20*time.Millisecond), round(time.Second, 50*time.Millisecond)}},
	}
	r.Series = append(r.Series, Series{"Lambent", invokedReused, r.Series[1].Rounds})
	slow := round(time.Second, 40*time.Millisecond)
	slow.Requests = 500
	r.Series = append(r.Series, Series{peers[0].name, "POST /", []Round{slow, slow, slow}}, Series{peers[2].name, "POST /", r.Series[1].Rounds})
	r.LeftOut = []string{peers[3].name}
	var b strings.Builder
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"`go run ./gateway -o results/x.json -requests 1000 -rounds 3 -seed 4`",
		"| bare | POST / | 1000 (1000–2000) | 1.00 (1.00–1.00) | 10.0 (10.0–10.0) | 1.00 (1.00–1.00) | 1.5 | 1000 | 1.0 (1.0–1.0) |",
		"| Lambent | AWS's Invoke | 500 (250–1000) | 0.50 (0.25–0.50) | 30.0 (20.0–50.0) | 3.00 (2.00–5.00) | 1.5 | 1000 | 1.0 (1.0–1.0) |",
		"| CPU of an invocation ÷ of a bare hello | ≤ 1.6 | 3.00 (2.00–5.00) | **missed** |",
		"| requests/s, pristine ÷ reuse | ≥ 0.95 | 1.00 (1.00–1.00) | met |",
		"| wasmtime-go, new instance | POST / | 500 (500–500) |",
		"| CPU of wasmtime-go, new instance ÷ of an invocation | ≥ 2.5 | 2.67 (1.60–4.00) | met |",
		"| CPU of Extism, new instance ÷ of an invocation | ≥ 10 | 1.00 (1.00–1.00) | **missed** |",
		"Not to be had on this machine: workerd, new WebAssembly.Instance.",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if folder, err := os.Getwd(); err != nil || strings.Contains(string(text)+b.String(), folder) {
		t.Errorf("this machine is named in %s\n%s", text, b.String())
	}
}

// parsed returns the options of a command line that is right.
func parsed(t *testing.T, args string) options {
	t.Helper()
	o, err := parse(strings.Fields(args))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-rounds 0", "must be positive"},
		{"-requests -1", "must be positive"},
		{"-o ../x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
}
