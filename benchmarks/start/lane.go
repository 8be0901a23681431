package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// How many functions are deployed, and how many of them are Go's, the others C's.
// No two have the same code.
const (
	functions   = 100
	goFunctions = 5
)

var size = fleet.Evenly(functions, functions, goFunctions)

// lane is one line of the results to be: a server that is started over and over.
type lane struct {
	program string
	args    []string
	first   load.Exchange // whose answer ends the measurement
	full    bool          // whether the functions are there
	series  Series
}

// lanesOf keeps data directories in dir.
func lanesOf(programs server.Programs, dir string) []*lane {
	health := load.NewExchange("GET", "/health", "", `{"status":"ok"}`)
	lambent := func(name string, full bool) *lane {
		return &lane{
			program: programs.Lambent,
			args:    []string{"serve", "--data", filepath.Join(dir, name)},
			first:   health,
			full:    full,
			series:  Series{Server: "`lambent serve`, " + name},
		}
	}
	return []*lane{
		lambent("no functions", false),
		lambent(fmt.Sprintf("%d functions", functions), true),
		{
			program: programs.Hello,
			first:   load.NewExchange("GET", "/health", "", "hello"),
			series:  Series{Server: "bare fasthttp"},
		},
	}
}

// prepare starts and stops each server once: that makes its data directory, and
// puts the functions there.
func prepare(ctx context.Context, lanes []*lane, f *fleet.Fleet, random *rand.Rand) error {
	for _, l := range lanes {
		s, _, err := server.Start(ctx, &l.first, l.program, l.args...)
		if err != nil {
			return err
		}
		if l.full {
			fmt.Fprintf(os.Stderr, "deploying %d functions\n", functions)
			err = f.Deploy(ctx, s, random, 1, nil)
		}
		if err := errors.Join(err, s.Stop()); err != nil {
			return err
		}
	}
	return nil
}

// measure starts every server o.starts times, in shuffled order, so that what
// else the machine does meets all of them alike.
func measure(ctx context.Context, o options, lanes []*lane, random *rand.Rand) error {
	order := append([]*lane(nil), lanes...)
	for i := range o.starts {
		fmt.Fprintf(os.Stderr, "start %d of %d\n", i+1, o.starts)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, l := range order {
			if err := l.start(ctx, random.IntN(functions)); err != nil {
				return fmt.Errorf("%s: %w", l.series.Server, err)
			}
		}
	}
	return nil
}

// start measures one start, and then asks a function, if there are any: it is
// ready because it has them, not although.
func (l *lane) start(ctx context.Context, function int) error {
	s, took, err := server.Start(ctx, &l.first, l.program, l.args...)
	if err != nil {
		return err
	}
	l.series.Starts = append(l.series.Starts, took)
	if l.full {
		err = ask(ctx, s, function)
	}
	return errors.Join(err, s.Stop())
}

func ask(ctx context.Context, s *server.Server, function int) error {
	c, err := load.Dial(ctx, s.Address, time.Minute)
	if err != nil {
		return err
	}
	defer c.Close()
	e := size.Asks(function)
	return c.Do(&e)
}
