package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// What the figures should be.
const (
	mostGC    = 20 * time.Millisecond // for 99 of 100 collections
	mostRatio = 1.2                   // of a neighbour's latency to the control's
	mostLate  = 10 * time.Millisecond // beyond the control, for 999 of 1,000 timeouts
)

// Results is the file of a run. Durations are nanoseconds.
type Results struct {
	record.Run

	Window   time.Duration
	Rate     int // events per second
	Pairs    []Pair
	Timeouts Timeouts
}

// Pair is a guest that the neighbour was measured beside, and what that is
// compared with. Round i of both came right after each other.
type Pair struct {
	Name, Control    string
	Guests, Controls []Round
}

// Round is one measurement beside a guest or a control.
type Round struct {
	Events        int // of the neighbour that were measured
	P50, P90, P99 time.Duration
	GCs           []time.Duration
}

// Timeouts is the part about guests that run out of time.
type Timeouts struct {
	Timer, Native Lateness // controls
	Shapes        []Lateness
	Before, After Holding
}

// Lateness is how late the invocations of one shape were answered, and how late
// their guests were stopped; of a control only the former.
type Lateness struct {
	Name          string
	Late, Stopped []time.Duration
}

func newResults(ctx context.Context, o options, versions map[string]string) *Results {
	return &Results{Run: record.Begin(ctx, o.Command(), o.Seed, versions), Window: o.window, Rate: o.rate}
}

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	r.reportNeighbours(&b)
	r.Timeouts.report(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Results) reportNeighbours(b *strings.Builder) {
	b.WriteString("| beside | median ms | × control | p90 ms | × control | `runtime.GC()` median ms | p99 ms | max ms | control: median ms | p99 ms | max ms |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	p50 := func(r *Round) time.Duration { return r.P50 }
	p90 := func(r *Round) time.Duration { return r.P90 }
	for i := range r.Pairs {
		p := &r.Pairs[i]
		gcs, control := collections(p.Guests), collections(p.Controls)
		p99 := record.Quantile(gcs, 0.99)
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", p.Name,
			millis(median(p.Guests, p50)), p.ratio(p50), millis(median(p.Guests, p90)), p.ratio(p90),
			millis(record.Median(gcs)), marked(millis(p99), p99 >= mostGC), millis(maximum(gcs)),
			millis(record.Median(control)), millis(record.Quantile(control, 0.99)), millis(maximum(control)))
	}
}

// collections returns those of all rounds.
func collections(rounds []Round) (gcs []time.Duration) {
	for i := range rounds {
		gcs = append(gcs, rounds[i].GCs...)
	}
	return gcs
}

// median is that of the rounds.
func median(rounds []Round, value func(*Round) time.Duration) time.Duration {
	var values []time.Duration
	for i := range rounds {
		values = append(values, value(&rounds[i]))
	}
	return record.Median(values)
}

// ratio compares a guest with its control, round by round: the median of the
// rounds, and between what most of them lie.
func (p *Pair) ratio(value func(*Round) time.Duration) string {
	var ratios []float64
	for i := range p.Guests {
		ratios = append(ratios, float64(value(&p.Guests[i]))/float64(value(&p.Controls[i])))
	}
	median := record.Median(ratios)
	return marked(fmt.Sprintf("%.2f (%.2f–%.2f)", median, record.Quantile(ratios, 0.25), record.Quantile(ratios, 0.75)), median > mostRatio)
}

func (t *Timeouts) report(b *strings.Builder) {
	b.WriteString("\n| guest | timeouts | answered, median ms late | p99 ms | p99.9 ms | max ms | stopped, median ms late | p99.9 ms |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	control := record.Quantile(t.Timer.Late, 0.999)
	var all Lateness
	all.Name = "**all guests**"
	for _, s := range t.Shapes {
		all.Late, all.Stopped = append(all.Late, s.Late...), append(all.Stopped, s.Stopped...)
	}
	for _, l := range append([]Lateness{t.Timer, t.Native, all}, t.Shapes...) {
		p999 := record.Quantile(l.Late, 0.999)
		fmt.Fprintf(b, "| %s | %d | %s | %s | %s | %s |", l.Name, len(l.Late), millis(record.Median(l.Late)),
			millis(record.Quantile(l.Late, 0.99)), marked(millis(p999), p999 > control+mostLate), millis(maximum(l.Late)))
		if len(l.Stopped) > 0 {
			fmt.Fprintf(b, " %s | %s |\n", millis(record.Median(l.Stopped)), millis(record.Quantile(l.Stopped, 0.999)))
		} else {
			b.WriteString(" | |\n")
		}
	}
	b.WriteString("\n| | goroutines | descriptors | code KiB | memories KiB | resident KiB |\n|---|--:|--:|--:|--:|--:|\n")
	for _, h := range []struct {
		when string
		Holding
	}{{"before", t.Before}, {"after", t.After}} {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", h.when, h.Goroutines, h.Descriptors, h.Code, h.Memories, h.Resident)
	}
}

// marked makes bold what is not as it should be.
func marked(figure string, missed bool) string {
	if missed {
		return "**" + figure + "**"
	}
	return figure
}

// maximum is the largest of values, 0 of none.
func maximum(values []time.Duration) time.Duration { return record.Quantile(values, 1) }

func millis(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}
