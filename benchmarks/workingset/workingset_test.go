package main

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// TestRun runs it with a few functions for fewer slots.
func TestRun(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if err := run(t.Context(), strings.Fields("-functions 12 -codes 4 -go 1 -slots 3 -rounds 1 -requests 60 -connections 2 -rate 500"), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

// TestMissesAreSeen asks each function twice, one after the other, and then all of
// them again: the first time it has to be loaded, the second not.
func TestMissesAreSeen(t *testing.T) {
	t.Chdir("..")
	dir := t.TempDir()
	programs, _, err := server.Build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	o, err := parse(strings.Fields("-functions 10 -codes 3 -go 1 -slots 4"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := fleet.New(t.Context(), o.size, dir)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{options: o, fleet: f, program: programs.Lambent, data: dir + "/data", loads: newLoads(dir+"/data", 10), random: rand.New(rand.NewPCG(1, 1))}
	if err := b.serve(t.Context(), b.deploy); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(dir + "/data/hot.json"); err != nil { // else some are loaded before they are asked
		t.Fatal(err)
	}
	s, err := b.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	var all []arrival
	for i := range 40 {
		all = append(all, arrival{function: i / 2 % 10})
	}
	l, err := newAsker(s, o.size, b.loads).loop(t.Context(), all, false, 1)
	if err != nil {
		t.Fatal(err)
	}
	hits, misses := len(l.Hits.all()), len(l.Misses.all())
	if hits != 20 || misses != 20 || l.Failed != 0 {
		t.Errorf("%d hits and %d misses were seen, want 20 of each; %d failed (%s)", hits, misses, l.Failed, l.Failure)
	}
	if ideal := (&lru{slots: 4}).misses(all); ideal != 20 {
		t.Errorf("an ideal table misses %d", ideal)
	}
}

func TestZipf(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, exponent := range []float64{0, 0.8, 1.1, 10} {
		const n = 100_000
		p := zipf(50, exponent, random)
		of := make([]int, 50)
		for range n {
			of[p.draw(random)]++
		}
		for rank, function := range p.order {
			share := math.Pow(float64(rank+1), -exponent) / p.sums[49]
			if got := float64(of[function]); math.Abs(got-share*n) > 5*math.Sqrt(share*n)+5 {
				t.Errorf("exponent %v: place %d has %v of %d events, want %v", exponent, rank, got, n, share*n)
			}
		}
	}
}

func TestArrivals(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 3))
	all := zipf(5, 1, random).arrivals(10_000, 100, random)
	for i := range all[1:] {
		if all[i+1].due < all[i].due {
			t.Fatalf("arrival %d is due before the one before it", i+1)
		}
	}
	if end := all[len(all)-1].due; end < 95*time.Second || end > 105*time.Second {
		t.Errorf("10,000 arrivals at 100/s take %v", end)
	}
}

func TestLRU(t *testing.T) {
	l := &lru{slots: 2}
	for _, test := range []struct {
		functions []int
		want      int
	}{{[]int{1, 2, 1, 3, 2}, 4}, {[]int{2, 3}, 0}, {[]int{1, 3, 2}, 2}} {
		var all []arrival
		for _, f := range test.functions {
			all = append(all, arrival{function: f})
		}
		if got := l.misses(all); got != test.want {
			t.Errorf("%v: %d misses, want %d", test.functions, got, test.want)
		}
	}
}

func TestReport(t *testing.T) {
	const ms = time.Millisecond
	r := &Results{Size: fleet.Evenly(2000, 100, 20), Slots: 64, Exponent: 1.1, Connections: 8, Rate: 200}
	var closed, open Loop
	for i, took := range []time.Duration{1 * ms, 2 * ms, 3 * ms, 4 * ms} {
		closed.add(call{took: took, missed: i == 3}, i == 3)
		open.add(call{took: 10 * took}, false)
	}
	open.add(call{took: ms, missed: true, err: errors.New("no answer")}, true)
	open.Open, open.Ideal = true, 1
	closed.Wall, open.Wall, closed.CPU = time.Second, 2*time.Second, 8*ms
	closed.Peak, open.After = server.Memory{Resident: 500 << 20, Shared: 7 << 20}, server.Memory{Resident: 300 << 20}
	r.Loops = []Loop{closed, open}
	var b strings.Builder
	if err := r.Report(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2000 functions of 100 codes, of them 400 of 20 codes of Go's",
		"| closed loop, 8 connections | 4 (4–4) | 0.250 (0.250–0.250) | 0.000 (0.000–0.000) | 0 | 2000 (2000–2000) | 500 | 7 | 0 | 0 |",
		"| open loop, 200/s | 2 (2–2) | 0.000 (0.000–0.000) | 0.200 (0.200–0.200) | 1 | 0 (0–0) | 0 | 0 | 300 | 0 |",
		"| closed loop, 8 connections: all | 4 | 2.00 | 4.00 | 4.00 | 4.00 |",
		"| closed loop, 8 connections: misses, Go | 1 | 4.00 | 4.00 | 4.00 | 4.00 |",
		"| open loop, 200/s: hits, C | 4 | 20.00 | 40.00 | 40.00 | 40.00 |",
		`| requests that were not answered right | 0 | 1 | **missed**, the first "no answer" |`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "open loop, 200/s: misses") {
		t.Errorf("misses that were none:\n%s", b.String())
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-go 0", "must be positive"},
		{"-slots 0", "must be positive"},
		{"-rounds 0", "must be positive"},
		{"-exponent -1", "at most 10"},
		{"-exponent NaN", "at most 10"},
		{"-rate 0", "positive and at most a million"},
		{"-o ../x.json", "below this folder"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
}
