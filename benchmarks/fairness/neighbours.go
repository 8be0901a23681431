package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// The neighbour: the C handler of the first benchmark, what it is asked and what
// it must answer.
const (
	guest  = "../sandbox/testdata/guests/c/json.wasm"
	event  = `{"name":"Ada","n":41}`
	answer = `{"message":"Hello, Ada!","n":42}`
)

const (
	clients = 16                    // that ask the neighbour
	settle  = 20 * time.Millisecond // for what burns to get going
	pause   = 5 * time.Millisecond  // between two collections of garbage
)

// burner is what the neighbour is measured beside.
type burner struct {
	name string
	burn func(ctx context.Context) error // until ctx is done
}

// pair is a guest and its control, which are measured one right after the other:
// what else the machine does meets both.
type pair struct {
	Pair
	control, guest burner
	box            *sandbox.Sandbox
}

// measureNeighbours asks the neighbour beside each guest and its control. The
// order of pairs, and that within a pair, is shuffled.
func measureNeighbours(ctx context.Context, eng engine.Engine, o options) (_ []Pair, err error) {
	wasm, err := os.ReadFile(guest)
	if err != nil {
		return nil, fmt.Errorf("a guest is missing, is this run in the folder of the benchmarks? %w", err)
	}
	neighbour, err := sandbox.New(ctx, eng, wasm, sandbox.Config{Limits: sandbox.Limits{Time: time.Hour, Init: time.Hour}})
	if err != nil {
		return nil, err
	}
	pairs, err := pairsOf(ctx, eng)
	defer func() {
		err = errors.Join(err, neighbour.Close())
		for _, p := range pairs {
			if p.box != nil {
				err = errors.Join(err, p.box.Close())
			}
		}
	}()
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	order := append([]*pair(nil), pairs...)
	for i := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.rounds)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, p := range order {
			if err := p.measure(ctx, neighbour, o, random); err != nil {
				return nil, err
			}
		}
	}
	var measured []Pair
	for _, p := range pairs {
		measured = append(measured, p.Pair)
	}
	return measured, nil
}

// pairsOf returns the shapes with their controls, and a control beside nothing.
// It returns those that it made with an error, too.
func pairsOf(ctx context.Context, eng engine.Engine) ([]*pair, error) {
	native := burner{"native code that computes", computes}
	filling := burner{"native code that fills memory", fills}
	rest := burner{"nothing", func(ctx context.Context) error { <-ctx.Done(); return nil }}
	pairs := []*pair{{control: native, guest: rest}, {control: native, guest: filling}}
	for _, s := range shapes() {
		if s.waits {
			continue
		}
		control := native
		if s.fills {
			control = filling
		}
		box, err := s.box(ctx, eng, time.Hour)
		if err != nil {
			return pairs, err
		}
		pairs = append(pairs, &pair{control: control, box: box, guest: burner{s.name, func(ctx context.Context) error {
			if _, err := box.Run(ctx, nil); !errors.Is(err, context.Cause(ctx)) {
				return fmt.Errorf("the guest ended with %v", err)
			}
			return nil
		}}})
	}
	for _, p := range pairs {
		p.Name, p.Control = p.guest.name, p.control.name
	}
	return pairs, nil
}

// measure adds one round to both sides of the pair.
func (p *pair) measure(ctx context.Context, neighbour *sandbox.Sandbox, o options, random *rand.Rand) error {
	sides := []struct {
		burner
		rounds *[]Round
	}{{p.guest, &p.Guests}, {p.control, &p.Controls}}
	if random.IntN(2) == 0 {
		sides[0], sides[1] = sides[1], sides[0]
	}
	seed := random.Uint64() // both get events at the same times
	for _, s := range sides {
		r, err := s.round(ctx, neighbour, o, seed)
		if err != nil {
			return fmt.Errorf("beside %s: %w", s.name, err)
		}
		*s.rounds = append(*s.rounds, r)
	}
	return nil
}

// round measures the neighbour beside the burner, then collections of garbage
// beside both.
func (b burner) round(ctx context.Context, neighbour *sandbox.Sandbox, o options, seed uint64) (r Round, err error) {
	burning, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- b.burn(burning) }()
	traffic := &traffic{box: neighbour, rate: o.rate, seed: seed}
	traffic.start(ctx)
	time.Sleep(settle)
	traffic.measured.Store(true)
	time.Sleep(o.window)
	for traffic.answered.Load() == 0 && traffic.ctx.Err() == nil {
		time.Sleep(pause) // the machine is slower than the window is long
	}
	traffic.measured.Store(false)
	for begin := time.Now(); time.Since(begin) < o.window; time.Sleep(pause) {
		begin := time.Now()
		runtime.GC()
		r.GCs = append(r.GCs, time.Since(begin))
	}
	latencies, err := traffic.end()
	stop()
	if err := errors.Join(err, <-ended, context.Cause(ctx)); err != nil {
		return r, err
	}
	r.Events = len(latencies)
	r.P50, r.P90, r.P99 = record.Median(latencies), record.Quantile(latencies, 0.9), record.Quantile(latencies, 0.99)
	return r, nil
}

// traffic asks a Sandbox at random times, whatever became of the events before:
// what an event waits for its client is part of what it takes.
type traffic struct {
	box      *sandbox.Sandbox
	rate     int // events per second, of all clients
	seed     uint64
	measured atomic.Bool
	answered atomic.Int64 // measured events

	ctx     context.Context // done when the traffic ends, or has failed
	stop    context.CancelFunc
	running sync.WaitGroup
	took    [clients][]time.Duration
	errs    [clients]error
}

func (t *traffic) start(ctx context.Context) {
	t.ctx, t.stop = context.WithCancel(ctx)
	for i := range clients {
		random := rand.New(rand.NewPCG(t.seed, uint64(i)))
		t.running.Go(func() {
			if t.took[i], t.errs[i] = t.client(random); t.errs[i] != nil {
				t.stop()
			}
		})
	}
}

func (t *traffic) client(random *rand.Rand) (took []time.Duration, err error) {
	mean := float64(clients) * float64(time.Second) / float64(t.rate)
	due := time.Now()
	for {
		due = due.Add(time.Duration(mean * random.ExpFloat64()))
		time.Sleep(time.Until(due))
		if t.ctx.Err() != nil {
			return took, nil
		}
		measured := t.measured.Load()
		res, err := t.box.Run(t.ctx, []byte(event))
		switch {
		case t.ctx.Err() != nil:
			return took, nil
		case err != nil:
			return nil, err
		case string(res.Response) != answer:
			return nil, fmt.Errorf("answered %q, want %q", res.Response, answer)
		}
		if measured {
			took = append(took, time.Since(due))
			t.answered.Add(1)
		}
	}
}

// end returns what each measured event took, from when it was due.
func (t *traffic) end() ([]time.Duration, error) {
	t.stop()
	t.running.Wait()
	var all []time.Duration
	for _, took := range t.took {
		all = append(all, took...)
	}
	return all, errors.Join(t.errs[:]...)
}
