package function

import (
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// Code that no function names is removed from time to time.
const (
	firstSweep = time.Minute
	sweepEvery = time.Hour
)

// tend takes up what was interrupted, then sweeps until the Service ends.
func (s *Service) tend() {
	defer s.workers.Done()
	if !s.resume() {
		return // code of an unfinished update may be named by nothing but its record
	}
	for wait := firstSweep; ; wait = sweepEvery {
		select {
		case <-s.life.Done():
			return
		case <-time.After(wait):
		}
		s.sweep()
	}
}

// sweep removes code that nothing names, unless deployments are under way: the
// row of a function in an update names the new code, while the old one answers.
func (s *Service) sweep() {
	s.sweeping.Lock()
	defer s.sweeping.Unlock()
	if s.queue.idle() {
		// What could not be removed is tried again.
		_, _ = s.config.Store.Sweep(s.life)
	}
}

// reserve admits a deployment, and keeps sweep away until it is settled. It
// returns nil if there are too many.
func (s *Service) reserve(name, deployment string) *job {
	s.sweeping.RLock()
	defer s.sweeping.RUnlock()
	return s.queue.reserve(name, deployment)
}

// resume takes up what was under way when the last Service ended. It reports
// whether all of it was found.
func (s *Service) resume() bool {
	after := store.FunctionKey{}
	for tries := 0; ; {
		found, err := s.config.Store.Unsettled(s.life, after, store.MaxPage)
		if err != nil {
			if !inDoubt(err) {
				return false
			}
			tries++
			select {
			case <-s.life.Done():
				return false
			case <-time.After(pause(tries)):
			}
			continue
		}
		for _, f := range found {
			after = f.FunctionKey
			if f.FunctionKey != s.key(f.Name) {
				continue
			}
			if r, err := decode(f); err == nil {
				s.queue.resume(f.Name, r.Deployment)
			}
		}
		if len(found) < store.MaxPage {
			return true
		}
	}
}
