package compute

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Lane is a program run by a contender.
type Lane struct {
	program   *Program
	contender Contender
	charges   bool
	Series    Series
}

// Series is what one contender did with one program.
type Series struct {
	Contender string
	Compile   time.Duration // once, so good for its magnitude only
	Samples   []Sample      // by round
}

// Field is everything that is compared: for each program a lane of each entrant.
type Field struct {
	Programs []Program
	Answers  []uint64  // by program: what its amount of work comes to
	Lanes    [][]*Lane // by program and entrant

	entrants []Entrant
	modules  map[module]compiled
}

// module is what is compiled once, whatever number of programs it holds.
type module struct {
	digest   [32]byte
	entrants int // index of the entrant
}

type compiled struct {
	contender Contender
	took      time.Duration
}

// Open compiles all, and has each lane do a little. It takes the entrants.
func Open(ctx context.Context, programs []Program, entrants []Entrant) (*Field, error) {
	f := &Field{Programs: programs, entrants: entrants, modules: make(map[module]compiled)}
	if err := f.fill(ctx); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *Field) fill(ctx context.Context) error {
	for i := range f.Programs {
		p := &f.Programs[i]
		var lanes []*Lane
		for e := range f.entrants {
			entrant := &f.entrants[e]
			c, err := f.compile(ctx, p, e)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", p.Name, entrant.Name, err)
			}
			l := &Lane{program: p, contender: c.contender, charges: entrant.Charges, Series: Series{Contender: entrant.Name, Compile: c.took}}
			if _, err := l.run(ctx, p.small, p.native(p.small)); err != nil {
				return err
			}
			lanes = append(lanes, l)
		}
		f.Lanes = append(f.Lanes, lanes)
		f.Answers = append(f.Answers, p.native(p.Amount))
	}
	fmt.Fprintln(os.Stderr, "every program computes what it should")
	return nil
}

func (f *Field) compile(ctx context.Context, p *Program, entrant int) (compiled, error) {
	key := module{p.Binary.Digest(), entrant}
	if known, ok := f.modules[key]; ok {
		return known, nil
	}
	begun := time.Now()
	c, err := f.entrants[entrant].Compile(ctx, p)
	if err != nil {
		return compiled{}, err
	}
	f.modules[key] = compiled{c, time.Since(begun)}
	return f.modules[key], nil
}

// SeriesOf returns the series of a program, in the order of entrants.
func (f *Field) SeriesOf(program int) []Series {
	var all []Series
	for _, l := range f.Lanes[program] {
		all = append(all, l.Series)
	}
	return all
}

// Close closes contenders and entrants.
func (f *Field) Close() error {
	var errs []error
	for _, m := range f.modules {
		errs = append(errs, m.contender.Close())
	}
	return errors.Join(append(errs, CloseAll(f.entrants))...)
}

// CloseAll closes entrants.
func CloseAll(entrants []Entrant) error {
	var errs []error
	for _, e := range entrants {
		errs = append(errs, e.Close())
	}
	return errors.Join(errs...)
}
