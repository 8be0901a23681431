// Command gateway measures what a request costs `lambent serve`, beside a bare
// fasthttp server that answers the same bytes, and servers that make an instance
// or a process for each request: requests per second, and processor time of the
// server's process and its children. The README in the folder above says what the
// figures mean.
//
//	go run ./gateway [-rounds n] [-requests n] [-seed n] [-o results/NAME.json]
//
// It is run in that folder, needs Linux, the Go tool and a C compiler named cc,
// and npm the first time if workerd is to be among the servers. It listens on
// loopback only and ends by itself.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
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
		fmt.Fprintln(os.Stderr, "gateway:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	rounds   int
	requests int
	seed     uint64
	output   string // empty: none
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("gateway", flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", 7, "how often every server is measured")
	flags.IntVar(&o.requests, "requests", 40_000, "requests per server and round; peers get a part of them")
	flags.Uint64Var(&o.seed, "seed", 1, "of the order within rounds")
	flags.StringVar(&o.output, "o", "", "`file` below this folder to write raw results to, as JSON")
	flags.Parse(args) // exits on an error
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not a flag; there are only flags", flags.Arg(0))
	case o.rounds < 1 || o.requests < 1:
		return o, fmt.Errorf("-rounds is %d and -requests is %d, both must be positive", o.rounds, o.requests)
	}
	return o, record.CheckOutput(o.output)
}

// command is the command line that does the same again.
func (o options) command() string {
	c := fmt.Sprintf("go run ./gateway -rounds %d -requests %d -seed %d", o.rounds, o.requests, o.seed)
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
	results := newResults(ctx, o, versions)
	field, err := open(ctx, programs, dir)
	if err != nil {
		return err
	}
	err = field.measure(ctx, o)
	if closing := field.close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	results.Series, results.LeftOut = field.series(), field.leftOut
	maps.Copy(results.Versions, field.versions)
	results.End()
	if err := results.report(os.Stdout); err != nil || o.output == "" {
		return err
	}
	return record.Write(o.output, results)
}
