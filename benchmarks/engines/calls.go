package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/engine"
)

// calls is the part about calls into and out of a guest.
type calls struct {
	lanes []*callLane
	count int // in a batch
}

// batches is how many batches of calls a round has.
const batches = 20

// callLane is a guest on an engine.
type callLane struct {
	engine engine.Engine
	module engine.Module
	guest  engine.Instance
	out    Calls // the guest calls its host
	in     Calls // the host calls the guest
}

func (b *bench) openCalls(ctx context.Context) (part, error) {
	bytes, err := os.ReadFile("meter/guests/c/calls.wasm")
	if err != nil {
		return nil, fmt.Errorf("a committed program is missing, is this run in the folder of the benchmarks? %w", err)
	}
	binary, err := engine.Check(bytes, engine.ModuleLimits{})
	if err != nil {
		return nil, err
	}
	c := &calls{count: 10_000}
	if b.small {
		c.count = 100
	}
	for _, e := range engines {
		l := &callLane{out: Calls{Engine: e.name, What: callOut}, in: Calls{Engine: e.name, What: callIn}}
		c.lanes = append(c.lanes, l)
		if l.engine, err = e.open(""); err != nil {
			return nil, errors.Join(err, c.close())
		}
		if err := l.open(ctx, binary); err != nil {
			return nil, errors.Join(fmt.Errorf("calls, %s: %w", e.name, err), c.close())
		}
	}
	return c, nil
}

func (l *callLane) open(ctx context.Context, binary *engine.Binary) (err error) {
	i32 := []engine.ValueType{engine.I32}
	host := engine.NewHost(engine.HostFunc{Module: "bench", Name: "next", Params: i32, Results: i32,
		Call: func(_ context.Context, _ engine.Instance, stack []uint64) { stack[0] = uint64(uint32(stack[0]) + 1) }})
	if l.module, err = l.engine.Compile(ctx, binary, host); err != nil {
		return err
	}
	l.guest, err = l.module.Instantiate(ctx, engine.InstanceConfig{})
	return err
}

// round implements part.
func (c *calls) round(ctx context.Context, random *rand.Rand) error {
	runtime.LockOSThread() // whose processor time is taken
	defer runtime.UnlockOSThread()
	runtime.GC()
	for range batches {
		for _, i := range random.Perm(len(c.lanes)) {
			if err := c.lanes[i].batch(ctx, c.count); err != nil {
				return fmt.Errorf("calls, %s: %w", c.lanes[i].in.Engine, err)
			}
		}
	}
	return nil
}

// batch has the guest call its host so often, and the host the guest.
func (l *callLane) batch(ctx context.Context, count int) error {
	run, nothing := l.guest.Func("run"), l.guest.Func("nothing")
	stack := []uint64{uint64(count)}
	s, err := compute.Time(func() error { return run.Call(ctx, stack) })
	if err == nil && stack[0] != uint64(count) {
		err = fmt.Errorf("it called its host %d times, not %d", stack[0], count)
	}
	if err != nil {
		return err
	}
	l.out.add(count, s)
	s, err = compute.Time(func() error {
		for range count {
			if err := nothing.Call(ctx, nil); err != nil {
				return err
			}
		}
		return nil
	})
	l.in.add(count, s)
	return err
}

// report implements part.
func (c *calls) report(r *Results) error {
	for _, l := range c.lanes {
		r.Calls = append(r.Calls, l.out, l.in)
	}
	return nil
}

func (c *calls) close() error {
	var errs []error
	for _, l := range c.lanes {
		if l.guest != nil {
			errs = append(errs, l.guest.Close())
		}
		if l.module != nil {
			errs = append(errs, l.module.Close())
		}
		if l.engine != nil {
			errs = append(errs, l.engine.Close())
		}
	}
	return errors.Join(errs...)
}
