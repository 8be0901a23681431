package auth

import (
	"sync"
	"time"
)

// memo remembers what was read, so that not every request reads it anew. What
// another process changes is seen after memoAge; our own changes at once.
type memo[K comparable, V any] struct {
	mu      sync.RWMutex
	all     map[K]remembered[V]
	changes int // how often all were forgotten
}

type remembered[V any] struct {
	value V
	until time.Time
}

const (
	memoAge  = 5 * time.Second
	memoSize = 4096 // values; all are forgotten when it is full
)

// get returns what is remembered. If that is nothing, what is read from now on can be
// put as of asOf.
func (m *memo[K, V]) get(key K, now time.Time) (value V, ok bool, asOf int) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.all[key]
	return r.value, ok && now.Before(r.until), m.changes
}

// put remembers what was read after get, unless something was changed since: it may
// have been read before that.
func (m *memo[K, V]) put(key K, value V, now time.Time, asOf int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.changes != asOf {
		return
	}
	if m.all == nil || len(m.all) >= memoSize {
		m.all = map[K]remembered[V]{}
	}
	m.all[key] = remembered[V]{value, now.Add(memoAge)}
}

// changed reports whether something was changed since asOf.
func (m *memo[K, V]) changed(asOf int) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.changes != asOf
}

// forget makes room for what was changed; it is called after the store was, and
// before anybody is told.
func (m *memo[K, V]) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = nil
	m.changes++
}
