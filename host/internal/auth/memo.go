package auth

import (
	"sync"
	"time"
)

// memo remembers what was read, so that not every request reads it anew. What
// another process changes is seen after memoAge; our own changes at once.
type memo[K comparable, V any] struct {
	mu  sync.RWMutex
	all map[K]remembered[V]
}

type remembered[V any] struct {
	value V
	until time.Time
}

const (
	memoAge  = 5 * time.Second
	memoSize = 4096 // values; all are forgotten when it is full
)

func (m *memo[K, V]) get(key K, now time.Time) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.all[key]
	return r.value, ok && now.Before(r.until)
}

func (m *memo[K, V]) put(key K, value V, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil || len(m.all) >= memoSize {
		m.all = map[K]remembered[V]{}
	}
	m.all[key] = remembered[V]{value, now.Add(memoAge)}
}

// forget makes room for what was changed.
func (m *memo[K, V]) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = nil
}
