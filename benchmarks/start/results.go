package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// Results is the file of a run. Durations are nanoseconds.
type Results struct {
	record.Run

	Functions, GoFunctions int // that are deployed; Go's are among them
	Series                 []Series
}

// Series is the starts of one server.
type Series struct {
	Server string
	Starts []time.Duration // from just before the process is made until its first answer is there
}

func newResults(ctx context.Context, o options, versions map[string]string) *Results {
	return &Results{
		Run:         record.Begin(ctx, o.Command(), o.Seed, versions),
		Functions:   functions,
		GoFunctions: goFunctions,
	}
}

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	b.WriteString("| server | starts | median ms | p90 ms | lowest–highest ms |\n|---|--:|--:|--:|--:|\n")
	for i := range r.Series {
		s := &r.Series[i]
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s–%s |\n", s.Server, len(s.Starts),
			millis(record.Median(s.Starts)), millis(record.Quantile(s.Starts, 0.9)),
			millis(slices.Min(s.Starts)), millis(slices.Max(s.Starts)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}
