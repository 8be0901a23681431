package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// concurrencies are how many goroutines call a contender at once.
var concurrencies = [...]int{1, 2}

// warmUp is how many events precede each measurement, unmeasured.
const warmUp = 4

// field is all contenders with all handlers, loaded.
type field struct {
	contenders []contender
	lanes      []*lane
}

// lane is one line of the results to be: a contender, a handler, a number of
// goroutines.
type lane struct {
	contender contender
	series    Series
	share     int // of -events, see handler and entrant
	events    int // of each round, see calibrate
}

// load loads every contender with every handler and checks its answer.
func load(ctx context.Context, handlers []handler) (*field, error) {
	f := &field{}
	for _, h := range handlers {
		for _, e := range entrants() {
			if err := f.add(ctx, h, e); err != nil {
				f.close()
				return nil, fmt.Errorf("%s, %s: %w", e.name, h.name, err)
			}
		}
	}
	return f, nil
}

func (f *field) add(ctx context.Context, h handler, e entrant) error {
	fmt.Fprintf(os.Stderr, "loading %s, %s\n", e.name, h.name)
	begin := time.Now()
	c, err := e.load(ctx, h)
	if errors.Is(err, errNone) {
		return nil
	}
	if err != nil {
		return err
	}
	took := time.Since(begin)
	f.contenders = append(f.contenders, c)
	for _, n := range concurrencies {
		series := Series{Handler: h.name, Contender: e.name, Concurrency: n, Load: took}
		f.lanes = append(f.lanes, &lane{contender: c, series: series, share: h.share * e.share})
	}
	return ask(ctx, c)
}

// ask gives a contender the event and compares its answer.
func ask(ctx context.Context, c contender) error {
	got, err := c.Answer(ctx, []byte(event))
	if err == nil && string(got) != answer {
		err = fmt.Errorf("answered %q, want %q", got, answer)
	}
	return err
}

func (f *field) close() {
	for _, c := range f.contenders {
		if err := c.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "closing a contender:", err)
		}
	}
}

// measure runs the rounds. In each, every lane runs once; which follows which
// is shuffled, so that what else the machine does meets all of them alike.
func (f *field) measure(ctx context.Context, o options) error {
	if err := f.calibrate(ctx, o); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	order := append([]*lane(nil), f.lanes...)
	for i := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.rounds)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, l := range order {
			r, err := l.round(ctx, l.events)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", l.series.Contender, l.series.Handler, err)
			}
			r.thin(o.events)
			l.series.Rounds = append(l.series.Rounds, r)
		}
	}
	return nil
}

// round measures events, at least one per goroutine.
func (l *lane) round(ctx context.Context, events int) (Round, error) {
	each := (events + l.series.Concurrency - 1) / l.series.Concurrency
	for range warmUp {
		if err := ask(ctx, l.contender); err != nil {
			return Round{}, err
		}
	}
	runtime.GC() // nobody pays for the garbage of the one before
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)

	latencies := make([][]time.Duration, l.series.Concurrency)
	errs := make([]error, l.series.Concurrency)
	for i := range latencies {
		latencies[i] = make([]time.Duration, 0, each)
	}
	cpu, err := server.OwnCPU()
	if err != nil {
		return Round{}, err
	}
	begin := time.Now()
	var wg sync.WaitGroup
	for i := range latencies {
		wg.Go(func() { latencies[i], errs[i] = l.run(ctx, latencies[i]) })
	}
	wg.Wait()
	r := Round{Wall: time.Since(begin)}
	if r.CPU, err = server.OwnCPU(); err != nil {
		return Round{}, err
	}
	r.CPU -= cpu
	runtime.ReadMemStats(&after)
	for i := range latencies {
		if errs[i] != nil {
			return Round{}, errs[i]
		}
		r.Latencies = append(r.Latencies, latencies[i]...)
	}
	r.Events = len(r.Latencies)
	r.HeapBytes = after.TotalAlloc - before.TotalAlloc
	r.HeapObjects = after.Mallocs - before.Mallocs
	return r, nil
}

// run fills into, one event after the other. Every answer is compared.
func (l *lane) run(ctx context.Context, into []time.Duration) ([]time.Duration, error) {
	input := []byte(event)
	for len(into) < cap(into) {
		if ctx.Err() != nil {
			return into, context.Cause(ctx)
		}
		begin := time.Now()
		got, err := l.contender.Answer(ctx, input)
		took := time.Since(begin)
		if err != nil {
			return into, err
		}
		if string(got) != answer {
			return into, fmt.Errorf("answered %q, want %q", got, answer)
		}
		into = append(into, took)
	}
	return into, nil
}

// series returns what was measured.
func (f *field) series() []Series {
	var all []Series
	for _, l := range f.lanes {
		all = append(all, l.series)
	}
	return all
}
