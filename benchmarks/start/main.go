// Command start measures how long `lambent serve` takes from the making of its
// process to its first answer: with a data directory without functions, with one
// of 100, and, to see what any such program takes, a bare fasthttp server. The
// README in the folder above says what the figures mean.
//
//	go run ./start [-starts n] [-seed n] [-o results/NAME.json]
//
// It is run in that folder, needs Linux and the Go tool, listens on loopback
// only and ends by itself.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
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
		fmt.Fprintln(os.Stderr, "start:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	starts int
	seed   uint64
	output string // empty: none
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("start", flag.ExitOnError)
	flags.IntVar(&o.starts, "starts", 40, "how often every server is started")
	flags.Uint64Var(&o.seed, "seed", 1, "of the order, and of which function is asked")
	flags.StringVar(&o.output, "o", "", "`file` below this folder to write raw results to, as JSON")
	flags.Parse(args) // exits on an error
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not a flag; there are only flags", flags.Arg(0))
	case o.starts < 1:
		return o, fmt.Errorf("-starts is %d, it must be positive", o.starts)
	}
	return o, record.CheckOutput(o.output)
}

// command is the command line that does the same again.
func (o options) command() string {
	c := fmt.Sprintf("go run ./start -starts %d -seed %d", o.starts, o.seed)
	if o.output != "" {
		c += " -o " + o.output
	}
	return c
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lambent-benchmarks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintln(os.Stderr, "building the servers")
	programs, versions, err := server.Build(ctx, dir)
	if err != nil {
		return err
	}
	lanes := lanesOf(programs, dir)
	if err := prepare(ctx, programs, lanes, dir); err != nil {
		return err
	}
	results := newResults(ctx, o, versions)
	if err := measure(ctx, o, lanes); err != nil {
		return err
	}
	for _, l := range lanes {
		results.Series = append(results.Series, l.series)
	}
	results.End()
	if err := results.report(os.Stdout); err != nil || o.output == "" {
		return err
	}
	return record.Write(o.output, results)
}
