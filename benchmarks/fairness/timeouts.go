package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// Of the guests that run out of time.
const (
	shortest = 5 * time.Millisecond
	longest  = 50 * time.Millisecond
	perShape = 16 // Sandboxes, each with a limit of its own
	atOnce   = 2
	block    = 100 // timeouts, and then as many timers
	natives  = 5   // timeouts for each native loop
)

// timed is a Sandbox of a shape and its Limits.Time.
type timed struct {
	shape int
	limit time.Duration
	box   *sandbox.Sandbox
}

// measureTimeouts has guests run out of time, two at once, and measures how late
// each ends. In between, as many timers of the same limits, two at once, say how
// late the machine is by itself, and native loops that look at the clock how late
// it lets code be that wants its processors.
func measureTimeouts(ctx context.Context, eng engine.Engine, o options) (t Timeouts, err error) {
	random := rand.New(rand.NewPCG(o.Seed, 1))
	all := shapes()
	boxes, err := timedBoxes(ctx, eng, all, random)
	defer func() {
		for _, b := range boxes {
			err = errors.Join(err, b.box.Close())
		}
	}()
	if err != nil {
		return t, err
	}
	for _, s := range all {
		t.Shapes = append(t.Shapes, Lateness{Name: s.name})
	}
	t.Timer.Name, t.Native.Name = "timer", "native loop"
	// What the first of each makes stays: threads, the room of the allocator.
	for _, b := range boxes[:min(len(boxes), o.timeouts)] {
		if _, _, err := b.late(ctx); err != nil {
			return t, fmt.Errorf("%s: %w", all[b.shape].name, err)
		}
	}
	t.Before = hold()
	for done := 0; done < o.timeouts; done += block {
		n := min(block, o.timeouts-done)
		if done/block%10 == 0 {
			fmt.Fprintf(os.Stderr, "timeout %d of %d\n", done, o.timeouts)
		}
		picked := make([]*timed, n)
		for i := range picked {
			picked[i] = boxes[random.IntN(len(boxes))]
		}
		stopped := make([]time.Duration, n)
		late, err := together(n, func(i int) (late time.Duration, err error) {
			late, stopped[i], err = picked[i].late(ctx)
			return late, err
		})
		if err != nil {
			return t, err
		}
		for i, b := range picked {
			s := &t.Shapes[b.shape]
			s.Late, s.Stopped = append(s.Late, late[i]), append(s.Stopped, stopped[i])
		}
		timers, err := together(n, func(i int) (time.Duration, error) { return timerLate(ctx, picked[i].limit) })
		if err != nil {
			return t, err
		}
		t.Timer.Late = append(t.Timer.Late, timers...)
		loops, err := together((n+natives-1)/natives, func(i int) (time.Duration, error) { return loopLate(ctx, picked[i].limit) })
		if err != nil {
			return t, err
		}
		t.Native.Late = append(t.Native.Late, loops...)
	}
	t.After = hold()
	return t, nil
}

// timedBoxes makes Sandboxes with limits at random. It returns those that it
// made with an error, too.
func timedBoxes(ctx context.Context, eng engine.Engine, all []shape, random *rand.Rand) (boxes []*timed, err error) {
	for range perShape {
		for i := range all {
			limit := shortest + time.Duration(random.Int64N(int64(longest-shortest)))
			box, err := all[i].box(ctx, eng, limit)
			if err != nil {
				return boxes, err
			}
			boxes = append(boxes, &timed{i, limit, box})
		}
	}
	return boxes, nil
}

// together measures n times, two at once, and returns the results in order.
func together(n int, measure func(i int) (time.Duration, error)) ([]time.Duration, error) {
	late, errs := make([]time.Duration, n), make([]error, atOnce)
	var wg sync.WaitGroup
	for w := range atOnce {
		wg.Go(func() {
			for i := w; i < n && errs[w] == nil; i += atOnce {
				late[i], errs[w] = measure(i)
			}
		})
	}
	wg.Wait()
	return late, errors.Join(errs...)
}

// late has the guest run out of time. It returns how much longer than its limit
// the whole invocation took, making the instance excepted and destroying it
// included, and how much longer the guest ran.
func (b *timed) late(ctx context.Context) (answered, stopped time.Duration, err error) {
	begin := time.Now()
	res, err := b.box.Run(ctx, nil)
	took := time.Since(begin)
	if !errors.Is(err, engine.ErrTimeout) {
		return 0, 0, fmt.Errorf("the guest ended with %v", err)
	}
	return took - res.Usage.Init - b.limit, res.Usage.Duration - b.limit, nil
}

// timerLate waits for a timer, and returns how late it was.
func timerLate(ctx context.Context, limit time.Duration) (time.Duration, error) {
	begin := time.Now()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	return time.Since(begin) - limit, nil
}

// loopLate computes until its time is over, and returns how much later it found
// that.
func loopLate(ctx context.Context, limit time.Duration) (time.Duration, error) {
	begin := time.Now()
	for time.Since(begin) < limit {
		compute()
	}
	return time.Since(begin) - limit, context.Cause(ctx)
}
