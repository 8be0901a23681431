package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// bar is a figure that Lambent wants to reach, and how it is taken from one
// round; where rounds are compared, the median of the rounds counts.
type bar struct {
	what  string
	most  float64 // or 0
	least float64 // or 0
	unit  string
	round func(r *Results, i int) (float64, bool) // false: it was not measured
}

// bars are those of a sandbox.
func bars() []bar {
	return []bar{
		{"C: whole path of an event, median", 3, 0, " µs", latency("C", pristine)},
		{"C: wasmtime with its pooling allocator, a new instance, ÷ Lambent", 0, 4, "", ratio("C", pooled, pristine)},
		{"Go: with a warm-up event ÷ mode reuse", 1.2, 0, "", ratio("Go", warmed, reused)},
		{"Go: without a warm-up event ÷ mode reuse", 1.2, 0, "", ratio("Go", pristine, reused)},
		{"Go: with a warm-up event, median", 130, 0, " µs", latency("Go", warmed)},
		{"Go: without a warm-up event, median", 130, 0, " µs", latency("Go", pristine)},
		{"JavaScript: whole path of an event, median", 300, 0, " µs", latency("JavaScript", pristine)},
		{"C: events for the same processor time, pristine ÷ reuse", 0, 0.95, "", efficiency("C", pristine, 1, reused, 1, 1)},
		{"Go: events for the same processor time, with a warm-up event ÷ reuse", 0, 0.95, "", efficiency("Go", warmed, 1, reused, 1, 1)},
		{"C: events/s, 2 at a time ÷ 1 at a time", 0, 1.6, "", rates("C", pristine, 2, pristine, 1)},
		{"Go: events/s, with a warm-up event, 2 at a time ÷ 1 at a time", 0, 1.6, "", rates("Go", warmed, 2, warmed, 1)},
		{"C: the same by processor time, were both processors free", 0, 1.6, "", efficiency("C", pristine, 2, pristine, 1, 2)},
		{"Go: the same by processor time, were both processors free", 0, 1.6, "", efficiency("Go", warmed, 2, warmed, 1, 2)},
	}
}

// find returns a round of a series.
func (r *Results) find(handler, contender string, concurrency, i int) *Round {
	for k := range r.Series {
		s := &r.Series[k]
		if s.Handler == handler && s.Contender == contender && s.Concurrency == concurrency && i < len(s.Rounds) {
			return &s.Rounds[i]
		}
	}
	return nil
}

func latency(handler, contender string) func(*Results, int) (float64, bool) {
	return func(r *Results, i int) (float64, bool) {
		round := r.find(handler, contender, 1, i)
		if round == nil {
			return 0, false
		}
		return float64(record.Median(round.Latencies)) / float64(time.Microsecond), true
	}
}

// ratio divides median latencies, one event at a time.
func ratio(handler, over, under string) func(*Results, int) (float64, bool) {
	over1, under1 := latency(handler, over), latency(handler, under)
	return func(r *Results, i int) (float64, bool) {
		a, ok := over1(r, i)
		b, too := under1(r, i)
		return a / b, ok && too
	}
}

// rates divides events per second.
func rates(handler, over string, overAtOnce int, under string, underAtOnce int) func(*Results, int) (float64, bool) {
	return func(r *Results, i int) (float64, bool) {
		a, b := r.find(handler, over, overAtOnce, i), r.find(handler, under, underAtOnce, i)
		if a == nil || b == nil {
			return 0, false
		}
		return a.rate() / b.rate(), true
	}
}

// efficiency divides events by processor time, which other programs on the
// machine do not take away, times the processors used.
func efficiency(handler, over string, overAtOnce int, under string, underAtOnce int, processors float64) func(*Results, int) (float64, bool) {
	return func(r *Results, i int) (float64, bool) {
		a, b := r.find(handler, over, overAtOnce, i), r.find(handler, under, underAtOnce, i)
		if a == nil || b == nil {
			return 0, false
		}
		return processors * float64(b.each()) / float64(a.each()), true
	}
}

// each is the processor time of one event.
func (r *Round) each() time.Duration { return r.CPU / time.Duration(r.Events) }

// rate is events per second.
func (r *Round) rate() float64 { return float64(r.Events) / r.Wall.Seconds() }

// barTable writes what was reached.
func (r *Results) barTable(b *strings.Builder) {
	b.WriteString("Bars\n\n| | bar | median of the rounds (lowest–highest) | |\n|---|--:|--:|---|\n")
	for _, bar := range bars() {
		var values []float64
		for i := 0; ; i++ {
			v, ok := bar.round(r, i)
			if !ok {
				break
			}
			values = append(values, v)
		}
		if len(values) == 0 {
			continue
		}
		median, want := record.Median(values), fmt.Sprintf("≤ %g%s", bar.most, bar.unit)
		if bar.least > 0 {
			want = fmt.Sprintf("≥ %g%s", bar.least, bar.unit)
		}
		met := record.Bar{Most: bar.most, Least: bar.least}.Verdict(median)
		fmt.Fprintf(b, "| %s | %s | %.2f (%.2f–%.2f)%s | %s |\n", bar.what, want, median, record.Quantile(values, 0), record.Quantile(values, 1), bar.unit, met)
	}
	b.WriteString("\n")
}
