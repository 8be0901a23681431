package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// starts is the part about servers that have just started.
type starts struct {
	bench   *bench
	program string
	lanes   []*startLane
}

// startLane is a server on an engine.
type startLane struct {
	args   []string
	series Starts
}

// goFunction is the number of the function in Go.
const goFunction = 0

func (b *bench) openStarts(ctx context.Context) (part, error) {
	programs, _, err := server.Build(ctx, b.dir, "-tags", "wasmtime")
	if err != nil {
		return nil, err
	}
	all := &starts{bench: b, program: programs.Lambent}
	for _, e := range engines {
		l := &startLane{
			args:   []string{"serve", "--data", filepath.Join(b.dir, "on-"+e.name), "--engine", e.name},
			series: Starts{Engine: e.name, Size: len(b.fleet.Guests.Go)},
		}
		all.lanes = append(all.lanes, l)
		s, _, err := all.start(ctx, l)
		if err != nil {
			return nil, err
		}
		deployed := b.fleet.Deploy(ctx, s, rand.New(rand.NewPCG(b.Seed, 0)), 1, nil)
		if err := errors.Join(deployed, s.Stop()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (a *starts) start(ctx context.Context, l *startLane) (*server.Server, time.Duration, error) {
	health := load.NewExchange("GET", "/health", "", `{"status":"ok"}`)
	return server.Start(ctx, &health, a.program, l.args...)
}

// round implements part.
func (a *starts) round(ctx context.Context, random *rand.Rand) error {
	for _, i := range random.Perm(len(a.lanes)) {
		l := a.lanes[i]
		s, took, err := a.start(ctx, l)
		if err != nil {
			return err
		}
		l.series.Start = append(l.series.Start, took)
		if err := errors.Join(a.ask(ctx, s, l), s.Stop()); err != nil {
			return fmt.Errorf("a server on %s: %w", l.series.Engine, err)
		}
	}
	return nil
}

// ask has the function in Go answer twice.
func (a *starts) ask(ctx context.Context, s *server.Server, l *startLane) error {
	c, err := load.Dial(ctx, s.Address, time.Minute)
	if err != nil {
		return err
	}
	defer c.Close()
	e := a.bench.fleet.Asks(goFunction)
	for _, to := range []*[]time.Duration{&l.series.First, &l.series.Second} {
		begin := time.Now()
		if err := c.Do(&e); err != nil {
			return err
		}
		*to = append(*to, time.Since(begin))
	}
	return nil
}

// report implements part.
func (a *starts) report(r *Results) error {
	for _, l := range a.lanes {
		r.Starts = append(r.Starts, l.series)
	}
	return nil
}

func (a *starts) close() error { return nil }
