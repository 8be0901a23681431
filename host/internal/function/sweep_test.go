package function_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// digestOf is the digest of the package that a function is described with.
func digestOf(t testing.TB, s *function.Service, name string) store.Digest {
	t.Helper()
	d, err := s.Get(t.Context(), function.Ref{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	digest, err := store.ParseDigest(d.CodeDigest)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// TestSweepDuringUpdate sweeps the store, as the functions of another account do,
// while an update is in progress: what answers keeps its package, and answers again
// when the update has failed. When an update has succeeded, the package goes.
func TestSweepDuringUpdate(t *testing.T) {
	sweeper, g := &sweepable{}, newGate()
	s := newService(t, function.Config{Store: sweeper.open(t), Compile: g.compile})
	create(t, s, "f", packGuest(t, "echo"))
	g.pass(t, nil)
	settle(t, s, "f")
	before := digestOf(t, s, "f")
	update := func(verdict error) {
		t.Helper()
		_, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: packGuest(t, "json")})
		if err != nil {
			t.Fatal(err)
		}
		g.held()
		if sweeper.sweep(t); !sweeper.has(t, before) {
			t.Fatal("the package of what answers is gone")
		}
		g.verdict <- verdict
	}
	update(&function.CompileError{Err: errors.New("refused by the gate")})
	if c := settle(t, s, "f"); c.Update.Is != function.Failed || digestOf(t, s, "f") != before {
		t.Errorf("after an update that failed: %+v", c)
	}
	update(nil)
	if c := settle(t, s, "f"); c.Update.Is != function.Successful {
		t.Errorf("after an update that succeeded: %+v", c)
	}
	if sweeper.sweep(t); sweeper.has(t, before) {
		t.Error("the package that nothing uses is still there")
	}
}

// TestUpdateOfLostPackage updates a function whose package somebody removed from the
// disk.
func TestUpdateOfLostPackage(t *testing.T) {
	dir := t.TempDir()
	s := newService(t, function.Config{Store: openStore(t, dir)})
	active(t, s, "f", packGuest(t, "echo"))
	if err := os.Remove(filepath.Join(dir, "code", digestOf(t, s, "f").String())); err != nil {
		t.Fatal(err)
	}
	_, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: packGuest(t, "json")})
	if err != nil {
		t.Fatal(err)
	}
	if c := settle(t, s, "f"); c.Update.Is != function.Successful {
		t.Errorf("the update: %+v", c.Update)
	}
}

// TestUpdateOfLostPackageFails has that update fail: it was InProgress for ever.
func TestUpdateOfLostPackageFails(t *testing.T) {
	dir, g := t.TempDir(), newGate()
	s := newService(t, function.Config{Store: openStore(t, dir), Compile: g.compile})
	create(t, s, "f", packGuest(t, "echo"))
	g.pass(t, nil)
	settle(t, s, "f")
	if err := os.Remove(filepath.Join(dir, "code", digestOf(t, s, "f").String())); err != nil {
		t.Fatal(err)
	}
	in := function.UpdateCodeInput{Ref: ref("f", ""), Zip: packGuest(t, "json")}
	if _, err := s.UpdateCode(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	g.pass(t, &function.CompileError{Err: errors.New("refused by the gate")})
	if c := settle(t, s, "f"); c.Update.Is != function.Failed || c.State.Is != function.Failed {
		t.Errorf("the update: %+v, %+v", c.Update, c.State)
	}
	if _, err := s.UpdateCode(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	g.pass(t, nil)
	if c := settle(t, s, "f"); c.State.Is != function.Active {
		t.Errorf("updated again: %+v", c.State)
	}
}
