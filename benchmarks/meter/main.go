// Command meter measures what metering costs: the same programs plain and with
// the meter built in, on the same compiler, in one run whose rounds are
// interleaved in shuffled order. The README in the folder above says what the
// figures mean.
//
//	go run ./meter [-rounds n] [-slices n,n] [-only name,name] [-seed n] [-json results/NAME.json]
//
// It is run in that folder, needs Linux and the Go tool, listens on nothing,
// connects to nothing and ends by itself.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/record"
)

// timeLimit is when a run gives up.
const timeLimit = 20 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, timeLimit, fmt.Errorf("the run took longer than %v", timeLimit))
	defer cancel()
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "lambent-benchmarks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
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
	defer field.close()
	if err := field.measure(ctx, o); err != nil {
		return err
	}
	results.Programs = field.results()
	results.End()
	if err := results.report(os.Stdout); err != nil || o.json == "" {
		return err
	}
	return record.Write(o.json, results)
}
