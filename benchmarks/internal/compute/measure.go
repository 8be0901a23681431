package compute

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

// Sample is one call.
type Sample struct {
	CPU  time.Duration // of the thread that ran it, in user and system mode
	Wall time.Duration
	Fuel int64 // units used, 0 if that is not counted
}

// Measure has every lane do its work so many times. A round takes the programs in
// shuffled order, and the contenders of each one after the other, in shuffled order
// too: what is compared is measured within a second.
func (f *Field) Measure(ctx context.Context, rounds int, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		if err := f.Round(ctx, random); err != nil {
			return err
		}
	}
	return f.Agree()
}

// Round has every lane do its work once.
func (f *Field) Round(ctx context.Context, random *rand.Rand) error {
	runtime.LockOSThread() // whose processor time is taken
	defer runtime.UnlockOSThread()
	for _, p := range random.Perm(len(f.Programs)) {
		for _, c := range random.Perm(len(f.entrants)) {
			l := f.Lanes[p][c]
			s, err := l.run(ctx, l.program.Amount, f.Answers[p])
			if err != nil {
				return err
			}
			l.Series.Samples = append(l.Series.Samples, s)
		}
	}
	return nil
}

// run has an instance made for it do a little, so that memory and code have been
// touched, and then so much, which is measured.
func (l *Lane) run(ctx context.Context, amount uint32, want uint64) (s Sample, err error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s, %s: %w", l.program.Name, l.Series.Contender, err)
		}
	}()
	in, err := l.contender.Instantiate(ctx)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if l.program.reactor {
		if err := in.Call(ctx, "_initialize", nil); err != nil {
			return s, err
		}
	}
	if err := in.Call(ctx, l.program.function, []uint64{uint64(l.program.small)}); err != nil {
		return s, err
	}
	runtime.GC() // none of ours while the guest runs
	stack, fuel := []uint64{uint64(amount)}, in.Used()
	s, err = Time(func() error { return in.Call(ctx, l.program.function, stack) })
	s.Fuel = in.Used() - fuel
	if err == nil && stack[0] != want {
		err = fmt.Errorf("the checksum is %#x, it should be %#x", stack[0], want)
	}
	return s, err
}

// Time takes the time of work on the goroutine's thread, which is to be locked.
func Time(work func() error) (s Sample, err error) {
	begun := time.Now()
	cpu, err := threadTime()
	if err != nil {
		return s, err
	}
	if err := work(); err != nil {
		return s, err
	}
	after, err := threadTime()
	return Sample{CPU: after - cpu, Wall: time.Since(begun)}, err
}

// Agree checks that fuel is the same in every round, and whatever counts it: what
// was compared is then the same work. Contenders that charge for calls of the host
// are compared among themselves if the program makes any.
func (f *Field) Agree() error {
	for i, lanes := range f.Lanes {
		first := make(map[bool]int64)
		for _, l := range lanes {
			counts := l.Series.fuel()
			if counts[0] == 0 {
				continue // not metered
			}
			if least, most := slices.Min(counts), slices.Max(counts); least != most {
				return fmt.Errorf("%s, %s: used %d to %d units of fuel for the same work", l.program.Name, l.Series.Contender, least, most)
			}
			group := l.charges && len(f.Programs[i].Binary.Imports) > 0
			if _, ok := first[group]; !ok {
				first[group] = counts[0]
			}
			if counts[0] != first[group] {
				return fmt.Errorf("%s, %s: used %d units of fuel, others %d", l.program.Name, l.Series.Contender, counts[0], first[group])
			}
		}
	}
	return nil
}
