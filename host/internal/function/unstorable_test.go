package function_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// strict is a store that refuses one change: the one that is before away.
type strict struct {
	store.Store
	before atomic.Int64
}

func (s *strict) ChangeFunction(ctx context.Context, key store.FunctionKey, change func(store.FunctionTx) error) error {
	if s.before.Add(-1) == 0 {
		return fmt.Errorf("%w: the record is too large", store.ErrInvalid)
	}
	return s.Store.ChangeFunction(ctx, key, change)
}

// TestUnstorable: what the store refuses of a deployment that is ready has it fail,
// where it would be Pending for ever.
func TestUnstorable(t *testing.T) {
	refusing := &strict{Store: openStore(t, t.TempDir())}
	s := newService(t, function.Config{Store: refusing})
	refusing.before.Store(2) // that it is created, that it is Active
	create(t, s, "f", packGuest(t, "echo"))
	c, err := s.Settled(t.Context(), function.Ref{Name: "f"})
	if err != nil || c.State.Is != function.Failed || !strings.Contains(c.State.Reason, "too large") {
		t.Fatalf("created: %+v, %v", c.State, err)
	}
	refusing.before.Store(2) // that it is updated, that this was successful
	in := function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: packGuest(t, "json")}
	if _, err := s.UpdateCode(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if c := settle(t, s, "f"); c.Update.Is != function.Failed {
		t.Errorf("updated: %+v", c.Update)
	}
	if _, err := s.UpdateCode(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if c := settle(t, s, "f"); c.State.Is != function.Active {
		t.Errorf("updated again: %+v", c.State)
	}
	if got := invoke(t, s, "f", greetEvent); got != greeting {
		t.Errorf("it answered %s", got)
	}
}

// TestLongPaths deploys a package whose files' paths take more than a record may.
func TestLongPaths(t *testing.T) {
	files, folder := []string{"bootstrap", string(guest(t, "echo"))}, strings.Repeat(strings.Repeat("<", 250)+"/", 3)
	for i := range 58 {
		files = append(files, fmt.Sprint(folder, strings.Repeat("<", 240), i), "text")
	}
	s := newService(t, function.Config{})
	active(t, s, "f", pack(t, files...))
}
