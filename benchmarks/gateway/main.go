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
	"fmt"
	"maps"
	"os"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

func main() { command.Main("gateway", 20*time.Minute, run) }

// options are what the command line says.
type options struct {
	*command.Flags
	rounds   int
	requests int
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("./gateway", "the order within rounds")}
	o.IntVar(&o.rounds, "rounds", 7, "how often every server is measured")
	o.IntVar(&o.requests, "requests", 40_000, "requests per server and round; peers get a part of them")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 || o.requests < 1 {
		return o, fmt.Errorf("-rounds is %d and -requests is %d, both must be positive", o.rounds, o.requests)
	}
	return o, nil
}

func run(ctx context.Context, args []string, dir string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
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
	return o.Publish(results)
}
