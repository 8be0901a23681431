// Command fairness measures what a guest that computes without end does to the
// process that it is in: how long collecting garbage takes beside it, how long
// others wait for their answers, and how late it is stopped. The README in the
// folder above says what the figures mean.
//
//	go run ./fairness [-rounds n] [-window d] [-rate n] [-timeouts n] [-seed n] [-o results/NAME.json]
//
// It is run in that folder, listens on nothing and ends by itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
	"github.com/lambent-dev/lambent/engine/wazero"
)

func main() { command.Main("fairness", 20*time.Minute, run) }

// options are what the command line says.
type options struct {
	*command.Flags
	rounds   int
	window   time.Duration
	rate     int
	timeouts int
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("./fairness", "orders, limits and pauses")}
	o.IntVar(&o.rounds, "rounds", 15, "how often each is measured beside which others are asked")
	o.DurationVar(&o.window, "window", 300*time.Millisecond, "how long, each time; as long again beside collections of garbage")
	o.IntVar(&o.rate, "rate", 2000, "events per second for the others")
	o.IntVar(&o.timeouts, "timeouts", 10_000, "how many guests run out of time")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 || o.rate < 1 || o.timeouts < 1 || o.window <= 0 {
		return o, fmt.Errorf("-rounds is %d, -window %v, -rate %d, -timeouts %d; all must be positive", o.rounds, o.window, o.rate, o.timeouts)
	}
	return o, nil
}

func run(ctx context.Context, args []string, _ string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	eng, err := wazero.New(wazero.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close()) }()
	results := newResults(ctx, o, map[string]string{"engine": eng.Name()})
	if results.Pairs, err = measureNeighbours(ctx, eng, o); err != nil {
		return err
	}
	if results.Timeouts, err = measureTimeouts(ctx, eng, o); err != nil {
		return err
	}
	return o.Publish(results)
}
