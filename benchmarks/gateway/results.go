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
	Series        []Series // the first is the bare server's
	LeftOut       []string // peers that are not to be had on the machine
}

// Series is what one server did with one kind of request.
type Series struct {
	Server string
	Asked  string
	Rounds []Round
}

// Round is one measurement of it, all requests together.
type Round struct {
	Requests int
	Wall     time.Duration
	CPU      time.Duration // processor time of the server's process, and of its children
	Client   time.Duration // and of the client's
	Median   time.Duration // of how long a request took
	P99      time.Duration
}

func newResults(ctx context.Context, o options, versions map[string]string) *Results {
	return &Results{
		Run:         record.Begin(ctx, o.Command(), o.Seed, versions),
		Event:       event,
		Answer:      answer,
		Connections: connections,
	}
}

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	b.WriteString("| server | request | requests/s | × bare | CPU µs/request | × bare | median µs | p99 µs | client's CPU µs/request |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	bare := &r.Series[0]
	for i := range r.Series {
		s := &r.Series[i]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", s.Server, s.Asked,
			record.Spread("%.0f", s.each(rate)), record.Spread("%.2f", ratios(s.each(rate), bare.each(rate))),
			record.Spread("%.1f", s.each(cpu)), record.Spread("%.2f", ratios(s.each(cpu), bare.each(cpu))),
			record.Micros(record.Median(column(s.Rounds, func(r *Round) time.Duration { return r.Median }))),
			record.Micros(record.Median(column(s.Rounds, func(r *Round) time.Duration { return r.P99 }))),
			record.Spread("%.1f", s.each(func(r *Round) float64 { return micros(r.Client) / float64(r.Requests) })))
	}
	if len(r.LeftOut) > 0 {
		fmt.Fprintf(&b, "\nNot to be had on this machine: %s.\n", strings.Join(r.LeftOut, "; "))
	}
	r.bars(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// bars writes what Lambent wants to reach, and does.
func (r *Results) bars(b *strings.Builder) {
	bare, pristine, reused := &r.Series[0], r.find(asked(invoked)), r.find(asked(invokedReused))
	if pristine == nil || reused == nil {
		return
	}
	b.WriteString("\n| | bar | median of the rounds (lowest–highest) | |\n|---|--:|--:|---|\n")
	line := func(what string, bar record.Bar, values []float64) {
		want := fmt.Sprintf("≥ %g", bar.Least)
		if bar.Most > 0 {
			want = fmt.Sprintf("≤ %g", bar.Most)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", what, want, record.Spread("%.2f", values), bar.Verdict(record.Median(values)))
	}
	line("CPU of an invocation ÷ of a bare hello", record.Bar{Most: 1.6}, ratios(pristine.each(cpu), bare.each(cpu)))
	line("requests/s, pristine ÷ reuse", record.Bar{Least: 0.95}, ratios(pristine.each(rate), reused.each(rate)))
	line("requests for the same CPU, pristine ÷ reuse", record.Bar{Least: 0.95}, ratios(reused.each(cpu), pristine.each(cpu)))
	for _, p := range peers {
		if s := r.find(func(s *Series) bool { return s.Server == p.name }); s != nil {
			line("CPU of "+p.name+" ÷ of an invocation", record.Bar{Least: p.bar}, ratios(s.each(cpu), pristine.each(cpu)))
		}
	}
}

// find returns the first that is meant, or nil.
func (r *Results) find(is func(*Series) bool) *Series {
	if i := slices.IndexFunc(r.Series, func(s Series) bool { return is(&s) }); i >= 0 {
		return &r.Series[i]
	}
	return nil
}

// asked means series by what was asked.
func asked(what string) func(*Series) bool {
	return func(s *Series) bool { return s.Asked == what }
}

func rate(r *Round) float64 { return float64(r.Requests) / r.Wall.Seconds() }

func cpu(r *Round) float64 { return micros(r.CPU) / float64(r.Requests) }

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
