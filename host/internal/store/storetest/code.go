package storetest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
)

func (f *fixture) hasCode(t *testing.T, code string) {
	t.Helper()
	got, err := f.Code(t.Context(), store.DigestOf([]byte(code)))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != code {
		t.Errorf("the code is %.80q, want %.80q", got, code)
	}
}

func (f *fixture) hasNoCode(t *testing.T, code string) {
	t.Helper()
	_, err := f.Code(t.Context(), store.DigestOf([]byte(code)))
	wantError(t, err, store.ErrNoCode)
}

func (f *fixture) sweep(t *testing.T, want int) {
	t.Helper()
	if removed, err := f.Sweep(t.Context()); err != nil || removed != want {
		t.Fatalf("swept %d packages, error %v; want %d", removed, err, want)
	}
}

func testCode(t *testing.T, f *fixture) {
	large := string(bytes.Repeat([]byte("\x00\xff code \n"), 1<<17))
	for _, code := range []string{"", "x", "\x00", large} {
		if got, want := f.put(t, code), store.DigestOf([]byte(code)); got != want {
			t.Errorf("%.20q has digest %s, want %s", code, got, want)
		}
		f.put(t, code)
		f.hasCode(t, code)
	}
	// What was read is the caller's.
	mine, err := f.Code(t.Context(), store.DigestOf([]byte("x")))
	if err != nil {
		t.Fatal(err)
	}
	mine[0] = 'y'
	f.hasCode(t, "x")
}

func testCodeNotThere(t *testing.T, f *fixture) {
	f.hasNoCode(t, "never put")
	_, err := f.Code(t.Context(), store.Digest{})
	wantError(t, err, store.ErrNoCode)
}

func testCodeConcurrently(t *testing.T, f *fixture) {
	var all sync.WaitGroup
	for side := range 32 {
		all.Go(func() {
			code := fmt.Sprint("code ", side%4)
			digest, err := f.PutCode(t.Context(), []byte(code))
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := f.Code(t.Context(), digest); err != nil || string(got) != code {
				t.Errorf("read %q, error %v; want %q", got, err, code)
			}
		})
	}
	all.Wait()
}

func testSweep(t *testing.T, f *fixture) {
	kept := f.function(t, key("kept")) // names "code of kept"
	f.create(t, kept)
	gone := f.function(t, key("gone"))
	f.create(t, gone)
	f.put(t, "unnamed")
	if err := f.DeleteFunction(t.Context(), gone.FunctionKey, nil); err != nil {
		t.Fatal(err)
	}
	f.pass(store.SweepGrace)
	f.put(t, "young")
	f.sweep(t, 0)
	f.pass(time.Second)
	f.sweep(t, 2)
	f.hasNoCode(t, "unnamed")
	f.hasNoCode(t, "code of gone")
	f.hasCode(t, "code of kept")
	f.hasCode(t, "young")
	wantError(t, f.CreateFunction(t.Context(), gone), store.ErrNoCode)
	f.pass(store.SweepGrace)
	f.sweep(t, 1)
	f.sweep(t, 0)
	f.holds(t, kept)
	f.put(t, "unnamed")
	f.hasCode(t, "unnamed")
}

func testSweepPutAgain(t *testing.T, f *fixture) {
	f.put(t, "again")
	f.pass(store.SweepGrace + time.Second)
	f.put(t, "again")
	f.sweep(t, 0)
	f.hasCode(t, "again")
	f.pass(store.SweepGrace + time.Second)
	f.sweep(t, 1)
}

// testSweepBesideCreate sweeps all the while functions are created, changed and
// removed, and time passes much faster than anyone expects: whatever was created
// has its code.
func testSweepBesideCreate(t *testing.T, f *fixture) {
	stop := make(chan struct{})
	var sweeper, all sync.WaitGroup
	sweeper.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			f.pass(2 * store.SweepGrace)
			if _, err := f.Sweep(t.Context()); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for side := range 8 {
		all.Go(func() {
			for i := range 25 {
				code := fmt.Sprint("code ", (side+i)%5)
				function := store.Function{
					FunctionKey: key(fmt.Sprint("f", side)), Revision: "r", State: store.StateActive,
					Code: store.DigestOf([]byte(code)), Modified: f.now(),
				}
				if _, err := f.PutCode(t.Context(), []byte(code)); err != nil {
					t.Error(err)
					return
				}
				if err := f.CreateFunction(t.Context(), function); err != nil {
					continue // swept before it could be named: refused, and rightly so
				}
				if got, err := f.Code(t.Context(), function.Code); err != nil || string(got) != code {
					t.Errorf("the code of a function is %q, error %v; want %q", got, err, code)
					return
				}
				if err := f.DeleteFunction(t.Context(), function.FunctionKey, nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	close(stop)
	sweeper.Wait()
}
