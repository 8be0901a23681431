package function_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// held is a Service with functions that stay until they are let go.
type held struct {
	*function.Service
	entered, leave chan struct{}
	running        sync.WaitGroup
}

func newHeld(t *testing.T, config function.Config, names ...string) *held {
	h := &held{entered: make(chan struct{}), leave: make(chan struct{})}
	config.Calls = sandbox.Calls{"price.lookup": func(ctx context.Context, in []byte) ([]byte, error) {
		h.entered <- struct{}{}
		<-h.leave
		return in, nil
	}}
	h.Service = newService(t, config)
	for _, name := range names {
		active(t, h.Service, name, packGuest(t, "call"))
	}
	t.Cleanup(h.running.Wait)
	return h
}

// hold begins so many invocations and waits until they run.
func (h *held) hold(t *testing.T, ref function.Ref, n int) {
	t.Helper()
	for range n {
		h.running.Go(func() {
			if out, err := h.Invoke(context.WithoutCancel(t.Context()), function.InvokeInput{Ref: ref, Event: []byte(`1`)}); err != nil || out.Failed {
				t.Errorf("%s: %+v, %v", ref, out, err)
			}
		})
		<-h.entered
	}
}

func (h *held) letGo(n int) {
	for range n {
		h.leave <- struct{}{}
	}
	h.running.Wait()
}

// throttled invokes a function that must not be let in.
func (h *held) throttled(t *testing.T, ref function.Ref, reason string) {
	t.Helper()
	_, err := h.Invoke(t.Context(), function.InvokeInput{Ref: ref, Event: []byte(`1`)})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != fault.TooManyRequests || f.Message != "Rate Exceeded." || f.Reason != reason {
		t.Errorf("%s: %v, want %s", ref, err, reason)
	}
}

const (
	reservedReached = "ReservedFunctionConcurrentInvocationLimitExceeded"
	accountReached  = "ConcurrentInvocationLimitExceeded"
)

func TestReservedConcurrency(t *testing.T) {
	db := openStore(t, t.TempDir())
	h := newHeld(t, function.Config{Store: db}, "a", "b")
	a := function.Ref{Name: "a"}
	for _, reserved := range []int{2, 0} { // it can be taken back at any time
		if err := h.PutConcurrency(t.Context(), a, reserved); err != nil {
			t.Fatal(err)
		}
		if got, err := h.Concurrency(t.Context(), a); err != nil || *got != reserved {
			t.Errorf("%v, %v, want %d", got, err, reserved)
		}
		h.hold(t, a, reserved)
		h.throttled(t, a, reservedReached)
		h.hold(t, function.Ref{Name: "b"}, 1)
		h.letGo(reserved + 1)
	}
	if u, err := h.AccountUsage(t.Context()); err != nil || u.Unreserved != 1000 {
		t.Errorf("%+v, %v", u, err)
	}

	// Others have what is left, and a new Service knows of it.
	if err := h.PutConcurrency(t.Context(), a, 900); err != nil {
		t.Fatal(err)
	}
	wantFault(t, "too much", h.PutConcurrency(t.Context(), function.Ref{Name: "b"}, 1), fault.InvalidParameterValue,
		"decreases account's UnreservedConcurrentExecution below its minimum value of [100].")
	closeNow(t, h.Service)
	h = newHeld(t, function.Config{Store: db})
	if u, err := h.AccountUsage(t.Context()); err != nil || u.Unreserved != 100 {
		t.Errorf("%+v, %v", u, err)
	}
	h.hold(t, function.Ref{Name: "b"}, 100)
	h.throttled(t, function.Ref{Name: "b"}, accountReached)
	h.hold(t, a, 1)
	h.letGo(101)

	if err := h.DeleteConcurrency(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Concurrency(t.Context(), a); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	h.hold(t, function.Ref{Name: "b"}, 101)
	h.letGo(101)

	// What a function had goes with it.
	if err := h.PutConcurrency(t.Context(), a, 0); err != nil {
		t.Fatal(err)
	}
	h.throttled(t, a, reservedReached)
	if err := h.Delete(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	active(t, h.Service, "a", packGuest(t, "call"))
	h.hold(t, a, 1)
	h.letGo(1)
}

func TestConcurrencyOfNothing(t *testing.T) {
	s := newService(t, function.Config{})
	wantFault(t, "put", s.PutConcurrency(t.Context(), function.Ref{Name: "a"}, 1), fault.ResourceNotFound, "function:a:$LATEST")
	wantFault(t, "delete", s.DeleteConcurrency(t.Context(), function.Ref{Name: "a"}), fault.ResourceNotFound, "function:a")
	_, err := s.Concurrency(t.Context(), function.Ref{Name: "a"})
	wantFault(t, "get", err, fault.ResourceNotFound, "function:a")
	wantFault(t, "qualified", s.PutConcurrency(t.Context(), function.Ref{Name: "a", Qualifier: "1"}, 1), fault.InvalidParameterValue, "Lambda functions only")
}

// deaf is a store that does not say what is attached.
type deaf struct {
	store.Store
	now atomic.Bool
}

func (d *deaf) AttachmentsOfKind(ctx context.Context, after store.FunctionKey, qualifier, kind string, limit int) ([]store.Attachment, error) {
	if d.now.Load() {
		return nil, store.ErrUnavailable
	}
	return d.Store.AttachmentsOfKind(ctx, after, qualifier, kind, limit)
}

// TestConcurrencyOutlastsTheStore: what ran while it could not be read what is reserved
// was counted no more.
func TestConcurrencyOutlastsTheStore(t *testing.T) {
	db := &deaf{Store: openStore(t, t.TempDir())}
	h := newHeld(t, function.Config{Store: db}, "f")
	if err := h.PutConcurrency(t.Context(), ref("f", ""), 2); err != nil {
		t.Fatal(err)
	}
	h.hold(t, ref("f", ""), 2)
	db.now.Store(true)
	if err := h.DeleteAlias(t.Context(), ref("f", ""), "nobody"); err != nil { // has it read anew
		t.Fatal(err)
	}
	db.now.Store(false)
	h.throttled(t, ref("f", ""), reservedReached)
	h.letGo(2)
}
