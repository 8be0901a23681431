package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Names of series.
const (
	benchFirst    = "first ever"
	benchDisk     = "from disk"
	benchInstance = "new instance"
	benchPhased   = "phases" // of an event in the function's mode, and nothing else
)

// benchReport is what lambent bench prints with --json.
type benchReport struct {
	Target      string   `json:"target"` // as it was given
	Function    string   `json:"function"`
	Lambent     versions `json:"lambent"` // this program, not what an endpoint runs
	Processors  int      `json:"processors"`
	ModuleBytes int      `json:"moduleBytes,omitempty"`
	EventBytes  int      `json:"eventBytes"`
	Seed        uint64   `json:"seed"`
	Rate        float64  `json:"rate,omitempty"`
	Trace       string   `json:"trace,omitempty"`

	// Of a function that is run here: in which mode, why not in another one, and
	// what instances are idle in the end and hold for themselves.
	Mode          string `json:"mode,omitempty"`
	ModeReason    string `json:"modeReason,omitempty"`
	IdleInstances int    `json:"idleInstances,omitempty"`
	IdleBytes     int64  `json:"idleBytes,omitempty"`

	Series []*benchSeries `json:"series"`
}

func newBenchReport(o *benchOptions, target string, eventBytes int) *benchReport {
	return &benchReport{
		Target: target, Lambent: readVersions(), Processors: runtime.GOMAXPROCS(0),
		EventBytes: eventBytes, Seed: o.seed, Rate: o.rate, Trace: o.trace,
	}
}

// failures is at how many measured events the function failed.
func (r *benchReport) failures() (n int) {
	for _, s := range r.Series {
		n += s.failures()
	}
	return n
}

func (s *benchSeries) failures() (n int) {
	for i := range s.Samples {
		if s.Samples[i].Error != "" {
			n++
		}
	}
	return n
}

func (r *benchReport) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	var b strings.Builder
	r.heading(&b)
	r.latencies(&b)
	r.phases(&b)
	if r.IdleInstances > 0 {
		fmt.Fprintf(&b, "\nMemory: an idle instance holds %s for itself (%d of them, %s).\n",
			byteSize(r.IdleBytes/int64(r.IdleInstances)), r.IdleInstances, byteSize(r.IdleBytes))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *benchReport) heading(b *strings.Builder) {
	fmt.Fprintf(b, "%s", r.Function)
	if r.ModuleBytes > 0 {
		fmt.Fprintf(b, ", a module of %s, mode %s", byteSize(int64(r.ModuleBytes)), r.Mode)
	}
	fmt.Fprintf(b, ", an event of %s, %d processors\n", byteSize(int64(r.EventBytes)), r.Processors)
	if r.ModeReason != "" {
		fmt.Fprintf(b, "Its instances cannot be restored: %s.\n", r.ModeReason)
	}
	b.WriteString("\n")
}

// latencies writes a line for each series.
func (r *benchReport) latencies(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "state\tevents\tmedian\tp90\tp99\tmax\tevents/s\tfailed\t")
	for _, s := range r.Series {
		if s.Name == benchPhased {
			continue
		}
		all := s.sorted(func(s *benchSample) int64 { return s.Latency })
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\t\n", s.Name, len(s.Samples),
			duration(quantile(all, 0.5)), duration(quantile(all, 0.9)), duration(quantile(all, 0.99)), duration(quantile(all, 1)),
			s.rate(), s.failures())
	}
	t.Flush() // to a Builder
}

// rate is how many events a second there were, "–" where something was made for
// each of them.
func (s *benchSeries) rate() string {
	switch s.Name {
	case benchFirst, benchDisk, benchInstance:
		return "–"
	}
	return fmt.Sprintf("%.0f", float64(len(s.Samples))/time.Duration(s.Wall).Seconds())
}

// phases writes the medians of the phases that were measured.
func (r *benchReport) phases(b *strings.Builder) {
	if !slices.ContainsFunc(r.Series, func(s *benchSeries) bool { return s.Name == benchPhased }) {
		return
	}
	b.WriteString("\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "median of\tload\tinstantiate\tinit\trun\trestore\tother\t")
	columns := []func(*benchSample) int64{
		func(s *benchSample) int64 { return s.Load },
		func(s *benchSample) int64 { return s.Instantiate },
		func(s *benchSample) int64 { return s.Init },
		func(s *benchSample) int64 { return s.Run },
		func(s *benchSample) int64 { return s.Restore },
		(*benchSample).other,
	}
	for _, s := range r.Series {
		name := s.Name
		switch name {
		case benchFirst, benchDisk, benchInstance:
		case benchPhased:
			name = r.Mode
		default:
			continue
		}
		fmt.Fprintf(t, "%s\t", name)
		for _, column := range columns {
			fmt.Fprintf(t, "%s\t", duration(quantile(s.sorted(column), 0.5)))
		}
		fmt.Fprintln(t)
	}
	t.Flush()
}

// other is what the phases leave of the latency; nothing if some of them were
// not on the way of the answer.
func (s *benchSample) other() int64 {
	return max(0, s.Latency-s.Load-s.Instantiate-s.Init-s.Run-s.Restore)
}

// sorted returns a value of each invocation that did not fail.
func (s *benchSeries) sorted(value func(*benchSample) int64) []int64 {
	all := make([]int64, 0, len(s.Samples))
	for i := range s.Samples {
		if s.Samples[i].Error == "" {
			all = append(all, value(&s.Samples[i]))
		}
	}
	slices.Sort(all)
	return all
}

// quantile returns the smallest of sorted values that at least the part q of
// them does not exceed, -1 if there are none.
func quantile(sorted []int64, q float64) int64 {
	if len(sorted) == 0 {
		return -1
	}
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// duration shows nanoseconds with three digits.
func duration(ns int64) string {
	switch {
	case ns < 0:
		return "–"
	case ns == 0:
		return "0"
	case ns < 1e3:
		return fmt.Sprintf("%d ns", ns)
	case ns < 1e6:
		return digits(float64(ns)/1e3) + " µs"
	case ns < 1e9:
		return digits(float64(ns)/1e6) + " ms"
	}
	return digits(float64(ns)/1e9) + " s"
}

func digits(v float64) string {
	switch {
	case v < 9.995:
		return fmt.Sprintf("%.2f", v)
	case v < 99.95:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func byteSize(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return digits(float64(n)/(1<<10)) + " KiB"
	}
	return digits(float64(n)/(1<<20)) + " MiB"
}
