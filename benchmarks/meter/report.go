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
	r.table(&b, "Processor time of the thread", compute.CPU)
	r.table(&b, "Wall time", compute.Wall)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes the ratios of one measure.
func (r *Results) table(b *strings.Builder, title string, of compute.Measure) {
	fmt.Fprintf(b, "%s: × plain, median of the rounds (p25–p75)\n\n", title)
	contenders := r.Programs[0].Series
	b.WriteString("| program | plain ms | fuel per µs |")
	for _, s := range contenders[1:] {
		fmt.Fprintf(b, " %s |", s.Contender)
	}
	b.WriteString("\n|---|--:|--:|" + strings.Repeat("--:|", len(contenders)-1) + "\n")
	for i := range r.Programs {
		p := &r.Programs[i]
		base := record.Median(p.Series[0].Times(of))
		fmt.Fprintf(b, "| %s | %s | %.0f |", p.Name, millis(base), float64(p.Series[1].Samples[0].Fuel)/float64(base.Nanoseconds())*1000)
		for j := range p.Series[1:] {
			x := compute.RatioOf(&p.Series[j+1], &p.Series[0], of)
			fmt.Fprintf(b, " %.2f (%.2f–%.2f) |", x.Median, x.P25, x.P75)
		}
		b.WriteString("\n")
	}
	means, fastest, worst := "| geometric mean | | |", "| – of the fastest rounds | | |", "| worst | | |"
	for i := range contenders[1:] {
		s := summarize(r.Programs, i+1, of)
		means += fmt.Sprintf(" **%.2f** |", s.mean)
		fastest += fmt.Sprintf(" %.2f |", s.fastest)
		worst += fmt.Sprintf(" %.2f, %s |", s.worst, s.where)
	}
	b.WriteString(means + "\n" + fastest + "\n" + worst + "\n\n")
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}
