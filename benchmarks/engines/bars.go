package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// bar is a figure that Lambent wants to reach on wasmtime.
type bar struct {
	what   string
	most   float64
	unit   string
	values []float64 // by round; the median counts
}

// barsOf returns those of what was measured.
func (r *Results) barsOf() []bar {
	const on = "wasmtime"
	var all []bar
	for _, p := range r.Programs {
		if !slices.Contains([]string{"sha256", "nbody", "matmul", "json"}, p.Name) {
			continue
		}
		for _, s := range p.Series {
			if s.Contender != onEngine(on) {
				continue
			}
			x := bar{p.Name + ", " + s.Contender + " ÷ " + nativeO2, 1.6, "", nil}
			for round, sample := range s.Samples {
				x.values = append(x.values, float64(sample.CPU)/float64(p.Series[0].Samples[round].CPU))
			}
			all = append(all, x)
		}
	}
	if c := r.find("C", on, pristine); c != nil {
		all = append(all, bar{"C handler, " + pristine, 2, " µs", c.medians()})
	}
	if g := r.find("Go", on, warmed); g != nil {
		all = append(all,
			bar{"Go handler, " + warmed + " ÷ " + reused, 1.3, "", g.by(r.find("Go", on, reused))},
			bar{"Go handler, " + warmed, 45, " µs", g.medians()})
	}
	for _, s := range r.Starts {
		if s.Engine == on {
			all = append(all, bar{"first call after the start, Go", 20, " ms", inUnits(s.First, time.Millisecond)})
		}
	}
	return all
}

func (e *Events) medians() []float64 {
	var all []time.Duration
	for _, r := range e.Rounds {
		all = append(all, r.Median)
	}
	return inUnits(all, time.Microsecond)
}

func inUnits(times []time.Duration, unit time.Duration) []float64 {
	var all []float64
	for _, t := range times {
		all = append(all, float64(t)/float64(unit))
	}
	return all
}

// bars writes what was reached.
func (r *Results) bars(b *strings.Builder) {
	b.WriteString("| on wasmtime | bar | median of the rounds (lowest–highest) | |\n|---|--:|--:|---|\n")
	for _, x := range r.barsOf() {
		value := record.Median(x.values)
		fmt.Fprintf(b, "| %s | ≤ %g%s | %.2f (%.2f–%.2f)%s | %s |\n", x.what, x.most, x.unit, value,
			record.Quantile(x.values, 0), record.Quantile(x.values, 1), x.unit, record.Bar{Most: x.most}.Verdict(value))
	}
	b.WriteString("\n")
}
