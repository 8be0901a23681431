package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

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
	b := &bench{options: o, fleet: f, results: results, random: rand.New(rand.NewPCG(o.Seed, 0)), program: programs.Lambent, data: filepath.Join(dir, "data")}
	b.loads = newLoads(b.data, o.size.Functions)
	// The server that is measured has deployed nothing itself.
	for _, use := range []func(context.Context, *server.Server) error{b.deploy, b.measure} {
		if err := b.serve(ctx, use); err != nil {
			return err
		}
	}
	return o.Publish(results)
}

// bench is a run.
type bench struct {
	options
	fleet   *fleet.Fleet
	loads   *loads
	results *Results
	random  *rand.Rand
	program string
	data    string
}

// serve starts a server for use, and stops it.
func (b *bench) serve(ctx context.Context, use func(context.Context, *server.Server) error) error {
	s, err := b.start(ctx)
	if err != nil {
		return err
	}
	return errors.Join(use(ctx, s), s.Stop())
}

func (b *bench) start(ctx context.Context) (*server.Server, error) {
	health := load.NewExchange("GET", "/health", "", `{"status":"ok"}`)
	s, _, err := server.Start(ctx, &health, b.program, "serve", "--quiet", "--data", b.data, "--sandboxes", strconv.Itoa(b.slots))
	return s, err
}

// deploy deploys one function after the other, so that it can be told which image
// belongs to which.
func (b *bench) deploy(ctx context.Context, s *server.Server) error {
	return b.fleet.Deploy(ctx, s, b.random, 1, b.loads.deployed)
}

// measure fills the table of the server, and then asks in both ways, in turn.
func (b *bench) measure(ctx context.Context, s *server.Server) error {
	popular := zipf(b.size.Functions, b.exponent, b.random)
	ideal := &lru{slots: b.slots}
	a := newAsker(s, b.size, b.loads)
	loop := func(open bool) (*Loop, error) {
		all := popular.arrivals(b.requests, b.rate, b.random)
		connections := b.connections
		if open {
			connections = openConnections
		}
		l, err := a.loop(ctx, all, open, connections)
		if err == nil {
			l.Ideal = ideal.misses(all)
		}
		return l, err
	}
	if _, err := loop(false); err != nil {
		return err
	}
	for i := range b.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, b.rounds)
		for _, open := range []bool{false, true} {
			l, err := loop(open)
			if err != nil {
				return err
			}
			b.results.Loops = append(b.results.Loops, *l)
		}
	}
	return nil
}
