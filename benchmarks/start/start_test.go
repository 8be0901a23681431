package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// TestRun starts every server once.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if err := run(t.Context(), strings.Fields("-starts 1"), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

// TestFunctionsAreMissed: a Lambent without the functions is not taken for one
// that has them.
func TestFunctionsAreMissed(t *testing.T) {
	t.Chdir("..")
	programs, _, err := server.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	lanes := lanesOf(programs, t.TempDir())
	lanes[0].full = true
	if err := lanes[0].start(t.Context(), 7); err == nil || !strings.Contains(err.Error(), "function-00007") {
		t.Errorf("without functions: %v", err)
	}
}

func TestReport(t *testing.T) {
	o, err := parse(strings.Fields("-starts 4 -seed 2"))
	if err != nil {
		t.Fatal(err)
	}
	r := newResults(t.Context(), o, nil)
	r.Series = []Series{{"Lambent", []time.Duration{4e6, 1e6, 2e6, 3e6}}}
	var b strings.Builder
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"`go run ./start -seed 2 -starts 4`", "| Lambent | 4 | 2.0 | 4.0 | 1.0–4.0 |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-starts 0", "must be positive"},
		{"-o ../x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
}
