package driver

import (
	"container/heap"
	"sync"
	"time"
)

// Clock tells the time and calls functions when a time has come.
type Clock interface {
	Now() time.Time
	// At calls f once the time has come, in any goroutine; at once if it is
	// past. stop gives the timer up; f may be running already.
	At(t time.Time, f func()) (stop func())
}

// Real is the time of the world.
type Real struct{}

// Now returns the time.
func (Real) Now() time.Time { return time.Now().UTC().Round(0) }

// At calls f in a goroutine of its own.
func (Real) At(t time.Time, f func()) (stop func()) {
	timer := time.AfterFunc(time.Until(t), f)
	return func() { timer.Stop() }
}

// Fake is a time that stands still until Advance. It is safe for concurrent
// use.
type Fake struct {
	mu     sync.Mutex
	now    time.Time
	timers timers
	count  int64
}

// NewFake makes a clock that shows the given time.
func NewFake(now time.Time) *Fake { return &Fake{now: now.UTC().Round(0)} }

// Now returns the time that the clock shows.
func (c *Fake) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// At notes a timer; Advance calls its function.
func (c *Fake) At(t time.Time, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	timer := &fakeTimer{at: t, order: c.count, f: f}
	heap.Push(&c.timers, timer)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		timer.f = nil
	}
}

// Advance moves to the next timer and calls its function. It reports whether
// there was one.
func (c *Fake) Advance() bool {
	c.mu.Lock()
	for len(c.timers) > 0 {
		timer := heap.Pop(&c.timers).(*fakeTimer)
		if timer.f == nil {
			continue
		}
		if timer.at.After(c.now) {
			c.now = timer.at
		}
		f := timer.f
		c.mu.Unlock()
		f()
		return true
	}
	c.mu.Unlock()
	return false
}

type fakeTimer struct {
	at    time.Time
	order int64 // timers of the same time go off in the order they were set
	f     func()
}

// timers is a heap.
type timers []*fakeTimer

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	if !t[i].at.Equal(t[j].at) {
		return t[i].at.Before(t[j].at)
	}
	return t[i].order < t[j].order
}
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)   { *t = append(*t, x.(*fakeTimer)) }
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
