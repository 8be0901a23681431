package function

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// sweeping is a store that has nothing and counts sweeps.
type sweeping struct {
	store.Store
	sweeps atomic.Int64
}

func (s *sweeping) Unsettled(context.Context, store.FunctionKey, int) ([]store.Function, error) {
	return nil, nil
}

func (s *sweeping) Sweep(context.Context) (int, error) {
	s.sweeps.Add(1)
	return 0, nil
}

// TestSweepWaits wants no sweep while a deployment is under way: the old code of
// an update may be named by nothing but its record.
func TestSweepWaits(t *testing.T) {
	counting := &sweeping{}
	config := Config{Store: counting}
	config.complete()
	s := &Service{config: config, queue: newQueue(2)}
	s.life = t.Context()
	s.sweep()
	j := s.reserve("f", "d1")
	s.sweep()
	s.queue.done(j)
	if n := counting.sweeps.Load(); n != 1 {
		t.Errorf("%d sweeps while a deployment was under way and before, want 1", n)
	}
	if s.sweep(); counting.sweeps.Load() != 2 {
		t.Error("no sweep afterwards")
	}
}
