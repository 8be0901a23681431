package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"
)

// callLimit is the deadline of every call, which the contenders that look at it
// find far away.
const callLimit = 10 * time.Minute

// measure has every lane do its work o.rounds times. A round takes the programs
// in shuffled order, and the contenders of each one after the other, in shuffled
// order too: what is compared is measured within a second.
func (f *field) measure(ctx context.Context, o options) error {
	runtime.LockOSThread() // whose processor time is taken
	defer runtime.UnlockOSThread()
	random := rand.New(rand.NewPCG(o.Seed, 0))
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
		for _, p := range random.Perm(len(f.programs)) {
			for _, c := range random.Perm(len(f.entrants)) {
				l := f.lanes[p][c]
				s, err := l.run(ctx, l.program.amount, f.answers[p])
				if err != nil {
					return err
				}
				l.series.Samples = append(l.series.Samples, s)
			}
		}
	}
	return f.agree()
}

// run has an instance made for it do a little, so that memory and code have been
// touched, and then so much, which is measured.
func (l *lane) run(ctx context.Context, amount uint32, want uint64) (s Sample, err error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s, %s: %w", l.program.name, l.series.Contender, err)
		}
	}()
	in, err := l.contender.instantiate(ctx)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if l.program.reactor {
		if err := in.call(ctx, "_initialize", nil); err != nil {
			return s, err
		}
	}
	if err := in.call(ctx, l.program.function, []uint64{uint64(l.program.small)}); err != nil {
		return s, err
	}
	runtime.GC() // none of ours while the guest runs
	stack, fuel := []uint64{uint64(amount)}, in.used()
	begun := time.Now()
	cpu, err := threadTime()
	if err != nil {
		return s, err
	}
	if err := in.call(ctx, l.program.function, stack); err != nil {
		return s, err
	}
	after, err := threadTime()
	s = Sample{CPU: after - cpu, Wall: time.Since(begun), Fuel: in.used() - fuel}
	if err == nil && stack[0] != want {
		err = fmt.Errorf("the checksum is %#x, it should be %#x", stack[0], want)
	}
	return s, err
}

// agree checks that fuel is the same in every round, and whatever the slices:
// what was compared is then the same work.
func (f *field) agree() error {
	for _, lanes := range f.lanes {
		var first int64
		for _, l := range lanes {
			counts := l.series.fuel()
			if counts[0] == 0 {
				continue // not metered
			}
			if least, most := slices.Min(counts), slices.Max(counts); least != most {
				return fmt.Errorf("%s, %s: used %d to %d units of fuel for the same work", l.program.name, l.series.Contender, least, most)
			}
			if l.series.Contender == lambentEngine {
				continue // which has host calls paid for as well
			}
			if first == 0 {
				first = counts[0]
			}
			if counts[0] != first {
				return fmt.Errorf("%s, %s: used %d units of fuel, others %d", l.program.name, l.series.Contender, counts[0], first)
			}
		}
	}
	return nil
}
