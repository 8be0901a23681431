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
	s.resume()
	for wait := firstSweep; ; wait = sweepEvery {
		select {
		case <-s.life.Done():
			return
		case <-time.After(wait):
		}
		_, _ = s.config.Store.Sweep(s.life) // what could not be removed is tried again
	}
}

// resume takes up what was under way when the last Service ended.
func (s *Service) resume() {
	after := store.FunctionKey{}
	for tries := 0; ; {
		found, err := s.config.Store.Unsettled(s.life, after, store.MaxPage)
		if err != nil {
			if !inDoubt(err) {
				return
			}
			tries++
			select {
			case <-s.life.Done():
				return
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
			return
		}
	}
}
