package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	r.bars(&b)
	if len(r.Programs) > 0 {
		r.ratios(&b)
		r.times(&b)
	}
	if len(r.Handlers) > 0 {
		r.events(&b)
	}
	if len(r.Calls) > 0 {
		r.calls(&b)
	}
	if len(r.Starts) > 0 {
		r.starts(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// ratios writes what contenders take, by the first.
func (r *Results) ratios(b *strings.Builder) {
	fmt.Fprintf(b, "**Programs**: processor time of the thread, × %s, median of the rounds (p25–p75)\n\n| program |", nativeO2)
	contenders := r.Programs[0].Series
	for _, s := range contenders[1:] {
		fmt.Fprintf(b, " %s |", s.Contender)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(contenders)-1) + "\n")
	for _, p := range r.Programs {
		fmt.Fprintf(b, "| %s |", p.Name)
		for i := range contenders[1:] {
			x := compute.RatioOf(&p.Series[i+1], &p.Series[0], compute.CPU)
			fmt.Fprintf(b, " %.2f (%.2f–%.2f) |", x.Median, x.P25, x.P75)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// times writes what native code and Lambent's engines take.
func (r *Results) times(b *strings.Builder) {
	b.WriteString("| program | | processor time, median ms | p99 ms | wall time, median ms | p99 ms | fuel per µs |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, p := range r.Programs {
		for _, s := range p.Series {
			if !strings.HasPrefix(s.Contender, "native") && !strings.HasPrefix(s.Contender, "Lambent") {
				continue
			}
			cpu, wall := s.Times(compute.CPU), s.Times(compute.Wall)
			fuel := ""
			if used := s.Samples[0].Fuel; used > 0 {
				fuel = fmt.Sprintf("%.0f", float64(used)/float64(record.Median(cpu).Nanoseconds())*1000)
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", p.Name, s.Contender,
				millis(record.Median(cpu)), millis(record.Quantile(cpu, 0.99)), millis(record.Median(wall)), millis(record.Quantile(wall, 0.99)), fuel)
		}
	}
	b.WriteString("\n")
}

func (r *Results) events(b *strings.Builder) {
	b.WriteString("**Handlers**, through the whole sandbox; × reuse is within a round, median of the rounds (lowest–highest)\n\n")
	b.WriteString("| handler | engine | an event finds | median µs | p99 µs | × reuse | processor time, µs |\n|---|---|---|--:|--:|--:|--:|\n")
	for i := range r.Handlers {
		e := &r.Handlers[i]
		x := e.by(r.find(e.Handler, e.Engine, reused))
		fmt.Fprintf(b, "| %s | %s | %s | %.2f | %.2f | %.2f (%.2f–%.2f) | %.2f |\n", e.Handler, e.Engine, e.Mode,
			micros(median(e.Rounds, func(r Round) time.Duration { return r.Median })), micros(median(e.Rounds, func(r Round) time.Duration { return r.P99 })),
			record.Median(x), record.Quantile(x, 0), record.Quantile(x, 1),
			micros(median(e.Rounds, func(r Round) time.Duration { return r.CPU / time.Duration(r.Events) })))
	}
	b.WriteString("\n")
}

func median(rounds []Round, of func(Round) time.Duration) time.Duration {
	var all []time.Duration
	for _, r := range rounds {
		all = append(all, of(r))
	}
	return record.Median(all)
}

// find returns what a handler did, nil if it did nothing.
func (r *Results) find(handler, engine, mode string) *Events {
	for i := range r.Handlers {
		if e := &r.Handlers[i]; e.Handler == handler && e.Engine == engine && e.Mode == mode {
			return e
		}
	}
	return nil
}

// by divides median latencies within rounds.
func (e *Events) by(base *Events) []float64 {
	var all []float64
	for i, r := range e.Rounds {
		all = append(all, float64(r.Median)/float64(base.Rounds[i].Median))
	}
	return all
}

func (r *Results) calls(b *strings.Builder) {
	b.WriteString("**Calls**, ns each, of batches\n\n| | engine | processor time, median | p99 | wall time, median | p99 |\n|---|---|--:|--:|--:|--:|\n")
	for _, c := range r.Calls {
		var cpu, wall []float64
		for _, batch := range c.Batches {
			cpu = append(cpu, float64(batch.CPU)/float64(batch.Calls))
			wall = append(wall, float64(batch.Wall)/float64(batch.Calls))
		}
		fmt.Fprintf(b, "| %s | %s | %.0f | %.0f | %.0f | %.0f |\n", c.What, c.Engine,
			record.Median(cpu), record.Quantile(cpu, 0.99), record.Median(wall), record.Quantile(wall, 0.99))
	}
	b.WriteString("\n")
}

func (r *Results) starts(b *strings.Builder) {
	b.WriteString("**Starts** of `lambent serve`, ms\n\n| engine | module, MB | until it answers, median | p99 | first call, median | p99 | second call, median | p99 |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range r.Starts {
		fmt.Fprintf(b, "| %s | %.1f |", s.Engine, float64(s.Size)/1e6)
		for _, all := range [][]time.Duration{s.Start, s.First, s.Second} {
			fmt.Fprintf(b, " %s | %s |", millis(record.Median(all)), millis(record.Quantile(all, 0.99)))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
