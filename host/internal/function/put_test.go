package function_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestPutTogether has many put one function at once, while others delete it: each
// hears of the end of its own, and the last one stays.
func TestPutTogether(t *testing.T) {
	s := newService(t, function.Config{})
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 3 {
				in := settings()
				in.Handler = ptr(fmt.Sprintf("h-%d-%d", i, j))
				c, err := s.Put(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "context"), Settings: in})
				if err != nil || c.State.Is != function.Active || c.Handler != *in.Handler {
					t.Errorf("%s: %+v, %v", *in.Handler, c, err)
				}
			}
		})
	}
	all.Go(func() {
		for range 5 {
			if err := s.Delete(t.Context(), function.Ref{Name: "f"}); err != nil {
				wantFault(t, "delete", err, fault.ResourceNotFound, "")
			}
		}
	})
	all.Wait()
	in := settings()
	in.Handler = ptr("last")
	for range 2 {
		if _, err := s.Put(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "context"), Settings: in, Tags: map[string]string{"a": "b"}}); err != nil {
			t.Fatal(err)
		}
		if got := invoke(t, s, "f", `""`); !strings.Contains(got, `"handler":"last"`) {
			t.Errorf("it answered %s", got)
		}
	}
}

// TestPutHearsOfItsOwn has a deployment fail, and somebody update the function before
// whoever put it could look: it was told that all is well.
func TestPutHearsOfItsOwn(t *testing.T) {
	g := newGate()
	watched := &shaky{Store: openStore(t, t.TempDir())}
	var s *function.Service
	var armed atomic.Bool
	watched.before = func(method string) {
		if method != "Function" || !armed.CompareAndSwap(true, false) {
			return
		}
		_, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref("f", ""), Zip: packGuest(t, "json")})
		if err != nil {
			t.Error(err)
		}
	}
	s = newService(t, function.Config{Store: watched, Compile: g.compile})
	create(t, s, "f", packGuest(t, "echo"))
	g.pass(t, nil)
	settle(t, s, "f")
	over := make(chan struct{})
	go func() { // what passes and what does not
		for _, verdict := range []error{&function.CompileError{Err: errors.New("refused by the gate")}, nil} {
			select {
			case <-g.entered:
			case <-over:
				return
			}
			armed.Store(verdict != nil)
			g.verdict <- verdict
		}
	}()
	_, err := s.Put(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "context"), Settings: settings()})
	wantFault(t, "what failed", err, fault.InvalidParameterValue, "refused by the gate")
	close(over)
}
