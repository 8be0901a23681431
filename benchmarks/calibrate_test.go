package main

import (
	"context"
	"testing"
	"time"
)

func TestEventsOf(t *testing.T) {
	for _, test := range []struct {
		fewest     int
		long, each time.Duration
		want       int
	}{
		{1000, 100 * time.Millisecond, 2 * time.Microsecond, 50_000},
		{1000, 100 * time.Millisecond, time.Millisecond, 1000},
		{31, 100 * time.Millisecond, time.Millisecond, 100},
		{0, 100 * time.Millisecond, time.Second, 1},
		{10, 100 * time.Millisecond, 0, 1_000_000},
	} {
		if got := eventsOf(test.fewest, test.long, test.each); got != test.want {
			t.Errorf("%d, %v, %v: %d events, want %d", test.fewest, test.long, test.each, got, test.want)
		}
	}
}

func TestThin(t *testing.T) {
	for _, test := range []struct{ have, most, want int }{{10, 10, 10}, {9, 10, 9}, {11, 10, 6}, {100, 10, 10}, {101, 10, 10}, {5, 1, 1}} {
		var r Round
		for i := range test.have {
			r.Latencies = append(r.Latencies, time.Duration(i))
		}
		r.thin(test.most)
		if len(r.Latencies) != test.want || r.Latencies[0] != 0 {
			t.Errorf("of %d at most %d: %v, want %d", test.have, test.most, r.Latencies, test.want)
		}
	}
}

// quick is a contender that knows the answer.
type quick struct{}

func (quick) Answer(context.Context, []byte) ([]byte, error) { return []byte(answer), nil }
func (quick) Close() error                                   { return nil }

// TestMeasure has rounds of a contender as often and as long as they were asked for.
func TestMeasure(t *testing.T) {
	f := &field{lanes: []*lane{
		{contender: quick{}, series: Series{Contender: "quick", Concurrency: 1}, share: 1},
		{contender: quick{}, series: Series{Contender: "quick", Concurrency: 2}, share: 4},
	}}
	o := parsed(t, "-rounds 2 -events 100")
	if err := f.measure(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, s := range f.series() {
		if len(s.Rounds) != o.rounds {
			t.Fatalf("%d rounds, want %d", len(s.Rounds), o.rounds)
		}
		for _, r := range s.Rounds {
			if r.Events < o.events/4 || r.Events != s.Rounds[0].Events || len(r.Latencies) > o.events || len(r.Latencies) == 0 {
				t.Errorf("%d at once: %d events, %d latencies", s.Concurrency, r.Events, len(r.Latencies))
			}
			if r.Wall <= 0 || r.rate() <= 0 {
				t.Errorf("%d at once: it took %v", s.Concurrency, r.Wall)
			}
		}
	}
}
