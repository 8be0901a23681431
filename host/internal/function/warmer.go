package function

import (
	"maps"
	"sync"
	"time"
)

// warmer keeps instances ready of what has provisioned concurrency.
type warmer struct {
	changed chan struct{} // holds an element when there is something to do

	mu     sync.Mutex // guards what follows; nothing is locked under it
	states map[string]warmth

	slots map[string]*slot // of Service.keepWarm alone: those that it holds
}

// warmth is what became of a target.
type warmth struct {
	slot   *slot // whose instances are ready; it may have left the table since
	ready  int
	failed bool
}

// warmEvery is how often it is looked whether what is provisioned is there still.
const warmEvery = time.Second

func newWarmer() *warmer {
	return &warmer{changed: make(chan struct{}, 1), states: map[string]warmth{}, slots: map[string]*slot{}}
}

// wake has it look at once.
func (w *warmer) wake() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// state says what became of a target.
func (w *warmer) state(target string) warmth {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.states[target]
}

// forget has nothing be known of a target, until it is looked at next.
func (w *warmer) forget(target string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.states, target)
}

func (w *warmer) set(target string, is warmth) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.states[target] = is
}

// keepWarm has what is provisioned ready until the Service ends.
func (s *Service) keepWarm() {
	defer s.workers.Done()
	tick := time.NewTicker(warmEvery)
	defer tick.Stop()
	defer s.coolDown(nil)
	for {
		select {
		case <-s.life.Done():
			return
		case <-s.warmer.changed:
		case <-tick.C:
		}
		all := s.permits.now.Load()
		if all == nil {
			var err error
			if all, err = s.permits.load(s.life, s); err != nil {
				continue // and again with the next tick
			}
		}
		if len(all.of) == 0 && len(s.warmer.slots) == 0 {
			continue
		}
		s.permits.mu.Lock()
		s.permits.refresh(s.life, s) // aliases may have moved
		all = s.permits.now.Load()
		s.permits.mu.Unlock()
		if all == nil {
			continue
		}
		wanted := map[string]int{}
		for name, a := range all.of {
			for version, c := range a.provisioned {
				wanted[name+":"+version] = int(c.limit.Load())
			}
		}
		s.coolDown(wanted)
		for target, n := range wanted {
			s.warm(target, n)
		}
	}
}

// warm has n instances of a target ready.
func (s *Service) warm(target string, n int) {
	held := s.warmer.slots[target]
	if held != nil && !s.live.has(held) { // the function was deleted, and perhaps made again
		s.cool(held)
		held = nil
	}
	if held == nil {
		slot, err := s.acquire(s.life, target)
		if err != nil {
			s.warmer.set(target, warmth{failed: !passing(err)})
			return
		}
		s.live.keep(slot, true)
		s.warmer.slots[target], held = slot, slot
	}
	err := held.box.Warm(s.life, n)
	if err != nil {
		s.warmer.set(target, warmth{failed: !passing(err)})
		return
	}
	s.warmer.set(target, warmth{slot: held, ready: n})
}

// coolDown lets go of what is not wanted any more.
func (s *Service) coolDown(wanted map[string]int) {
	for target, slot := range s.warmer.slots {
		if wanted[target] == 0 {
			s.cool(slot)
		}
	}
	s.warmer.mu.Lock()
	defer s.warmer.mu.Unlock()
	maps.DeleteFunc(s.warmer.states, func(target string, _ warmth) bool { return wanted[target] == 0 }) // those that failed
}

func (s *Service) cool(slot *slot) {
	delete(s.warmer.slots, slot.name)
	s.warmer.forget(slot.name)
	_ = slot.box.Warm(s.life, 0) // it makes nothing; a closed one keeps nothing
	s.live.keep(slot, false)
	s.live.release(slot)
}
