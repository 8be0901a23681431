package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// benchPlan says how events are sent.
type benchPlan struct {
	events      int
	concurrency int             // callers
	arrivals    []time.Duration // of an open loop, one for each event; nil: a closed loop
}

// name is what reports call it.
func (p benchPlan) name() string {
	if p.arrivals != nil {
		return "open loop"
	}
	return fmt.Sprintf("%d at a time", p.concurrency)
}

// benchSample is one invocation that was measured. Times are in nanoseconds.
type benchSample struct {
	Arrival int64  `json:"arrivalNs"`       // since the measurement began; in an open loop, when it was to be
	Delay   int64  `json:"delayNs"`         // from the arrival until a caller had time for it
	Latency int64  `json:"latencyNs"`       // from the arrival to the answer
	Error   string `json:"error,omitempty"` // how the function failed
	Fuel    uint64 `json:"fuel,omitempty"`

	// Phases, as far as they are known.
	Load        int64 `json:"loadNs,omitempty"`
	Instantiate int64 `json:"instantiateNs,omitempty"`
	Init        int64 `json:"initNs,omitempty"`
	Run         int64 `json:"runNs,omitempty"`
	Restore     int64 `json:"restoreNs,omitempty"`

	answer []byte // of a remote function that failed
}

// benchSeries is one measurement.
type benchSeries struct {
	Name        string        `json:"name"`
	Concurrency int           `json:"concurrency"`
	OpenLoop    bool          `json:"openLoop"`
	Wall        int64         `json:"wallNs"` // all of it
	Samples     []benchSample `json:"samples"`
}

// drive sends events as the plan says. invoke sends one, and fills in what it
// knows; an error of its ends the measurement.
func drive(ctx context.Context, p benchPlan, name string, invoke func(context.Context, *benchSample) error) (*benchSeries, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &benchSeries{Name: name, Concurrency: p.concurrency, OpenLoop: p.arrivals != nil, Samples: make([]benchSample, p.events)}
	var next atomic.Int64
	var callers sync.WaitGroup
	begin := time.Now()
	for range min(p.concurrency, p.events) {
		callers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= p.events || ctx.Err() != nil {
					return
				}
				if p.arrivals != nil && !sleepUntil(ctx, begin.Add(p.arrivals[i])) {
					return
				}
				if err := s.Samples[i].measure(ctx, p, i, begin, invoke); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	callers.Wait()
	s.Wall = int64(time.Since(begin))
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return s, nil
}

// measure sends event i.
func (s *benchSample) measure(ctx context.Context, p benchPlan, i int, begin time.Time, invoke func(context.Context, *benchSample) error) error {
	started := time.Since(begin)
	arrived := started
	if p.arrivals != nil {
		arrived = p.arrivals[i]
	}
	err := invoke(ctx, s)
	ended := time.Since(begin)
	s.Arrival, s.Delay = int64(arrived), int64(started-arrived)
	if s.Latency == 0 { // invoke does not know better
		s.Latency = int64(ended - arrived)
	}
	return err
}

// sleepUntil reports whether it is at; false means that ctx is done.
func sleepUntil(ctx context.Context, at time.Time) bool {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
