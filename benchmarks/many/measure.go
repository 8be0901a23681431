package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lambent-benchmarks-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, versions, err := server.Build(ctx, dir)
	if err != nil {
		return err
	}
	f, err := newFleet(ctx, o, dir)
	if err != nil {
		return err
	}
	results := newResults(ctx, f, versions)
	b := &bench{fleet: f, results: results, random: rand.New(rand.NewPCG(o.seed, 0)),
		program: programs.Lambent, args: []string{"serve", "--quiet", "--data", filepath.Join(dir, "data")}}
	if err := b.once(ctx); err != nil {
		return err
	}
	for range o.restarts {
		if err := b.restart(ctx); err != nil {
			return err
		}
	}
	results.End()
	if err := results.report(os.Stdout); err != nil || o.output == "" {
		return err
	}
	return record.Write(o.output, results)
}

// bench is a run.
type bench struct {
	*fleet
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
	if err := b.deploy(ctx, s); err != nil {
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
	i := b.random.IntN(b.functions)
	if to == &b.results.First {
		i = b.aGoFunction(b.random.IntN(b.goFunctions)) // they have most to load
	}
	c, err := load.Dial(ctx, s.Address, time.Minute)
	if err != nil {
		return err
	}
	defer c.Close()
	e := b.asks(i)
	begin := time.Now()
	if err := c.Do(&e); err != nil {
		return fmt.Errorf("%s: %w", nameOf(i), err)
	}
	took := time.Since(begin)
	if b.isGo(b.codeOf(i)) {
		to.Go = append(to.Go, took)
	} else {
		to.C = append(to.C, took)
	}
	return nil
}
