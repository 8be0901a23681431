package function_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// shaky is a store that fails when told to, and counts what is loaded.
type shaky struct {
	store.Store
	loads  atomic.Int64
	before func(method string) // called first, if not nil

	mu sync.Mutex
	// fail is asked before each call, by the name of its method; doubt says to
	// do it all the same.
	fail func(method string) (fails, doubt bool)
}

func (s *shaky) set(fail func(method string) (fails, doubt bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

func (s *shaky) do(method string, call func() error) error {
	if s.before != nil {
		s.before(method)
	}
	s.mu.Lock()
	var fails, doubt bool
	if s.fail != nil {
		fails, doubt = s.fail(method)
	}
	s.mu.Unlock()
	if !fails {
		return call()
	}
	if doubt {
		_ = call()
	}
	return fmt.Errorf("%w: %s was told to fail", store.ErrUnavailable, method)
}

func (s *shaky) ChangeFunction(ctx context.Context, key store.FunctionKey, change func(store.FunctionTx) error) error {
	return s.do("ChangeFunction", func() error { return s.Store.ChangeFunction(ctx, key, change) })
}

func (s *shaky) Function(ctx context.Context, key store.FunctionKey) (f store.Function, err error) {
	err = s.do("Function", func() (err error) { f, err = s.Store.Function(ctx, key); return err })
	return f, err
}

func (s *shaky) DeleteFunction(ctx context.Context, key store.FunctionKey, check func(store.Function) error) error {
	return s.do("DeleteFunction", func() error { return s.Store.DeleteFunction(ctx, key, check) })
}

func (s *shaky) Unsettled(ctx context.Context, after store.FunctionKey, limit int) (f []store.Function, err error) {
	err = s.do("Unsettled", func() (err error) { f, err = s.Store.Unsettled(ctx, after, limit); return err })
	return f, err
}

func (s *shaky) PutCode(ctx context.Context, code []byte) (d store.Digest, err error) {
	err = s.do("PutCode", func() (err error) { d, err = s.Store.PutCode(ctx, code); return err })
	return d, err
}

func (s *shaky) Code(ctx context.Context, digest store.Digest) (code []byte, err error) {
	s.loads.Add(1)
	err = s.do("Code", func() (err error) { code, err = s.Store.Code(ctx, digest); return err })
	return code, err
}

// TestStoreFails has each method of the store fail some times while a function is
// created, updated and deleted. Callers hear of it; what was acknowledged, or is
// in doubt and happened, is finished by itself.
func TestStoreFails(t *testing.T) {
	for _, method := range []string{"ChangeFunction", "Function", "DeleteFunction", "Unsettled", "PutCode", "Code"} {
		for _, doubt := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/doubt=%t", method, doubt), func(t *testing.T) {
				broken := &shaky{Store: openStore(t, t.TempDir())}
				left := 2
				failSome := func(m string) (bool, bool) {
					if m != method || left == 0 {
						return false, false
					}
					left--
					return true, doubt
				}
				broken.set(failSome)
				s := newService(t, function.Config{Store: broken})
				// again does it until it is not refused for the store's sake.
				again := func(what string, do func() error) {
					for range 10 {
						err := do()
						if err == nil {
							return
						}
						said, ok := err.(*fault.Error)
						if ok && said.Code != fault.ServiceUnavailable {
							return // it was in doubt, and had happened
						}
						wantFault(t, what, err, fault.ServiceUnavailable, "try again later")
					}
					t.Errorf("%s never ended", what)
				}
				again("create", func() error {
					_, err := s.Create(t.Context(), function.CreateInput{Name: "f", Zip: packGuest(t, "echo"), Settings: settings()})
					return err
				})
				settled := func(answer string) {
					t.Helper()
					again("waiting", func() error { _, err := s.Settled(t.Context(), function.Ref{Name: "f"}); return err })
					again("invoke", func() error {
						out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: "f"}, Event: []byte(greetEvent)})
						if err == nil && string(out.Payload) != answer {
							t.Errorf("it answered %s, want %s", out.Payload, answer)
						}
						return err
					})
				}
				settled(greetEvent)
				broken.set(func(m string) (bool, bool) { return failSome(m) })
				left = 2
				again("update", func() error {
					_, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: packGuest(t, "json")})
					return err
				})
				settled(greeting)
				again("delete", func() error { return s.Delete(t.Context(), function.Ref{Name: "f"}) })
				again("invoke", func() error {
					_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: "f"}})
					if err == nil {
						t.Error("what was deleted answers")
					}
					return err
				})
			})
		}
	}
}

// TestSandboxesAreBounded invokes more functions than may be ready. Names that do
// not exist push nothing out.
func TestSandboxesAreBounded(t *testing.T) {
	counting := &shaky{Store: openStore(t, t.TempDir())}
	s := newService(t, function.Config{Store: counting, Sandboxes: 2})
	for _, name := range []string{"a", "b", "c"} {
		active(t, s, name, packGuest(t, "echo"))
	}
	loads := func(names ...string) int64 {
		before := counting.loads.Load()
		for _, name := range names {
			invoke(t, s, name, `1`)
		}
		return counting.loads.Load() - before
	}
	if n := loads("b", "c", "b", "c"); n != 0 { // a is out
		t.Errorf("%d loads, want 0", n)
	}
	if n := loads("a", "c"); n != 1 { // b is out
		t.Errorf("%d loads, want 1", n)
	}
	for i := range 10 {
		_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: fmt.Sprintf("nobody%d", i)}})
		wantFault(t, "nobody", err, fault.ResourceNotFound, "Function not found")
	}
	if n := loads("a", "c"); n != 0 {
		t.Errorf("%d loads, want 0", n)
	}
	// The first invocations after a start load once.
	closeNow(t, s)
	s = newService(t, function.Config{Store: counting})
	before := counting.loads.Load()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { invoke(t, s, "a", `1`) })
	}
	all.Wait()
	if n := counting.loads.Load() - before; n != 1 {
		t.Errorf("%d loads for the first invocations, want 1", n)
	}
}
