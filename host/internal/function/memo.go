package function

import (
	"context"
	"sync"
)

// maxRemembered is how many entries a memo of the Service has.
const maxRemembered = 10_000

// A memo keeps what invocations need of the store beside code, so that none asks
// for it: where an alias sends events, for instance.
//
// What was changed is never answered afterwards: an entry is in the memo before it
// is read from the store, and whoever changes what it says takes it out again
// before anybody is told. Errors are not kept.
type memo[V any] struct {
	most int

	mu      sync.RWMutex // guards what follows; nothing is locked under it
	entries map[Ref]*entry[V]
}

type entry[V any] struct {
	ready chan struct{} // closed when what follows is set
	value V
	err   error
}

func newMemo[V any](most int) *memo[V] {
	return &memo[V]{most: most, entries: make(map[Ref]*entry[V])}
}

// get returns what read says, now or some time ago. It waits for another caller's
// read until ctx ends; its own belongs to all who wait.
func (m *memo[V]) get(ctx context.Context, ref Ref, read func() (V, error)) (V, error) {
	m.mu.RLock()
	e := m.entries[ref]
	m.mu.RUnlock()
	if e == nil {
		var mine bool
		if e, mine = m.add(ref); mine {
			e.value, e.err = read()
			close(e.ready)
			if e.err != nil {
				m.drop(ref, e)
			}
			return e.value, e.err
		}
	}
	select {
	case <-e.ready:
		return e.value, e.err
	default:
	}
	select {
	case <-e.ready:
		return e.value, e.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (m *memo[V]) add(ref Ref) (e *entry[V], mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e = m.entries[ref]; e != nil {
		return e, false
	}
	for other := range m.entries {
		if len(m.entries) < m.most {
			break
		}
		delete(m.entries, other)
	}
	e = &entry[V]{ready: make(chan struct{})}
	m.entries[ref] = e
	return e, true
}

func (m *memo[V]) drop(ref Ref, e *entry[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries[ref] == e {
		delete(m.entries, ref)
	}
}

// forget takes out what is said of a function's qualifier.
func (m *memo[V]) forget(ref Ref) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, ref)
}

// forgetAll takes out what is said of a function's qualifiers.
func (m *memo[V]) forgetAll(function string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for ref := range m.entries {
		if ref.Name == function {
			delete(m.entries, ref)
		}
	}
}
