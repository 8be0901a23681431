package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

const (
	// least is about how long a round of a lane lasts at least: thousands of times
	// what it takes to start a goroutine, and tens of the kernel's slices.
	least = 100 * time.Millisecond
	// stretched is how long all rounds of all lanes may last for the sake of least:
	// with so many rounds that it is not enough, they are shorter.
	stretched = 5 * time.Minute
	// sample is how long a lane is looked at for its speed.
	sample = 10 * time.Millisecond
)

// calibrate looks once how fast lanes are, and sets how many events their rounds
// have.
func (f *field) calibrate(ctx context.Context, o options) error {
	fmt.Fprintln(os.Stderr, "looking how fast they are")
	long := min(least, stretched/time.Duration(o.rounds*len(f.lanes)))
	for _, l := range f.lanes {
		each, err := l.speed(ctx)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", l.series.Contender, l.series.Handler, err)
		}
		l.events = eventsOf(o.events/l.share, long, each)
	}
	return nil
}

// speed returns how long a lane takes for an event, several of its goroutines
// together.
func (l *lane) speed(ctx context.Context) (each time.Duration, err error) {
	for n := 1; ; n *= 4 {
		r, err := l.round(ctx, n)
		if err != nil {
			return 0, err
		}
		if r.Wall >= sample {
			return r.Wall / time.Duration(r.Events), nil
		}
	}
}

// eventsOf returns how many events a round has that are so many at least, and last
// so long at least. It bounds what a contender may get that takes no time at all.
func eventsOf(fewest int, long, each time.Duration) int {
	const fastest = 100 * time.Nanosecond
	return max(1, fewest, int(long/max(each, fastest)))
}

// thin keeps the latencies of at most so many events, evenly spread: results hold
// them all.
func (r *Round) thin(most int) {
	step := (len(r.Latencies) + most - 1) / most
	if step <= 1 {
		return
	}
	kept := make([]time.Duration, 0, most)
	for i := 0; i < len(r.Latencies); i += step {
		kept = append(kept, r.Latencies[i])
	}
	r.Latencies = kept
}
