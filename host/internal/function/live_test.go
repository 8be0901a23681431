package function

import (
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
	l.fill(s, nil, 0)
	l.release(s)
}

// TestLiveEvicts fills a table of two.
func TestLiveEvicts(t *testing.T) {
	l := newLive(2)
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
	first, out := l.place("f", nil, 0)
	l.release(out...)
	second, out := l.place("g", nil, 0)
	l.release(out...)
	third, out := l.place("h", nil, 0)
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
	l := newLive(2)
	loading, _ := l.get("f")
	placed, out := l.place("f", nil, 0)
	l.release(out...)
	if got, mine := l.get("f"); mine || got != placed {
		t.Error("the loading slot was not replaced")
	} else {
		l.release(got)
	}
	l.fill(loading, nil, 0) // too late to be in the table
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
