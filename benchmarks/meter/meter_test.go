package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRun has every contender do a little of every program.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	o := parsed(t, "-rounds 2 -slices 1000")
	o.small = true
	if err := run(t.Context(), o); err != nil {
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

// sieve is a field of one program, without Go's long compilation.
func sieve(t *testing.T, slices ...int64) *field {
	t.Helper()
	t.Chdir("..")
	p := program{name: "sieve", amount: 1, small: 1, native: nativeSieve}
	if err := p.read("c/sieve.wasm"); err != nil {
		t.Fatal(err)
	}
	f, err := open(t.Context(), []program{p}, slices)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// TestFuel: what is called metered is, whatever the slice, and what is called
// plain is not.
func TestFuel(t *testing.T) {
	f := sieve(t, 1, 1000)
	if err := f.measure(t.Context(), parsed(t, "-rounds 1")); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true, true, false, true} {
		s := f.lanes[0][i].series
		if metered := s.Samples[0].Fuel > 200_000; metered != want {
			t.Errorf("%s used %d units", s.Contender, s.Samples[0].Fuel)
		}
	}
}

// TestWrongAnswer: a program that computes something else is not measured.
func TestWrongAnswer(t *testing.T) {
	f := sieve(t, 1000)
	for _, l := range f.lanes[0] {
		if _, err := l.run(t.Context(), 1, nativeSieve(1)+1); err == nil || !strings.Contains(err.Error(), "checksum") {
			t.Errorf("%s: %v", l.series.Contender, err)
		}
	}
}

// TestStops: all but the plain program stop when their context is done, which
// is what they are slower for.
func TestStops(t *testing.T) {
	f := sieve(t, 1000)
	for i, stops := range []bool{false, true, true, true} {
		l := f.lanes[0][i]
		in, err := l.contender.instantiate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := in.call(ctx, "run", []uint64{1}); err != nil != stops {
			t.Errorf("%s: %v", l.series.Contender, err)
		}
		if err := in.close(); err != nil {
			t.Error(err)
		}
	}
}

// TestDisagreement: counts of fuel that differ are reported.
func TestDisagreement(t *testing.T) {
	lanes := func(counts ...[]int64) *field {
		f := &field{lanes: [][]*lane{nil}}
		for i, contender := range []string{plain, metered(7), metered(8), lambentEngine} {
			l := &lane{program: &program{name: "p"}, series: Series{Contender: contender}}
			for _, fuel := range counts[i] {
				l.series.Samples = append(l.series.Samples, Sample{Fuel: fuel})
			}
			f.lanes[0] = append(f.lanes[0], l)
		}
		return f
	}
	none := []int64{0, 0}
	if err := lanes(none, []int64{5, 5}, []int64{5, 5}, []int64{9, 9}).agree(); err != nil {
		t.Error(err)
	}
	if err := lanes(none, []int64{5, 5}, []int64{5, 6}, []int64{9, 9}).agree(); err == nil {
		t.Error("two rounds may differ")
	}
	if err := lanes(none, []int64{5, 5}, []int64{6, 6}, []int64{9, 9}).agree(); err == nil {
		t.Error("two slices may differ")
	}
}

func TestReport(t *testing.T) {
	samples := func(ms ...time.Duration) (all []Sample) {
		for _, m := range ms {
			all = append(all, Sample{CPU: m * time.Millisecond, Wall: 2 * m * time.Millisecond, Fuel: 20_000_000})
		}
		return all
	}
	r := newResults(t.Context(), parsed(t, "-rounds 4 -slices 7,8 -seed 3 -o results/x.json"))
	r.Programs = []Program{
		{Name: "p", Bytes: 2048, Series: []Series{{plain, 2e6, samples(10, 20, 10, 10)}, {metered(7), 3e6, samples(11, 30, 12, 13)}}},
		{Name: "q", Series: []Series{{plain, 0, samples(1, 1, 1, 1)}, {metered(7), 0, samples(4, 4, 4, 4)}}},
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
