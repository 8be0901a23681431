package function

import "sync"

// turns has creations and deletions of functions of one name follow each other, each
// with what it changes outside the store: what an earlier one has to forget is not
// what a later one made.
type turns struct {
	mu sync.Mutex // guards what follows; no turn is waited for under it
	of map[string]*turn
}

type turn struct {
	mu    sync.Mutex
	users int // who has it and who waits; guarded by turns.mu
}

// take waits for a name's turn; end follows.
func (t *turns) take(name string) (end func()) {
	t.mu.Lock()
	mine := t.of[name]
	if mine == nil {
		mine = new(turn)
		if t.of == nil {
			t.of = make(map[string]*turn)
		}
		t.of[name] = mine
	}
	mine.users++
	t.mu.Unlock()
	mine.mu.Lock()
	return func() {
		mine.mu.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.users--; mine.users == 0 {
			delete(t.of, name)
		}
	}
}
