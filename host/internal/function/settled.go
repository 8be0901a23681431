package function

import (
	"context"
	"time"
)

// Settled waits until nothing of a function is under way and describes it.
// Errors: ResourceNotFound.
func (s *Service) Settled(ctx context.Context, ref Ref) (Configuration, error) {
	for {
		r, err := s.read(ctx, ref)
		if err != nil {
			return Configuration{}, err
		}
		if !r.underway() {
			return s.describe(r.Configuration, ref), nil
		}
		if _, err := s.await(ctx, r.Deployment, nil); err != nil {
			return Configuration{}, s.failure(ctx, ref, err)
		}
	}
}

// await waits until a deployment has left the queue, or a moment if it is not
// there: it may not have been taken up yet, or was settled meanwhile. expired
// reports that patience ended first.
func (s *Service) await(ctx context.Context, deployment string, patience <-chan time.Time) (expired bool, err error) {
	settled := s.queue.settled(deployment)
	var moment <-chan time.Time
	if settled == nil {
		timer := time.NewTimer(10 * time.Millisecond)
		defer timer.Stop()
		moment = timer.C
	}
	select {
	case <-settled:
	case <-moment:
	case <-patience:
		return true, nil
	case <-s.life.Done():
		return false, errClosing
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return false, nil
}
