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
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

func main() { command.Main("start", 20*time.Minute, run) }

// options are what the command line says.
type options struct {
	*command.Flags
	starts int
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("./start", "the order, and of which function is asked")}
	o.IntVar(&o.starts, "starts", 40, "how often every server is started")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.starts < 1 {
		return o, fmt.Errorf("-starts is %d, it must be positive", o.starts)
	}
	return o, nil
}

func run(ctx context.Context, args []string, dir string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "building the servers")
	programs, versions, err := server.Build(ctx, dir)
	if err != nil {
		return err
	}
	f, err := fleet.New(ctx, size, dir)
	if err != nil {
		return err
	}
	lanes, random := lanesOf(programs, dir), rand.New(rand.NewPCG(o.Seed, 0))
	if err := prepare(ctx, lanes, f, random); err != nil {
		return err
	}
	results := newResults(ctx, o, versions)
	if err := measure(ctx, o, lanes, random); err != nil {
		return err
	}
	for _, l := range lanes {
		results.Series = append(results.Series, l.series)
	}
	return o.Publish(results)
}
