package compute

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// product is an entrant of Lambent's first engine.
func product(t *testing.T) Entrant {
	t.Helper()
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return Product("product", eng)
}

// TestPrograms: what C programs compute is what Go computes, for little work and
// for much; fuel is counted.
func TestPrograms(t *testing.T) {
	t.Chdir("../..")
	programs, err := C("sha256", "nbody", "matmul", "json", "sieve", "fib", "qsort")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), programs, []Entrant{product(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Measure(t.Context(), 2, 1); err != nil {
		t.Fatal(err)
	}
	for i, p := range programs {
		samples := f.SeriesOf(i)[0].Samples
		if len(samples) != 2 || samples[0].Fuel < 1_000_000 {
			t.Errorf("%s: %+v", p.Name, samples)
		}
	}
}

// TestWrongAnswer: a program that computes something else is not measured.
func TestWrongAnswer(t *testing.T) {
	t.Chdir("../..")
	programs, err := C("sieve")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), programs, []Entrant{product(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Lanes[0][0].run(t.Context(), 1, nativeSieve(1)+1); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Error(err)
	}
}

func TestChoose(t *testing.T) {
	if _, err := C("sieve", "seive"); err == nil || !strings.Contains(err.Error(), `"seive", there are sha256, `) {
		t.Error(err)
	}
}

// TestDisagreement: counts of fuel that differ are reported.
func TestDisagreement(t *testing.T) {
	for _, test := range []struct {
		name    string
		calls   bool // the program calls the host
		counts  [4][2]int64
		problem string
	}{
		{"equal", false, [4][2]int64{{}, {5, 5}, {5, 5}, {5, 5}}, ""},
		{"two rounds", false, [4][2]int64{{}, {5, 6}, {5, 5}, {5, 5}}, "5 to 6"},
		{"two contenders", false, [4][2]int64{{}, {5, 5}, {6, 6}, {5, 5}}, "used 6 units of fuel, others 5"},
		{"a charge for nothing", false, [4][2]int64{{}, {5, 5}, {5, 5}, {9, 9}}, "used 9 units of fuel, others 5"},
		{"a charge", true, [4][2]int64{{}, {5, 5}, {5, 5}, {9, 9}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := Program{Name: "p", Binary: &engine.Binary{}}
			if test.calls {
				p.Binary.Imports = []engine.Import{{}}
			}
			f := &Field{Programs: []Program{p}, Lanes: [][]*Lane{nil}}
			for i, counts := range test.counts {
				l := &Lane{program: &p, charges: i == 3}
				for _, fuel := range counts {
					l.Series.Samples = append(l.Series.Samples, Sample{Fuel: fuel})
				}
				f.Lanes[0] = append(f.Lanes[0], l)
			}
			err := f.Agree()
			if (err != nil) != (test.problem != "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("%v, want %q", err, test.problem)
			}
		})
	}
}
