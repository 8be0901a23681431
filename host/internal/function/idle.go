package function

import (
	"cmp"
	"slices"
	"time"
)

// A function that rests holds less and less: after Config.ShrinkAfter one
// instance, after Config.ParkAfter none, after Config.DropAfter not even a
// sandbox. All of it comes back with the next event, from disk at worst.

// parkedPart is which part of Config.Sandboxes may be parked; of more, those not
// used for longest are dropped at once. The image of a function in Go takes some
// megabytes, a full table of them half a gigabyte.
const parkedPart = 4

// rest has idle functions give up what they hold, and notes which functions are
// hot, until the Service ends.
func (s *Service) rest() {
	defer s.workers.Done()
	every := min(max(s.config.ShrinkAfter/4, time.Millisecond), time.Second)
	tick := time.NewTicker(every)
	defer tick.Stop()
	noted := time.Now()
	for {
		select {
		case <-s.life.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		s.live.rest(now, &s.config)
		s.live.trim()
		if now.Sub(noted) >= noteEvery {
			s.note()
			noted = now
		}
	}
}

// rest sheds instances, and drops sandboxes, of functions that nobody invoked for
// long.
func (l *live) rest(now time.Time, config *Config) {
	l.mu.RLock()
	var idle []*slot
	for _, s := range l.slots {
		if s.isReady() && s.refs.Load() == 1 && !s.pinned {
			s.refs.Add(1)
			idle = append(idle, s)
		}
	}
	l.mu.RUnlock()
	slices.SortFunc(idle, func(a, b *slot) int { return cmp.Compare(b.used.Load(), a.used.Load()) })
	parked := 0
	for _, s := range idle {
		if used := s.used.Load(); used != s.seen || s.since.IsZero() {
			s.seen, s.since, s.shed = used, now, 0
		}
		keep, rested := -1, now.Sub(s.since)
		switch {
		case rested >= config.DropAfter:
			l.remove(s.name, s)
		case rested >= config.ParkAfter && s.shed < 2:
			keep, s.shed = 0, 2
		case rested >= config.ShrinkAfter && s.shed < 1:
			keep, s.shed = 1, 1
		}
		if keep >= 0 {
			s.box.Shed(keep)
		}
		if s.shed == 2 {
			if parked++; parked > max(1, config.Sandboxes/parkedPart) {
				l.remove(s.name, s)
			}
		}
		l.release(s)
	}
}
