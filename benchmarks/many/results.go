package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// Results is the file of a run. Durations are nanoseconds.
type Results struct {
	record.Run

	fleet.Size
	GoModule, CModule int           // bytes
	Deploying         time.Duration // all of them, first answers included
	IdleFor           time.Duration

	Busy  server.Memory // just after
	Idle  server.Memory // after IdleFor
	After server.Memory // after Again

	Again    Calls           // of functions chosen at random, after IdleFor
	Restarts []time.Duration // from just before the process is made until its first answer is there
	First    Calls           // the first call after a restart, of Go functions chosen at random
}

// Calls is how long answers took.
type Calls struct{ Go, C []time.Duration }

func newResults(ctx context.Context, o options, f *fleet.Fleet, versions map[string]string) *Results {
	return &Results{
		Run:  record.Begin(ctx, o.Command(), o.Seed, versions),
		Size: f.Size, GoModule: len(f.Guests.Go), CModule: len(f.Guests.C), IdleFor: o.idle,
	}
}

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	fmt.Fprintf(&b, "%d functions of %d codes, of them %d of %d codes of Go's (%d bytes, C's %d), deployed and invoked in %v\n\n",
		r.Functions, r.Codes, r.GoFunctions, r.GoCodes, r.GoModule, r.CModule, r.Deploying.Round(time.Second))
	b.WriteString("| memory | resident MiB | of it shared MiB |\n|---|--:|--:|\n")
	for _, m := range []struct {
		when string
		server.Memory
	}{{"after the last", r.Busy}, {"idle for " + r.IdleFor.String(), r.Idle}, {"after others were invoked", r.After}} {
		fmt.Fprintf(&b, "| %s | %d | %d |\n", m.when, m.Resident>>20, m.Shared>>20)
	}
	b.WriteString("\n| | number | median ms | p99 ms | max ms |\n|---|--:|--:|--:|--:|\n")
	for _, s := range []struct {
		what string
		took []time.Duration
	}{
		{"invoked again", slices.Concat(r.Again.Go, r.Again.C)}, {"invoked again, Go", r.Again.Go}, {"invoked again, C", r.Again.C},
		{"restart", r.Restarts}, {"first call after it, Go", r.First.Go},
	} {
		if len(s.took) > 0 {
			fmt.Fprintf(&b, "| %s | %d | %s | %s | %s |\n", s.what, len(s.took), millis(record.Median(s.took)), millis(record.Quantile(s.took, 0.99)), millis(slices.Max(s.took)))
		}
	}
	b.WriteString("\n| | bar | | |\n|---|--:|--:|---|\n")
	for _, bar := range []struct {
		what, unit string
		most       float64
		value      float64
	}{
		{"idle, resident", "MiB", 1024, float64(r.Idle.Resident >> 20)},
		{"any of them again, p99", "ms", 100, inMillis(record.Quantile(slices.Concat(r.Again.Go, r.Again.C), 0.99))},
		{"restart, the longest", "ms", 2000, inMillis(record.Quantile(r.Restarts, 1))},
	} {
		fmt.Fprintf(&b, "| %s | ≤ %g %s | %.1f %s | %s |\n", bar.what, bar.most, bar.unit, bar.value, bar.unit, record.Bar{Most: bar.most}.Verdict(bar.value))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func inMillis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f", inMillis(d))
}
