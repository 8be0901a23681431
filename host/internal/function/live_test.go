package function

import (
	"crypto/sha256"
	"errors"
	"slices"
	"testing"
)

// table returns the names in l's table, sorted.
func (l *live) table() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var names []string
	for name := range l.slots {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (l *live) wants(t *testing.T, what string, names ...string) {
	t.Helper()
	if got := l.table(); !slices.Equal(got, names) {
		t.Errorf("%s: in the table are %q, want %q", what, got, names)
	}
}

// load makes a slot ready that nobody uses; its sandbox is none.
func (l *live) load(t *testing.T, name string) {
	t.Helper()
	s, mine := l.get(name)
	if !mine {
		t.Fatalf("%s was there", name)
	}
	l.fill(s, nil, 0, nil)
	l.release(s)
}

// TestLiveEvicts fills a table of two.
func TestLiveEvicts(t *testing.T) {
	l := newLive(2, 1<<40)
	loading, _ := l.get("loading") // does not count, nor leave
	l.load(t, "a")
	l.load(t, "b")
	l.wants(t, "two and one that loads", "a", "b", "loading")
	used, mine := l.get("a")
	if mine {
		t.Fatal("a was gone")
	}
	l.load(t, "c")
	l.wants(t, "b was idle, and not used for longest", "a", "c", "loading")
	l.load(t, "d")
	l.wants(t, "a is used for longest, but is in use", "a", "d", "loading")
	l.release(used)
	other, _ := l.get("d")
	l.load(t, "e")
	l.wants(t, "a is idle", "d", "e", "loading")
	l.drop(loading, errors.New("no such function"))
	l.release(loading)
	l.wants(t, "what could not be loaded leaves", "d", "e")

	// What is pinned stays, even if nothing else can go.
	first, out := l.place("f", nil, 0, nil)
	l.release(out...)
	second, out := l.place("g", nil, 0, nil)
	l.release(out...)
	third, out := l.place("h", nil, 0, nil)
	l.release(out...)
	l.wants(t, "three pinned", "f", "g", "h")
	l.unpin(first)
	l.unpin(second)
	l.load(t, "i")
	l.wants(t, "one pinned", "h", "i")
	l.unpin(third)

	// d left long ago, but lives as long as it is used.
	if !l.all[other] {
		t.Error("d is gone while it is used")
	}
	if l.release(other); l.all[other] || len(l.all) != 2 {
		t.Errorf("%d slots are alive, want 2", len(l.all))
	}
}

// TestLiveReplaces replaces a slot that is loading and one that is ready: who has
// it keeps it, and who comes after gets the new one.
func TestLiveReplaces(t *testing.T) {
	l := newLive(2, 1<<40)
	loading, _ := l.get("f")
	placed, out := l.place("f", nil, 0, nil)
	l.release(out...)
	if got, mine := l.get("f"); mine || got != placed {
		t.Error("the loading slot was not replaced")
	} else {
		l.release(got)
	}
	l.fill(loading, nil, 0, nil) // too late to be in the table
	if !l.all[loading] {
		t.Error("the old slot is gone while it is used")
	}
	l.release(loading)
	if l.all[loading] {
		t.Error("the old slot lives on")
	}
	l.remove("f", loading) // is not there any more
	l.wants(t, "after another was removed", "f")
	l.remove("f", nil)
	l.wants(t, "after it was removed")
}

// box is a sandbox that keeps so many bytes, code of a module and others.
type box struct {
	module    byte
	code, own int64
}

func (b *box) Digest() [sha256.Size]byte { return [sha256.Size]byte{b.module} }

func (b *box) Size() (code, own int64) { return b.code, b.own }

// loadBox is load with something that keeps memory.
func (l *live) loadBox(t *testing.T, name string, b *box) {
	t.Helper()
	s, mine := l.get(name)
	if !mine {
		t.Fatalf("%s was there", name)
	}
	s.size = b
	l.fill(s, nil, 0, nil)
	l.release(s)
}

// TestLiveEvictsBytes fills a table of 100 bytes.
func TestLiveEvictsBytes(t *testing.T) {
	l := newLive(10, 100)
	l.loadBox(t, "a", &box{1, 30, 10})
	l.loadBox(t, "b", &box{1, 30, 20})
	l.loadBox(t, "c", &box{1, 30, 40})
	l.wants(t, "100 bytes, code of the module once", "a", "b", "c")
	used, _ := l.get("a")
	l.loadBox(t, "d", &box{2, 5, 5})
	l.wants(t, "a is in use, b was not used for longest", "a", "c", "d")
	l.loadBox(t, "e", &box{3, 500, 500})
	l.wants(t, "one that is too large", "a", "e")
	l.loadBox(t, "f", &box{1, 30, 1})
	l.wants(t, "and one after it", "a", "f")
	l.release(used)
	small := &box{4, 10, 10}
	l.loadBox(t, "g", small)
	l.wants(t, "61 bytes", "a", "f", "g")

	// Instances become idle.
	small.own = 59
	l.trim()
	l.wants(t, "110 bytes, of which a has 10", "f", "g")
	small.own = 1000
	l.trim()
	l.wants(t, "too large by itself", "g")
	small.own = 10
	l.loadBox(t, "h", &box{5, 80, 0})
	l.wants(t, "100 bytes", "g", "h")
	pinned, out := l.place("p", nil, 0, nil)
	l.release(out...)
	pinned.size = &box{6, 60, 0}
	l.load(t, "i")
	l.wants(t, "p is pinned", "i", "p")
}

// TestLiveEvictsLayers: what is in memory of a layer counts once, as long as somebody
// has it.
func TestLiveEvictsLayers(t *testing.T) {
	l := newLive(10, 100)
	load := func(name string, layers ...*layerFiles) {
		t.Helper()
		s, mine := l.get(name)
		if !mine {
			t.Fatalf("%s was there", name)
		}
		l.fill(s, nil, 0, nil, layers...)
		l.release(s)
	}
	common, own := &layerFiles{}, &layerFiles{}
	common.held.Store(60)
	load("a", common)
	load("b", common)
	load("c", common, own)
	l.wants(t, "60 bytes", "a", "b", "c")
	own.held.Store(40)
	l.trim()
	l.wants(t, "100 bytes", "a", "b", "c")
	own.held.Store(41) // somebody read more
	l.trim()
	l.wants(t, "101 bytes, whoever goes but the last", "c")
	load("d")
	l.wants(t, "c is too large still", "d")
}
