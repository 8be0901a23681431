// Command workingset has `lambent serve` answer for more functions than it keeps
// in memory, when a few of them get most of the events: how long answers take, how
// many of them wait for code and image to be loaded from disk, and what memory that
// takes. The README in the folder above says what the figures mean.
//
//	go run ./workingset [-functions n] [-codes n] [-go n] [-slots n] [-exponent x] [-rounds n] [-requests n] [-connections n] [-rate n] [-seed n] [-o results/NAME.json]
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

func main() { command.Main("workingset", time.Hour, run) }

// options are what the command line says.
type options struct {
	*command.Flags
	size             fleet.Size
	slots            int
	exponent         float64
	rounds, requests int
	connections      int
	rate             float64
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("./workingset", "which functions get events, and when")}
	o.IntVar(&o.size.Functions, "functions", 2000, "how many functions are deployed")
	o.IntVar(&o.size.Codes, "codes", 100, "how many distinct modules they have, in turn")
	o.IntVar(&o.size.GoCodes, "go", 20, "how many of those are Go's, the others C's")
	o.IntVar(&o.slots, "slots", 64, "how many functions the server keeps in memory")
	o.Float64Var(&o.exponent, "exponent", 1.1, "of Zipf's law: the k-th function gets events in proportion to k to the power of -exponent")
	o.IntVar(&o.rounds, "rounds", 5, "how often each way to ask is measured")
	o.IntVar(&o.requests, "requests", 6000, "of each way to ask in a round; as many come before the first, unmeasured")
	o.IntVar(&o.connections, "connections", 8, "of the closed loop: each asks when it has the answer to its last")
	o.Float64Var(&o.rate, "rate", 200, "of the open loop: requests per second, at random times, whatever became of those before")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	o.size = fleet.Evenly(o.size.Functions, o.size.Codes, o.size.GoCodes)
	if err := o.size.Check(); err != nil {
		return o, err
	}
	if o.slots < 1 || o.rounds < 1 || o.requests < 1 || o.connections < 1 {
		return o, fmt.Errorf("-slots is %d, -rounds %d, -requests %d, -connections %d; they must be positive", o.slots, o.rounds, o.requests, o.connections)
	}
	if !(o.exponent >= 0 && o.exponent <= 10) || !(o.rate > 0 && o.rate <= 1e6) {
		return o, fmt.Errorf("-exponent is %v, -rate %v; the first is at most 10, the second positive and at most a million", o.exponent, o.rate)
	}
	return o, nil
}
