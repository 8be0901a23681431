// Command meter measures what metering costs: the same programs plain and with
// the meter built in, on the same compiler, in one run whose rounds are
// interleaved in shuffled order. The README in the folder above says what the
// figures mean.
//
//	go run ./meter [-rounds n] [-slices n,n] [-only name,name] [-seed n] [-o results/NAME.json]
//
// It is run in that folder, needs Linux and the Go tool, listens on nothing,
// connects to nothing and ends by itself.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
)

func main() {
	command.Main("meter", 20*time.Minute, func(ctx context.Context, args []string, dir string) error {
		o, err := parse(args)
		if err != nil {
			return err
		}
		return run(ctx, o, dir)
	})
}

func run(ctx context.Context, o options, dir string) error {
	fmt.Fprintln(os.Stderr, "building and compiling the programs")
	programs, err := o.programs(ctx, dir)
	if err != nil {
		return err
	}
	results := newResults(ctx, o)
	field, err := open(ctx, programs, o.slices)
	if err != nil {
		return err
	}
	defer field.Close()
	if err := field.Measure(ctx, o.rounds, o.Seed); err != nil {
		return err
	}
	results.Programs = resultsOf(field)
	return o.Publish(results)
}
