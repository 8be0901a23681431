package sandbox

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// span is the context of one phase of an invocation. It is done when the
// caller's context is, when the Sandbox closes, with engine.ErrTimeout as its
// cause when the phase's time is over, and when finish is called.
//
// Most events neither wait for anything nor take long: for them a span is a few
// words, and Err looks at the clock. Once somebody wants Done, or it is over, a
// span is made of the standard library's contexts, which take timers and are
// entered into those that they depend on.
type span struct {
	caller, life context.Context
	limit        time.Time // when the time is over
	deadline     time.Time // then, or earlier if the caller's is

	full     atomic.Pointer[full] // nil until it is needed
	finished atomic.Bool
	making   sync.Mutex // of full
}

// full is what a span is made of.
type full struct {
	context.Context
	end func()
}

// newSpan begins a span that ends at limit; the caller finishes it.
func newSpan(caller, life context.Context, limit time.Time) *span {
	s := &span{caller: caller, life: life, limit: limit}
	s.deadline = s.limit
	if d, ok := caller.Deadline(); ok && d.Before(s.deadline) {
		s.deadline = d
	}
	return s
}

// Deadline implements context.Context.
func (s *span) Deadline() (time.Time, bool) { return s.deadline, true }

// Done implements context.Context.
func (s *span) Done() <-chan struct{} { return s.whole().Done() }

// Err implements context.Context.
func (s *span) Err() error {
	if s.full.Load() == nil && !s.finished.Load() && s.caller.Err() == nil && s.life.Err() == nil && time.Now().Before(s.limit) {
		return nil
	}
	return s.whole().Err()
}

// Value implements context.Context. Through it context.Cause finds the cause,
// and contexts derived from a span the one to be entered into.
func (s *span) Value(key any) any {
	if f := s.full.Load(); f != nil {
		return f.Value(key)
	}
	return s.caller.Value(key)
}

// finish ends the span for everybody who still holds it.
func (s *span) finish() {
	s.making.Lock()
	defer s.making.Unlock()
	s.finished.Store(true)
	if f := s.full.Load(); f != nil {
		f.end()
	}
}

// whole returns what the span is made of.
func (s *span) whole() *full {
	if f := s.full.Load(); f != nil {
		return f
	}
	s.making.Lock()
	defer s.making.Unlock()
	if f := s.full.Load(); f != nil {
		return f
	}
	ctx, cancel := context.WithCancelCause(s.caller)
	closed := func() { cancel(context.Cause(s.life)) }
	stop := context.AfterFunc(s.life, closed)
	if s.life.Err() != nil {
		closed() // now, not on AfterFunc's goroutine
	}
	ctx, end := context.WithDeadlineCause(unlimited{ctx}, s.limit, engine.ErrTimeout)
	f := &full{ctx, func() {
		stop()
		end()
		cancel(nil)
	}}
	if s.finished.Load() {
		f.end()
	}
	s.full.Store(f)
	return f
}

// unlimited is a context that says nothing of its deadline: a caller's may name
// one, earlier than a span's limit, and not end then, as those do that embed a
// context to be cut off from it. The standard library would trust it.
type unlimited struct{ context.Context }

// Deadline implements context.Context.
func (unlimited) Deadline() (deadline time.Time, ok bool) { return }
