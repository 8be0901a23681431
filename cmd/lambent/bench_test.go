package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRandomArrivals(t *testing.T) {
	const n, rate = 20_000, 50.0
	a := randomArrivals(n, rate, 7)
	if !slices.Equal(a, randomArrivals(n, rate, 7)) {
		t.Error("the same seed gives other arrivals")
	}
	if slices.Equal(a, randomArrivals(n, rate, 8)) {
		t.Error("another seed gives the same arrivals")
	}
	if !slices.IsSorted(a) || a[0] < 0 {
		t.Error("arrivals do not ascend")
	}
	// Gaps of a Poisson process: their mean and their standard deviation are 1/rate.
	if mean := a[n-1].Seconds() / n * rate; mean < 0.95 || mean > 1.05 {
		t.Errorf("the mean gap is %.2f of what it must be", mean)
	}
	short := 0 // of gaps that are below the mean: 1 − 1/e
	for i := 1; i < n; i++ {
		if (a[i] - a[i-1]).Seconds() < 1/rate {
			short++
		}
	}
	if part := float64(short) / n; part < 0.61 || part > 0.65 {
		t.Errorf("%.3f of the gaps are below the mean, want 0.632", part)
	}
}

// TestOpenLoopMeasuresFromTheArrival has ten events arrive at once for a single
// caller: the last of them waits for all others, and that counts.
func TestOpenLoopMeasuresFromTheArrival(t *testing.T) {
	const each = time.Millisecond
	invoke := func(context.Context, *benchSample) error { time.Sleep(each); return nil }
	s, err := drive(t.Context(), benchPlan{events: 10, concurrency: 1, arrivals: make([]time.Duration, 10)}, "x", invoke)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Samples {
		if got, least := s.Samples[i], time.Duration(i)*each; got.Arrival != 0 || got.Delay < int64(least) || got.Latency < int64(least+each) {
			t.Errorf("event %d: %+v; want a delay of at least %v", i, got, least)
		}
	}
	// In a closed loop an event arrives when it is sent.
	if s, err = drive(t.Context(), benchPlan{events: 10, concurrency: 1}, "x", invoke); err != nil {
		t.Fatal(err)
	}
	for i := range s.Samples {
		if got := s.Samples[i]; got.Delay != 0 || got.Arrival < int64(time.Duration(i)*each) {
			t.Errorf("event %d: %+v", i, got)
		}
	}
}

func TestDriveKeepsToItsCallers(t *testing.T) {
	var now, most, all atomic.Int64
	s, err := drive(t.Context(), benchPlan{events: 100, concurrency: 3}, "x", func(context.Context, *benchSample) error {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		all.Add(1)
		time.Sleep(100 * time.Microsecond)
		now.Add(-1)
		return nil
	})
	if err != nil || all.Load() != 100 || most.Load() > 3 || len(s.Samples) != 100 {
		t.Errorf("%d events, %d at once, %v; want 100, at most 3 at once", all.Load(), most.Load(), err)
	}
}

func TestDriveEnds(t *testing.T) {
	broken := errors.New("broken")
	var n atomic.Int64
	_, err := drive(t.Context(), benchPlan{events: 1000, concurrency: 2}, "x", func(context.Context, *benchSample) error {
		if n.Add(1) > 5 {
			return broken
		}
		return nil
	})
	if err != broken || n.Load() > 7 {
		t.Errorf("%v after %d events, want %v after 6 or 7", err, n.Load(), broken)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(broken)
	late := benchPlan{events: 1, concurrency: 1, arrivals: []time.Duration{time.Hour}}
	if _, err := drive(ctx, late, "x", nil); err != broken {
		t.Errorf("an event that never arrives: %v, want %v", err, broken)
	}
}

func TestParseTrace(t *testing.T) {
	got, err := parseTrace(strings.NewReader("# from production\n0\n 0.5 \r\n\n5e-1\n604800\n"))
	want := []time.Duration{0, time.Second / 2, time.Second / 2, 7 * 24 * time.Hour}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	for in, want := range map[string]string{
		"":                               "no arrivals",
		"1\nNaN":                         `line 2 is "NaN"`,
		"-1":                             `line 1 is "-1"`,
		"1e9":                            "0 to 604800",
		"1\n0.5":                         "must ascend",
		strings.Repeat("1", 70<<10):      "line 1: bufio.Scanner: token too long",
		strings.Repeat("0\n", 1_000_001): "line 1000001: there are more than 1000000",
	} {
		if _, err := parseTrace(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q…: %v, want an error with %q", in, err, want)
		}
	}
}

// TestPlotIsXML draws series that are hard to draw, with a name that is markup.
func TestPlotIsXML(t *testing.T) {
	series := func(name string, latencies ...int64) *benchSeries {
		s := &benchSeries{Name: name}
		for _, l := range latencies {
			s.Samples = append(s.Samples, benchSample{Latency: l})
		}
		return s
	}
	failed := series("failed", 5)
	failed.Samples[0].Error = "Sandbox.Timedout"
	for _, all := range [][]*benchSeries{
		{series("one", 1000)},
		{series("from nothing to an hour", 0, int64(time.Hour)), series("two", 7, 8, 9)},
		{failed},
		nil,
	} {
		r := &benchReport{Function: `<script>"&'`, Series: all}
		plot := string(r.plot())
		d := xml.NewDecoder(strings.NewReader(plot))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, plot)
			}
		}
		if strings.Contains(plot, "<script>") || strings.Contains(plot, "NaN") || strings.Contains(plot, "Inf") {
			t.Errorf("the plot is %s", plot)
		}
	}
}

func TestDuration(t *testing.T) {
	for ns, want := range map[int64]string{
		-1: "–", 0: "0", 999: "999 ns", 1000: "1.00 µs", 2684: "2.68 µs", 99_949: "99.9 µs", 123_456: "123 µs",
		1_500_000: "1.50 ms", 90_000_000_000: "90.0 s",
	} {
		if got := duration(ns); got != want {
			t.Errorf("duration(%d) is %q, want %q", ns, got, want)
		}
	}
}
