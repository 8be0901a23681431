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

	Event, Answer string
	Connections   int
	Requests      int      // of each Round
	Series        []Series // the first is the bare server's
}

// Series is what one server did with one kind of request.
type Series struct {
	Server string
	Asked  string
	Rounds []Round
}

// Round is one measurement of it, all requests together.
type Round struct {
	Wall   time.Duration
	CPU    time.Duration // processor time of the server's process
	Client time.Duration // and of the client's
	Median time.Duration // of how long a request took
	P99    time.Duration
}

func newResults(ctx context.Context, o options, versions map[string]string) *Results {
	return &Results{
		Run:         record.Begin(ctx, o.command(), o.seed, versions),
		Event:       event,
		Answer:      answer,
		Connections: connections,
		Requests:    o.requests,
	}
}

// report writes the results as Markdown.
func (r *Results) report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	b.WriteString("| server | request | requests/s | × bare | CPU µs/request | × bare | median µs | p99 µs | client's CPU µs/request |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	bare := &r.Series[0]
	for i := range r.Series {
		s := &r.Series[i]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", s.Server, s.Asked,
			spread("%.0f", s.each(r.rate)), spread("%.2f", ratios(s.each(r.rate), bare.each(r.rate))),
			spread("%.1f", s.each(r.cpu)), spread("%.2f", ratios(s.each(r.cpu), bare.each(r.cpu))),
			record.Micros(record.Median(column(s.Rounds, func(r *Round) time.Duration { return r.Median }))),
			record.Micros(record.Median(column(s.Rounds, func(r *Round) time.Duration { return r.P99 }))),
			spread("%.1f", s.each(func(round *Round) float64 { return micros(round.Client) / float64(r.Requests) })))
	}
	r.bars(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// bars writes what Lambent wants to reach, and does.
func (r *Results) bars(b *strings.Builder) {
	bare, pristine, reused := &r.Series[0], r.find(invoked), r.find(invokedReused)
	if pristine == nil || reused == nil {
		return
	}
	b.WriteString("\n| | bar | median of the rounds (lowest–highest) | |\n|---|--:|--:|---|\n")
	line := func(what string, bar float64, most bool, values []float64) {
		sign, met := "≥", "met"
		if most {
			sign = "≤"
		}
		if median := record.Median(values); most && median > bar || !most && median < bar {
			met = "**missed**"
		}
		fmt.Fprintf(b, "| %s | %s %g | %s | %s |\n", what, sign, bar, spread("%.2f", values), met)
	}
	line("CPU of an invocation ÷ of a bare hello", 1.6, true, ratios(pristine.each(r.cpu), bare.each(r.cpu)))
	line("requests/s, pristine ÷ reuse", 0.95, false, ratios(pristine.each(r.rate), reused.each(r.rate)))
	line("requests for the same CPU, pristine ÷ reuse", 0.95, false, ratios(reused.each(r.cpu), pristine.each(r.cpu)))
}

// find returns what was asked in that way first.
func (r *Results) find(asked string) *Series {
	for i := range r.Series {
		if r.Series[i].Asked == asked {
			return &r.Series[i]
		}
	}
	return nil
}

func (r *Results) rate(round *Round) float64 { return float64(r.Requests) / round.Wall.Seconds() }

func (r *Results) cpu(round *Round) float64 { return micros(round.CPU) / float64(r.Requests) }

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func (s *Series) each(value func(*Round) float64) []float64 { return column(s.Rounds, value) }

// column returns one value of each round.
func column[T any](rounds []Round, value func(*Round) T) []T {
	values := make([]T, len(rounds))
	for i := range rounds {
		values[i] = value(&rounds[i])
	}
	return values
}

// ratios returns, round by round, values in those of base.
func ratios(values, base []float64) []float64 {
	r := make([]float64, len(values))
	for i := range r {
		r[i] = values[i] / base[i]
	}
	return r
}

// spread shows the median of values, with the lowest and the highest.
func spread(format string, values []float64) string {
	return fmt.Sprintf(format+" ("+format+"–"+format+")", record.Median(values), slices.Min(values), slices.Max(values))
}
