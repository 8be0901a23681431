package wasi

import (
	"context"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

func TestSchedYield(t *testing.T) {
	g := newGuest(t)
	g.ok("sched_yield")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(engine.ErrTimeout)
	g.ctx = ctx
	err := stopped(func() { g.call("sched_yield") })
	if !errors.Is(err, engine.ErrInterrupted) || !errors.Is(err, engine.ErrTimeout) {
		t.Errorf("the guest was stopped by %v, want an interruption by the timeout", err)
	}
}
