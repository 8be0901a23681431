package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/command"
	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
	"github.com/lambent-dev/lambent/engine/wasmtime"
)

func main() {
	command.Main("engines", 20*time.Minute, func(ctx context.Context, args []string, dir string) error {
		o, err := parse(args)
		if err != nil {
			return err
		}
		return run(ctx, o, dir)
	})
}

// options are what the command line says.
type options struct {
	*command.Flags
	rounds int
	only   []string // parts
	small  bool     // as little as possible is measured; for tests, there is no flag
}

func parse(args []string) (options, error) {
	o := options{Flags: command.NewFlags("-tags wasmtime ./engines", "the order within rounds")}
	only := strings.Join(partNames, ",")
	o.IntVar(&o.rounds, "rounds", 25, "how often everything is measured")
	o.StringVar(&only, "only", only, "`parts` to measure")
	if err := o.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("-rounds is %d, it must be positive", o.rounds)
	}
	o.only = strings.Split(only, ",")
	for _, name := range o.only {
		if !slices.Contains(partNames, name) {
			return o, fmt.Errorf("-only has %q, there are %s", name, strings.Join(partNames, ", "))
		}
	}
	return o, nil
}

// part is one thing that is measured, a round of it at a time.
type part interface {
	round(ctx context.Context, random *rand.Rand) error
	report(*Results) error
	close() error
}

var partNames = []string{"programs", "handlers", "calls", "starts"}

// bench is what parts have in common.
type bench struct {
	options
	dir   string // for files of any name
	fleet *fleet.Fleet
}

func (b *bench) open(ctx context.Context, name string) (part, error) {
	switch name {
	case "programs":
		return b.openPrograms(ctx)
	case "handlers":
		return b.openHandlers(ctx)
	case "calls":
		return b.openCalls(ctx)
	}
	return b.openStarts(ctx)
}

func run(ctx context.Context, o options, dir string) error {
	if err := wasmtime.Missing(); err != nil {
		return fmt.Errorf("this compares two engines: go run -tags wasmtime ./engines, see the README: %w", err)
	}
	fmt.Fprintln(os.Stderr, "building the handlers")
	f, err := fleet.New(ctx, fleet.Evenly(2, 2, 1), dir)
	if err != nil {
		return err
	}
	b := &bench{options: o, dir: dir, fleet: f}
	return b.run(ctx)
}

func (b *bench) run(ctx context.Context) (err error) {
	results := newResults(ctx, b.options)
	var parts []part
	defer func() {
		for _, p := range parts {
			err = errors.Join(err, p.close())
		}
	}()
	for _, name := range b.only {
		fmt.Fprintln(os.Stderr, "preparing", name)
		p, err := b.open(ctx, name)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	random := rand.New(rand.NewPCG(b.Seed, 0))
	for round := range b.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, b.rounds)
		for _, i := range random.Perm(len(parts)) {
			if err := parts[i].round(ctx, random); err != nil {
				return err
			}
		}
	}
	for _, p := range parts {
		if err := p.report(results); err != nil {
			return err
		}
	}
	return b.Publish(results)
}
