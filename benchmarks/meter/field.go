package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// lane is one cell of the results to be: a program run by a contender.
type lane struct {
	program   *program
	contender contender
	series    Series
}

// field is everything that is compared: for each program a lane of each entrant.
type field struct {
	programs []program
	answers  []uint64 // by program: what its amount of work comes to
	entrants []entrant
	lanes    [][]*lane // by program and entrant
	modules  map[module]compiled
}

// module is what is compiled once, whatever number of programs it holds.
type module struct {
	digest   [32]byte
	entrants int // index of the entrant
}

type compiled struct {
	contender contender
	took      time.Duration
}

// open compiles all, and has each lane do a little.
func open(ctx context.Context, programs []program, slices []int64) (*field, error) {
	f := &field{programs: programs, modules: make(map[module]compiled)}
	var err error
	if f.entrants, err = entrants(ctx, slices); err == nil {
		err = f.fill(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *field) fill(ctx context.Context) error {
	for i := range f.programs {
		p := &f.programs[i]
		b, err := engine.Check(p.module, engine.ModuleLimits{})
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		var lanes []*lane
		for e := range f.entrants {
			c, err := f.compile(ctx, b, e)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", p.name, f.entrants[e].name, err)
			}
			l := &lane{program: p, contender: c.contender, series: Series{Contender: f.entrants[e].name, Compile: c.took}}
			if _, err := l.run(ctx, p.small, p.native(p.small)); err != nil {
				return err
			}
			lanes = append(lanes, l)
		}
		f.lanes = append(f.lanes, lanes)
		f.answers = append(f.answers, p.native(p.amount))
	}
	fmt.Fprintln(os.Stderr, "every program computes what it should")
	return nil
}

func (f *field) compile(ctx context.Context, b *engine.Binary, entrant int) (compiled, error) {
	key := module{b.Digest(), entrant}
	if known, ok := f.modules[key]; ok {
		return known, nil
	}
	begun := time.Now()
	c, err := f.entrants[entrant].compile(ctx, b)
	if err != nil {
		return compiled{}, err
	}
	f.modules[key] = compiled{c, time.Since(begun)}
	return f.modules[key], nil
}

func (f *field) close() error {
	var errs []error
	for _, m := range f.modules {
		errs = append(errs, m.contender.close())
	}
	for _, e := range f.entrants {
		errs = append(errs, e.close())
	}
	return errors.Join(errs...)
}
