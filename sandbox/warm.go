package sandbox

import (
	"context"
	"errors"
	"math"

	"github.com/lambent-dev/lambent/engine"
)

// ErrNotRestorable is the error of Warm for a function whose instances cannot be
// brought back to what the init phase left, see Sandbox.Mode: what is made ahead of
// an event would not be ready for it.
var ErrNotRestorable = errors.New("instances of this function cannot be made ahead of events")

// Warm makes instances until so many are idle, each as the init phase left it, and
// has so many stay whatever Limits and Shed say; 0 lets them go as others do. An
// event that finds them busy makes one, as ever. It returns when they are there, or
// not wanted any more as another Warm asked for fewer, or ctx ends.
//
// Errors: ErrNotRestorable, ErrClosed, engine.ErrMemoryLimit, the cause of ctx.
func (s *Sandbox) Warm(ctx context.Context, instances int) error {
	p := s.pool
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if instances > 0 && (p.mode != Pristine || p.image == nil) {
		return ErrNotRestorable
	}
	want := int64(min(max(instances, 0), math.MaxInt32))
	p.warm.Store(want)
	// Another Warm may want fewer meanwhile: the rest would not stay.
	for p.idle.Load() < min(want, p.warm.Load()) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if p.life.Err() != nil {
			return ErrClosed
		}
		in := newInstance(p)
		var err error
		in.live, err = p.image.Instantiate(engine.InstanceConfig{MemoryLimit: p.config.Limits.Memory, Data: in})
		if err != nil {
			return err
		}
		if in.live.Restorer() == nil {
			p.destroy(in)
			return ErrNotRestorable
		}
		p.put(in)
	}
	return nil
}
