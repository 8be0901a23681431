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

	GoModule, CModule int // bytes
	Slots             int
	Exponent          float64
	Connections       int     // of closed loops
	Rate              float64 // of open ones, requests per second
	Loops             []Loop  // in the order that they were measured
}

// Loop is what came of the requests of one round, asked in one way.
type Loop struct {
	Open         bool
	Hits, Misses Calls         // answered right, by whether the function was loaded meanwhile
	Failed       int           // requests without the right answer
	Failure      string        // of the first of those
	Ideal        int           // misses, if requests came one after the other
	Wall, CPU    time.Duration // CPU is the server's
	Peak         server.Memory // the most that was seen
	After        server.Memory
}

// Calls is how long answers took: in a closed loop from sending the request, in an
// open one from when it was due.
type Calls struct{ Go, C []time.Duration }

// add adds a call, to a function of Go's or one of C's.
func (l *Loop) add(c call, isGo bool) {
	if c.err != nil {
		if l.Failed++; l.Failed == 1 {
			l.Failure = c.err.Error()
		}
		return
	}
	to := &l.Hits
	if c.missed {
		to = &l.Misses
	}
	if isGo {
		to.Go = append(to.Go, c.took)
	} else {
		to.C = append(to.C, c.took)
	}
}

func (c Calls) all() []time.Duration { return slices.Concat(c.Go, c.C) }

func (c *Calls) add(d Calls) { c.Go, c.C = append(c.Go, d.Go...), append(c.C, d.C...) }

func newResults(ctx context.Context, o options, f *fleet.Fleet, versions map[string]string) *Results {
	return &Results{
		Run:  record.Begin(ctx, o.Command(), o.Seed, versions),
		Size: f.Size, GoModule: len(f.Guests.Go), CModule: len(f.Guests.C),
		Slots: o.slots, Exponent: o.exponent, Connections: o.connections, Rate: o.rate,
	}
}

// Report writes the results as Markdown.
func (r *Results) Report(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Heading())
	fmt.Fprintf(&b, "%d functions of %d codes, of them %d of %d codes of Go's (%d bytes, C's %d), %d slots, exponent %v\n\n",
		r.Functions, r.Codes, r.GoFunctions, r.GoCodes, r.GoModule, r.CModule, r.Slots, r.Exponent)
	closed, open := r.summary(false), r.summary(true)
	ways := []way{{fmt.Sprintf("closed loop, %d connections", r.Connections), closed}, {fmt.Sprintf("open loop, %v/s", r.Rate), open}}
	b.WriteString("| | requests/s | missed | an ideal table misses | not answered | server's CPU µs/request | resident MiB, the most | of it shared | after a round | of it shared |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range ways {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d | %s | %d | %d | %d | %d |\n", s.name,
			record.Spread("%.0f", s.rates), record.Spread("%.3f", s.missed), record.Spread("%.3f", s.ideal), s.failed, record.Spread("%.0f", s.cpu),
			s.peak.Resident>>20, s.peak.Shared>>20, s.after.Resident>>20, s.after.Shared>>20)
	}
	b.WriteString("\n| ms | answers | median | p99 | p99.9 | max |\n|---|--:|--:|--:|--:|--:|\n")
	for _, s := range ways {
		for _, of := range []struct {
			name string
			took []time.Duration
		}{
			{"all", slices.Concat(s.hits.all(), s.misses.all())},
			{"hits", s.hits.all()}, {"hits, Go", s.hits.Go}, {"hits, C", s.hits.C},
			{"misses", s.misses.all()}, {"misses, Go", s.misses.Go}, {"misses, C", s.misses.C},
		} {
			if len(of.took) > 0 {
				fmt.Fprintf(&b, "| %s: %s | %d | %s | %s | %s | %s |\n", s.name, of.name, len(of.took), millis(record.Median(of.took)),
					millis(record.Quantile(of.took, 0.99)), millis(record.Quantile(of.took, 0.999)), millis(slices.Max(of.took)))
			}
		}
	}
	met := "met"
	if n := closed.failed + open.failed; n > 0 {
		met = fmt.Sprintf("**missed**, the first %q", closed.failure+open.failure)
	}
	fmt.Fprintf(&b, "\n| | bar | | |\n|---|--:|--:|---|\n| requests that were not answered right | 0 | %d | %s |\n", closed.failed+open.failed, met)
	_, err := io.WriteString(w, b.String())
	return err
}

// way is a way to ask, as reports name it.
type way struct {
	name string
	summary
}

// summary is what came of one way to ask, in all rounds.
type summary struct {
	hits, misses              Calls
	rates, missed, ideal, cpu []float64 // by round; CPU in microseconds for a request
	failed                    int
	failure                   string
	peak, after               server.Memory // the most
}

func (r *Results) summary(open bool) (s summary) {
	for i := range r.Loops {
		l := &r.Loops[i]
		if l.Open != open {
			continue
		}
		s.hits.add(l.Hits)
		s.misses.add(l.Misses)
		misses := float64(len(l.Misses.Go) + len(l.Misses.C))
		answered := misses + float64(len(l.Hits.Go)+len(l.Hits.C))
		all := answered + float64(l.Failed)
		s.rates = append(s.rates, answered/l.Wall.Seconds())
		s.missed = append(s.missed, misses/max(answered, 1))
		s.ideal = append(s.ideal, float64(l.Ideal)/all)
		s.cpu = append(s.cpu, float64(l.CPU)/float64(time.Microsecond)/all)
		if s.failed += l.Failed; s.failure == "" {
			s.failure = l.Failure
		}
		if l.Peak.Resident > s.peak.Resident {
			s.peak = l.Peak
		}
		if l.After.Resident > s.after.Resident {
			s.after = l.After
		}
	}
	return s
}

func millis(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond)) }
