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

func run(ctx context.Context, args []string, dir string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	programs, versions, err := server.Build(ctx, dir)
	if err != nil {
		return err
	}
	f, err := fleet.New(ctx, o.size, dir)
	if err != nil {
		return err
	}
	results := newResults(ctx, o, f, versions)
	b := &bench{options: o, fleet: f, results: results, random: rand.New(rand.NewPCG(o.Seed, 0)),
		program: programs.Lambent, args: []string{"serve", "--quiet", "--data", filepath.Join(dir, "data")}}
	if err := b.once(ctx); err != nil {
		return err
	}
	for range o.restarts {
		if err := b.restart(ctx); err != nil {
			return err
		}
	}
	return o.Publish(results)
}

// deployers is how many functions are deployed at once.
const deployers = 4

// bench is a run.
type bench struct {
	options
	fleet   *fleet.Fleet
	results *Results
	random  *rand.Rand
	program string
	args    []string
}

func (b *bench) start(ctx context.Context) (*server.Server, time.Duration, error) {
	health := load.NewExchange("GET", "/health", "", `{"status":"ok"}`)
	return server.Start(ctx, &health, b.program, b.args...)
}

// once deploys, waits and invokes again.
func (b *bench) once(ctx context.Context) error {
	s, _, err := b.start(ctx)
	if err != nil {
		return err
	}
	return errors.Join(b.measure(ctx, s), s.Stop())
}

func (b *bench) measure(ctx context.Context, s *server.Server) error {
	r := b.results
	begin := time.Now()
	if err := b.fleet.Deploy(ctx, s, b.random, deployers, nil); err != nil {
		return err
	}
	r.Deploying = time.Since(begin)
	var err error
	if r.Busy, err = s.Memory(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "waiting for %v\n", b.idle)
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(b.idle):
	}
	if r.Idle, err = s.Memory(); err != nil {
		return err
	}
	for range b.again {
		if err := b.ask(ctx, s, &r.Again); err != nil {
			return err
		}
	}
	r.After, err = s.Memory()
	return err
}

// restart starts the server with all functions there, and asks one.
func (b *bench) restart(ctx context.Context) error {
	s, took, err := b.start(ctx)
	if err != nil {
		return err
	}
	b.results.Restarts = append(b.results.Restarts, took)
	return errors.Join(b.ask(ctx, s, &b.results.First), s.Stop())
}

// ask invokes a function and notes how long its answer took.
func (b *bench) ask(ctx context.Context, s *server.Server, to *Calls) error {
	i := b.random.IntN(b.size.Functions)
	if to == &b.results.First {
		i = b.size.GoFunction(b.random.IntN(b.size.GoFunctions)) // they have most to load
	}
	c, err := load.Dial(ctx, s.Address, time.Minute)
	if err != nil {
		return err
	}
	defer c.Close()
	e := b.size.Asks(i)
	begin := time.Now()
	if err := c.Do(&e); err != nil {
		return fmt.Errorf("%s: %w", fleet.Name(i), err)
	}
	took := time.Since(begin)
	if b.size.IsGo(i) {
		to.Go = append(to.Go, took)
	} else {
		to.C = append(to.C, took)
	}
	return nil
}
