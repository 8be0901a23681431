package function

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// live holds the sandboxes that are ready, and those being made for the first
// invocation after a start: one for each function, of the deployment that answers
// now.
//
// That an old deployment never answers for a new one rests on this:
//   - A slot that is loaded when needed enters the table before its function is
//     read from the store. Whoever changes what answers changes the table too, so
//     a slot that read the old row is out of the table before anybody is told.
//   - A deployment that becomes ready enters the table before that is committed,
//     and stays pinned there until then.
type live struct {
	most  int   // ready slots in the table
	bytes int64 // that they may keep, see room.go

	mu     sync.RWMutex     // guards what follows; nothing is locked under it
	slots  map[string]*slot // by target
	all    map[*slot]bool   // those out of the table too, while they are in use
	closed bool

	clock atomic.Int64 // counts uses
}

// slot is one deployment's sandbox, or what it will be.
type slot struct {
	name              string // its target
	function, version string // which that is

	ready  chan struct{} // closed when what follows is set
	box    *sandbox.Sandbox
	size   sized  // box; nil: it keeps nothing
	memory uint64 // bytes, for REPORT lines
	layers []*layerFiles
	as     *identity
	err    error // why there is no box

	refs   atomic.Int64 // of the table, of who makes it, of each invocation
	used   atomic.Int64 // by live.clock, when last
	pinned bool         // guarded by live.mu
	kept   bool         // the same; what is provisioned stays in the table

	// Of Service.rest alone:
	seen  int64     // used, when it last looked
	since time.Time // it has not changed
	shed  int       // what was given up since: nothing, all instances but one, all
}

func newLive(most int, bytes int64) *live {
	return &live{most: most, bytes: bytes, slots: make(map[string]*slot), all: make(map[*slot]bool)}
}

// newSlot makes the slot of a target.
func newSlot(name string) *slot {
	s := &slot{name: name, ready: make(chan struct{})}
	s.function, s.version = splitTarget(name)
	return s
}

// get returns the target's slot. If there is none it puts a new one there,
// which the caller has to fill: mine is true. The caller releases the slot; that
// of mine holds one more reference, which fill or drop releases. It returns nil
// when closed.
func (l *live) get(name string) (s *slot, mine bool) {
	l.mu.RLock()
	if s = l.slots[name]; s != nil {
		s.refs.Add(1)
	}
	l.mu.RUnlock()
	if s == nil {
		if s, mine = l.add(name); s == nil {
			return nil, false
		}
	}
	s.used.Store(l.clock.Add(1))
	return s, mine
}

func (l *live) add(name string) (s *slot, mine bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, false
	}
	if s := l.slots[name]; s != nil {
		s.refs.Add(1)
		return s, false
	}
	s = newSlot(name)
	s.refs.Store(3)
	l.slots[name], l.all[s] = s, true
	return s, true
}

// fill completes a slot of get, and makes room for it.
func (l *live) fill(s *slot, box *sandbox.Sandbox, memory uint64, as *identity, layers ...*layerFiles) {
	s.box, s.memory, s.as, s.layers = box, memory, as, layers
	if box != nil {
		s.size = box
	}
	l.mu.Lock()
	close(s.ready) // whoever waits for it finds others only when room was made
	out, closed := l.evict(), l.closed
	l.mu.Unlock()
	if closed && box != nil {
		box.Close() // close did not know of it, and who waits for it may be long
	}
	l.release(s) // first, as it counts as in use, and to close sandboxes takes long
	l.release(out...)
}

// drop completes a slot of get for which there is no sandbox. The next get tries
// again.
func (l *live) drop(s *slot, err error) {
	s.err = err
	l.remove(s.name, s)
	close(s.ready)
	l.release(s)
}

// place puts a ready sandbox in the place of the target's slot, whatever is in
// it, and keeps it there until unpin. The caller releases the slots that had to
// go. It returns nil when closed.
func (l *live) place(name string, box *sandbox.Sandbox, memory uint64, as *identity, layers ...*layerFiles) (s *slot, out []*slot) {
	s = newSlot(name)
	s.box, s.memory, s.as, s.layers, s.pinned = box, memory, as, layers, true
	if box != nil {
		s.size = box
	}
	close(s.ready)
	s.refs.Store(1)
	s.used.Store(l.clock.Add(1))
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, nil
	}
	if old := l.slots[name]; old != nil {
		out = append(out, old)
	}
	l.slots[name], l.all[s] = s, true
	return s, append(out, l.evict()...)
}

// keep has a slot stay in the table, or no more.
func (l *live) keep(s *slot, kept bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.kept = kept
}

// has reports whether a slot is in the table.
func (l *live) has(s *slot) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.slots[s.name] == s
}

func (l *live) unpin(s *slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.pinned = false
}

// remove takes s, or whatever slot there is if s is nil, out of the table.
func (l *live) remove(name string, s *slot) {
	l.mu.Lock()
	there := l.slots[name]
	if there == nil || s != nil && there != s {
		l.mu.Unlock()
		return
	}
	delete(l.slots, name)
	l.mu.Unlock()
	l.release(there)
}

// forget takes all slots of a function out of the table. While it is in doubt whether
// the function was changed, those that are pinned stay: else what answered before could
// be loaded, and go on answering after the commit that they wait for.
func (l *live) forget(function string, doubt bool) {
	l.mu.Lock()
	var out []*slot
	for name, s := range l.slots {
		if s.function == function && !(doubt && s.pinned) {
			delete(l.slots, name)
			out = append(out, s)
		}
	}
	l.mu.Unlock()
	l.release(out...)
}

func (s *slot) isReady() bool {
	select {
	case <-s.ready:
		return s.err == nil
	default:
		return false
	}
}

// release gives references back. The last one closes the sandbox.
func (l *live) release(slots ...*slot) {
	for _, s := range slots {
		if s.refs.Add(-1) > 0 {
			continue
		}
		l.mu.Lock()
		delete(l.all, s)
		l.mu.Unlock()
		if s.box != nil {
			s.box.Close()
		}
	}
}

// close ends every invocation and closes every sandbox.
func (l *live) close() {
	l.mu.Lock()
	l.closed = true
	var all []*slot
	for s := range l.all {
		if s.isReady() {
			all = append(all, s)
		}
	}
	in := l.slots
	l.slots = nil
	l.mu.Unlock()
	for _, s := range all {
		s.box.Close()
	}
	for _, s := range in {
		l.release(s)
	}
}
