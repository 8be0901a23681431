// Command many has `lambent serve` keep far more functions than fit in memory:
// it deploys them, invokes each once, leaves them alone, and measures what the
// server then holds, how soon any function answers again, how long a restart takes,
// and how soon a function answers first after one. The README in the folder above
// says what the figures mean.
//
//	go run ./many [-functions n] [-codes n] [-go n] [-gofunctions n] [-idle d] [-again n] [-restarts n] [-seed n] [-o results/NAME.json]
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
)

// timeLimit is when a run gives up.
const timeLimit = 3 * time.Hour

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, timeLimit, fmt.Errorf("the run took longer than %v", timeLimit))
	defer cancel()
	if err := run(ctx, os.Args[1:]); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "many:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	functions, goFunctions int
	codes, goCodes         int
	idle                   time.Duration
	again, restarts        int
	seed                   uint64
	output                 string // empty: none
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("many", flag.ExitOnError)
	flags.IntVar(&o.functions, "functions", 10_000, "how many functions are deployed")
	flags.IntVar(&o.codes, "codes", 100, "how many distinct modules they have, in turn")
	flags.IntVar(&o.goCodes, "go", 20, "how many of those are Go's, the others C's")
	flags.IntVar(&o.goFunctions, "gofunctions", 0, "how many functions have codes of Go's; 0 is as many as of any others")
	flags.DurationVar(&o.idle, "idle", 65*time.Second, "how long they are left alone")
	flags.IntVar(&o.again, "again", 2000, "how many functions, chosen at random, are then invoked again")
	flags.IntVar(&o.restarts, "restarts", 20, "how often the server is started again")
	flags.Uint64Var(&o.seed, "seed", 1, "of the choice")
	flags.StringVar(&o.output, "o", "", "`file` below this folder to write raw results to, as JSON")
	flags.Parse(args) // exits on an error
	if o.goFunctions == 0 && o.codes > 0 {
		o.goFunctions = o.functions / o.codes * o.goCodes
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not a flag; there are only flags", flags.Arg(0))
	case o.goCodes < 1 || o.codes <= o.goCodes || o.functions < o.codes || o.codes > 1000:
		return o, fmt.Errorf("-go is %d, -codes %d, -functions %d; each must be positive, less than 1001 codes more than those of Go, and the functions as many as codes at least", o.goCodes, o.codes, o.functions)
	case o.goFunctions < o.goCodes || o.goFunctions > o.functions-o.codes+o.goCodes:
		return o, fmt.Errorf("-gofunctions is %d; %d codes of Go's and %d of others need one each", o.goFunctions, o.goCodes, o.codes-o.goCodes)
	case o.again < 1 || o.restarts < 1 || o.idle < 0:
		return o, fmt.Errorf("-again is %d, -restarts %d, -idle %v; they must be positive", o.again, o.restarts, o.idle)
	}
	return o, record.CheckOutput(o.output)
}

// command is the command line that does the same again.
func (o options) command() string {
	c := fmt.Sprintf("go run ./many -functions %d -codes %d -go %d -gofunctions %d -idle %v -again %d -restarts %d -seed %d",
		o.functions, o.codes, o.goCodes, o.goFunctions, o.idle, o.again, o.restarts, o.seed)
	if o.output != "" {
		c += " -o " + o.output
	}
	return c
}
