package function_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// lateAttachments is a store from which attachments of a kind come late, once.
type lateAttachments struct {
	store.Store
	skip  atomic.Int64 // reads of concurrency before that one
	until func()       // what it waits for
}

func (s *lateAttachments) AttachmentsOfKind(ctx context.Context, after store.FunctionKey, qualifier, kind string, limit int) ([]store.Attachment, error) {
	found, err := s.Store.AttachmentsOfKind(ctx, after, qualifier, kind, limit)
	if kind == "concurrency" && s.skip.Add(-1) == -1 {
		s.until()
	}
	return found, err
}

// meanwhile has do called by another goroutine, and returns when that is over, or has
// to wait for the caller: as far as can be told, which is not for long.
func meanwhile(all *sync.WaitGroup, do func()) {
	done := make(chan struct{})
	all.Go(func() {
		defer close(done)
		do()
	})
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}

// newLate is a Service with a function f, whose store is not late yet.
func newLate(t *testing.T) (*lateAttachments, *function.Service) {
	late := &lateAttachments{Store: openStore(t, t.TempDir())}
	late.skip.Store(1 << 40)
	s := newService(t, function.Config{Store: late})
	active(t, s, "f", packGuest(t, "echo"))
	invoke(t, s, "f", "1") // reads what is reserved: from then on, nobody else does while that is nothing
	return late, s
}

// TestReservedWhileCounted reserves concurrency while somebody asks how much there is:
// what is reserved is no longer there for others.
func TestReservedWhileCounted(t *testing.T) {
	late, s := newLate(t)
	var all sync.WaitGroup
	late.until = func() {
		meanwhile(&all, func() {
			if err := s.PutConcurrency(t.Context(), ref("f", ""), 900); err != nil {
				t.Error(err)
			}
		})
	}
	late.skip.Store(0)
	if _, err := s.AccountUsage(t.Context()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if own, others := s.Allotted("f"); !own || others != 100 {
		t.Errorf("f has its own: %t, others have %d, want 100", own, others)
	}
}

// TestDeletedWhileReserved deletes a function while what it was just given is read: the
// next function of that name has nothing of it.
func TestDeletedWhileReserved(t *testing.T) {
	late, s := newLate(t)
	var all sync.WaitGroup
	late.until = func() {
		meanwhile(&all, func() {
			if err := s.Delete(t.Context(), ref("f", "")); err != nil {
				t.Error(err)
			}
		})
	}
	late.skip.Store(1) // of what is there before
	if err := s.PutConcurrency(t.Context(), ref("f", ""), 10); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if own, others := s.Allotted("f"); own || others != 1000 {
		t.Errorf("f has its own: %t, others have %d, want 1000", own, others)
	}
}
