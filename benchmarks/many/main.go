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
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
)

func main() { command.Main("many", 3*time.Hour, run) }

// options are what the command line says.
type options struct {
	*command.Flags
	size            fleet.Size
	idle            time.Duration
	again, restarts int
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("./many", "the choice")}
	o.IntVar(&o.size.Functions, "functions", 10_000, "how many functions are deployed")
	o.IntVar(&o.size.Codes, "codes", 100, "how many distinct modules they have, in turn")
	o.IntVar(&o.size.GoCodes, "go", 20, "how many of those are Go's, the others C's")
	o.IntVar(&o.size.GoFunctions, "gofunctions", 0, "how many functions have codes of Go's; 0 is as many as of any others")
	o.DurationVar(&o.idle, "idle", 65*time.Second, "how long they are left alone")
	o.IntVar(&o.again, "again", 2000, "how many functions, chosen at random, are then invoked again")
	o.IntVar(&o.restarts, "restarts", 20, "how often the server is started again")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.size.GoFunctions == 0 {
		o.size = fleet.Evenly(o.size.Functions, o.size.Codes, o.size.GoCodes)
	}
	if err := o.size.Check(); err != nil {
		return o, err
	}
	if o.again < 1 || o.restarts < 1 || o.idle < 0 {
		return o, fmt.Errorf("-again is %d, -restarts %d, -idle %v; they must be positive", o.again, o.restarts, o.idle)
	}
	return o, nil
}
