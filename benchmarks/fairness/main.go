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
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/engine/wazero"
)

// timeLimit is when a run gives up.
const timeLimit = 20 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, timeLimit, fmt.Errorf("the run took longer than %v", timeLimit))
	defer cancel()
	if err := run(ctx, os.Args[1:]); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "fairness:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	rounds   int
	window   time.Duration
	rate     int
	timeouts int
	seed     uint64
	output   string // empty: none
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("fairness", flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", 15, "how often each is measured beside which others are asked")
	flags.DurationVar(&o.window, "window", 300*time.Millisecond, "how long, each time; as long again beside collections of garbage")
	flags.IntVar(&o.rate, "rate", 2000, "events per second for the others")
	flags.IntVar(&o.timeouts, "timeouts", 10_000, "how many guests run out of time")
	flags.Uint64Var(&o.seed, "seed", 1, "of orders, limits and pauses")
	flags.StringVar(&o.output, "o", "", "`file` below this folder to write raw results to, as JSON")
	flags.Parse(args) // exits on an error
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not a flag; there are only flags", flags.Arg(0))
	case o.rounds < 1 || o.rate < 1 || o.timeouts < 1 || o.window <= 0:
		return o, fmt.Errorf("-rounds is %d, -window %v, -rate %d, -timeouts %d; all must be positive", o.rounds, o.window, o.rate, o.timeouts)
	}
	return o, record.CheckOutput(o.output)
}

// command is the command line that does the same again.
func (o options) command() string {
	c := fmt.Sprintf("go run ./fairness -rounds %d -window %v -rate %d -timeouts %d -seed %d", o.rounds, o.window, o.rate, o.timeouts, o.seed)
	if o.output != "" {
		c += " -o " + o.output
	}
	return c
}

func run(ctx context.Context, args []string) (err error) {
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
	results.End()
	if err := results.report(os.Stdout); err != nil || o.output == "" {
		return err
	}
	return record.Write(o.output, results)
}
