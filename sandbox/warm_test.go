package sandbox_test

import (
	"context"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

func TestWarm(t *testing.T) {
	box := newBox(t, guest(t, "c/echo"), sandbox.Config{Limits: sandbox.Limits{Idle: 2}})
	idle := func(what string, want int) {
		t.Helper()
		if n, _ := box.Idle(); n != want {
			t.Errorf("%s: %d instances are idle, want %d", what, n, want)
		}
	}
	if err := box.Warm(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	idle("warmed", 5)
	box.Shed(0)
	idle("shed", 5)
	for range 20 { // each may get another of them
		if r, err := box.Run(t.Context(), []byte(`{"a":1}`)); err != nil || string(r.Response) != `{"a":1}` {
			t.Fatalf("%s, %v", r.Response, err)
		}
	}
	idle("used", 5)
	if err := box.Warm(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	box.Shed(0)
	idle("fewer", 3)
	if err := box.Warm(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	box.Shed(0)
	idle("none", 0)

	gone := errors.New("gone")
	ctx, end := context.WithCancelCause(t.Context())
	end(gone)
	if err := box.Warm(ctx, 1); !errors.Is(err, gone) {
		t.Errorf("cancelled: %v", err)
	}
	if err := box.Warm(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	box.Close()
	idle("closed", 0)
	if err := box.Warm(t.Context(), 1); !errors.Is(err, sandbox.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestWarmNotRestorable(t *testing.T) {
	box := newBox(t, guest(t, "c/echo"), sandbox.Config{Manifest: sandbox.Manifest{Mode: string(sandbox.InitEach)}})
	if err := box.Warm(t.Context(), 1); !errors.Is(err, sandbox.ErrNotRestorable) {
		t.Errorf("%v", err)
	}
	if err := box.Warm(t.Context(), 0); err != nil {
		t.Error(err)
	}
}

// TestWarmIsTakenBack: a Warm that made instances while another asked for fewer
// used to make them, and give them up, for ever.
func TestWarmIsTakenBack(t *testing.T) {
	g := &gates{Engine: testEngine(t)}
	box, err := sandbox.New(t.Context(), g, guest(t, "c/echo"), patient(sandbox.Config{Limits: sandbox.Limits{Idle: 2}}))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	endless := errors.New("it does not end")
	ctx, end := context.WithCancelCause(t.Context())
	made := 0
	g.instantiate = func() {
		switch made++; made {
		case 3:
			if err := box.Warm(t.Context(), 0); err != nil {
				t.Error(err)
			}
		case 100:
			end(endless)
		}
	}
	if err := box.Warm(ctx, 5); err != nil {
		t.Errorf("after %d instances: %v", made, err)
	}
	if n, _ := box.Idle(); n != 2 {
		t.Errorf("%d instances are idle, want the 2 that may be", n)
	}
}
