// Command benchmarks compares Lambent with peers: the same handlers, each event
// in an instance that no event has seen, all contenders in one run whose rounds
// are interleaved in shuffled order. README.md says what the figures mean.
//
//	go run . [-rounds n] [-events n] [-seed n] [-o results/NAME.json]
//
// It needs the Go tool and a C compiler named cc, and is run in its own folder.
// It listens on nothing, connects to nothing and ends by itself.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
)

func main() { command.Main("benchmarks", 20*time.Minute, run) }

// options are what the command line says.
type options struct {
	*command.Flags
	rounds int
	events int
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags(".", "the order within rounds")}
	o.IntVar(&o.rounds, "rounds", 10, "how often every contender is measured")
	o.IntVar(&o.events, "events", 2000, "least number of events per contender and round; what takes long gets a part of them, what is fast as many as take 100 ms")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 || o.events < 1 {
		return o, fmt.Errorf("-rounds is %d and -events is %d, both must be positive", o.rounds, o.events)
	}
	return o, nil
}

func run(ctx context.Context, args []string, dir string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "building the handlers")
	handlers, err := buildHandlers(ctx, dir)
	if err != nil {
		return err
	}
	results := newResults(ctx, o)
	field, err := load(ctx, handlers)
	if err != nil {
		return err
	}
	defer field.close()
	fmt.Fprintln(os.Stderr, "every contender answers right")
	if err := field.measure(ctx, o); err != nil {
		return err
	}
	results.Series = field.series()
	fmt.Fprintln(os.Stderr, "dirty pages")
	if results.Pages, err = measurePages(ctx, o); err != nil {
		return err
	}
	for _, h := range handlers {
		fmt.Fprintln(os.Stderr, "phases of Lambent,", h.name)
		p, err := measurePhases(ctx, h, dir)
		if err != nil {
			return fmt.Errorf("phases, %s: %w", h.name, err)
		}
		results.Phases = append(results.Phases, p)
	}
	return o.Publish(results)
}
