package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
)

// TestRun has every contender do a little of every program.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	o := parsed(t, "-rounds 2 -slices 1000")
	o.small = true
	if err := run(t.Context(), o, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
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

// sieve is one program, without Go's long compilation.
func sieve(t *testing.T) []compute.Program {
	t.Helper()
	t.Chdir("..")
	p, err := compute.C("sieve")
	if err != nil {
		t.Fatal(err)
	}
	p[0].Shorten()
	return p
}

// TestFuel: what is called metered is, whatever the slice, and what is called
// plain is not.
func TestFuel(t *testing.T) {
	f, err := open(t.Context(), sieve(t), []int64{1, 1000})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Measure(t.Context(), 1, 1); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true, true, false, true} {
		s := f.Lanes[0][i].Series
		if metered := s.Samples[0].Fuel > 200_000; metered != want {
			t.Errorf("%s used %d units", s.Contender, s.Samples[0].Fuel)
		}
	}
}

// TestStops: all but the plain program stop when their context is done, which
// is what they are slower for.
func TestStops(t *testing.T) {
	all, err := entrants(t.Context(), []int64{1000})
	if err != nil {
		t.Fatal(err)
	}
	defer compute.CloseAll(all)
	p := &sieve(t)[0]
	for i, stops := range []bool{false, true, true, true} {
		c, err := all[i].Compile(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		in, err := c.Instantiate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := in.Call(ctx, "run", []uint64{1}); err != nil != stops {
			t.Errorf("%s: %v", all[i].Name, err)
		}
		if err := errors.Join(in.Close(), c.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestReport(t *testing.T) {
	of := func(contender string, ms ...time.Duration) compute.Series {
		s := compute.Series{Contender: contender}
		for _, m := range ms {
			s.Samples = append(s.Samples, compute.Sample{CPU: m * time.Millisecond, Wall: 2 * m * time.Millisecond, Fuel: 20_000_000})
		}
		return s
	}
	r := newResults(t.Context(), parsed(t, "-rounds 4 -slices 7,8 -seed 3 -o results/x.json"))
	r.Programs = []Program{
		{Name: "p", Bytes: 2048, Series: []compute.Series{of(plain, 10, 20, 10, 10), of(metered(7), 11, 30, 12, 13)}},
		{Name: "q", Series: []compute.Series{of(plain, 1, 1, 1, 1), of(metered(7), 4, 4, 4, 4)}},
	}
	var b bytes.Buffer
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"`go run ./meter -o results/x.json -rounds 4 -seed 3 -slices 7,8`",
		"| p | 10.0 | 2000 | 1.20 (1.10–1.30) |",
		"| p | 20.0 | 1000 | 1.20 (1.10–1.30) |",
		"| geometric mean | | | **2.19** |",
		"| – of the fastest rounds | | | 2.10 |",
		"| worst | | | 4.00, q |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &b)
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if folder, err := os.Getwd(); err != nil || strings.Contains(string(text)+b.String(), folder) {
		t.Errorf("this machine is named in %s\n%s", text, &b)
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-rounds 0", "must be positive"},
		{"-slices 0", "allowed are numbers of 1"},
		{"-slices 5,x", `"x"`},
		{"-slices 5,5", "twice"},
		{"-o ../x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
	o, err := parse(strings.Fields("-slices 5,6 -only fib,qsort"))
	if err != nil || !slices.Equal(o.slices, []int64{5, 6}) || !slices.Equal(o.only, []string{"fib", "qsort"}) {
		t.Errorf("%+v, %v", o, err)
	}
}
