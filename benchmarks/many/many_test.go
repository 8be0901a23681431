package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
)

// TestRun runs it with a few functions, more than one of each code.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if err := run(t.Context(), strings.Fields("-functions 8 -codes 3 -go 1 -idle 0s -again 5 -restarts 1"), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestReport(t *testing.T) {
	r := Results{Size: fleet.Size{Functions: 10}, IdleFor: time.Minute, Again: Calls{Go: []time.Duration{2e6, 4e6}, C: []time.Duration{1e6}}, Restarts: []time.Duration{1e6, 3e9}}
	r.Idle.Resident = 512 << 20
	var b strings.Builder
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| idle for 1m0s | 512 | 0 |", "| invoked again | 3 | 2.0 | 4.0 | 4.0 |", "| invoked again, C | 1 | 1.0 | 1.0 | 1.0 |",
		"| idle, resident | ≤ 1024 MiB | 512.0 MiB | met |", "| any of them again, p99 | ≤ 100 ms | 4.0 ms | met |", "| restart, the longest | ≤ 2000 ms | 3000.0 ms | **missed** |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-go 0", "must be positive"},
		{"-codes 20", "more than those of Go"},
		{"-functions 3", "as many as codes"},
		{"-gofunctions 10", "need one each"},
		{"-restarts 0", "must be positive"},
		{"-o ../x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
}
