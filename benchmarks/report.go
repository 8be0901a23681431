package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	r.barTable(&b)
	for i := range r.Series {
		s := &r.Series[i]
		if i == 0 || s.Handler != r.Series[i-1].Handler {
			for _, n := range concurrencies {
				r.table(&b, s.Handler, n)
			}
		}
	}
	r.pageTable(&b)
	r.phaseTable(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes one handler's results with n goroutines.
func (r *Results) table(b *strings.Builder, handler string, n int) {
	fmt.Fprintf(b, "%s handler, %d at a time\n\n", handler, n)
	b.WriteString("| contender | median µs | p99 µs | × Lambent (lowest–highest round) | CPU µs/event | events/s | Go heap KiB/event | allocations/event | load ms |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	base := slices.IndexFunc(r.Series, func(s Series) bool { return s.Handler == handler && s.Concurrency == n })
	for i := range r.Series {
		s := &r.Series[i]
		if s.Handler != handler || s.Concurrency != n {
			continue
		}
		all, ratios := s.pooled(), s.ratios(&r.Series[base])
		bytes, objects := s.heap()
		fmt.Fprintf(b, "| %s | %s | %s | %.2f (%.2f–%.2f) | %s | %.0f | %.1f | %.0f | %.1f |\n",
			s.Contender, record.Micros(record.Median(all)), record.Micros(record.Quantile(all, 0.99)),
			record.Median(ratios), slices.Min(ratios), slices.Max(ratios),
			record.Micros(s.cpu()), s.rate(), bytes/1024, objects, float64(s.Load)/float64(time.Millisecond))
	}
	b.WriteString("\n")
}

// phaseTable writes where Lambent's time goes.
func (r *Results) phaseTable(b *strings.Builder) {
	b.WriteString("Phases of Lambent, median µs\n\n| |")
	for _, p := range r.Phases {
		fmt.Fprintf(b, " %s |", p.Handler)
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(r.Phases)) + "\n")
	row := func(name string, cell func(*Phases) string) {
		fmt.Fprintf(b, "| %s |", name)
		for i := range r.Phases {
			fmt.Fprintf(b, " %s |", cell(&r.Phases[i]))
		}
		b.WriteString("\n")
	}
	times := func(name string, values func(*Phases) []time.Duration) {
		row(name, func(p *Phases) string { return record.Micros(record.Median(values(p))) })
	}
	row("module, KiB", func(p *Phases) string { return fmt.Sprintf("%.1f", float64(p.ModuleSize)/1024) })
	times("`engine.Check`", func(p *Phases) []time.Duration { return p.Check })
	times("`Engine.Compile`, nothing cached", func(p *Phases) []time.Duration { return p.Compile })
	times("`Engine.Compile`, code in the cache", func(p *Phases) []time.Duration { return p.Load })
	times("`sandbox.New`, nothing cached", func(p *Phases) []time.Duration { return p.New })
	times("`sandbox.New`, code in the cache", func(p *Phases) []time.Duration { return p.NewLoad })
	times("`Engine.Load`", func(p *Phases) []time.Duration { return p.LoadCode })
	times("`sandbox.Open`, code in the cache and the image kept", func(p *Phases) []time.Duration { return p.Open })
	times("– the first `Sandbox.Run` after it", func(p *Phases) []time.Duration { return p.First })
	times("`Sandbox.Run`", func(p *Phases) []time.Duration { return p.Run })
	times("– of it instantiating and initialising, `Usage.Init`", func(p *Phases) []time.Duration { return p.Init })
	times("– of it the handler, `Usage.Duration`", func(p *Phases) []time.Duration { return p.Handle })
	times("– the rest", (*Phases).rest)
	row("`Usage.MemoryPeak`, KiB", func(p *Phases) string { return fmt.Sprintf("%.0f", float64(p.MemoryPeak)/1024) })
}

// rest returns what Run takes beside the guest.
func (p *Phases) rest() []time.Duration {
	rest := make([]time.Duration, len(p.Run))
	for i := range rest {
		rest[i] = p.Run[i] - p.Init[i] - p.Handle[i]
	}
	return rest
}
