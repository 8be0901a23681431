package sandbox

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// TestSpan ends spans in each way, for those who ask and for those who wait.
func TestSpan(t *testing.T) {
	type key struct{}
	mine := errors.New("mine")
	for _, c := range []struct {
		name       string
		limit      time.Duration
		end        func(cancel, close context.CancelCauseFunc, s *span)
		err, cause error
	}{
		{"time", time.Nanosecond, nil, context.DeadlineExceeded, engine.ErrTimeout},
		{"caller", time.Hour, func(cancel, _ context.CancelCauseFunc, _ *span) { cancel(mine) }, context.Canceled, mine},
		{"close", time.Hour, func(_, close context.CancelCauseFunc, _ *span) { close(ErrClosed) }, context.Canceled, ErrClosed},
		{"finish", time.Hour, func(_, _ context.CancelCauseFunc, s *span) { s.finish() }, context.Canceled, context.Canceled},
	} {
		for _, when := range []string{"before", "after", "never"} { // somebody waits
			t.Run(c.name+"/"+when, func(t *testing.T) {
				caller, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "v"))
				defer cancel(nil)
				life, closing := context.WithCancelCause(context.Background())
				defer closing(nil)
				s := newSpan(caller, life, time.Now().Add(c.limit))
				defer s.finish()
				if c.end != nil && s.Err() != nil {
					t.Fatalf("it begins with %v", s.Err())
				}
				var derived context.Context
				if when == "before" {
					var stop func()
					derived, stop = context.WithCancel(s)
					defer stop()
				}
				if c.end != nil {
					c.end(cancel, closing, s)
				} else {
					<-time.After(2 * c.limit)
				}
				if when == "after" {
					derived = s
				}
				if derived != nil {
					<-derived.Done()
					if err, cause := derived.Err(), context.Cause(derived); err != c.err || !errors.Is(cause, c.cause) {
						t.Errorf("who waited finds %v, %v", err, cause)
					}
				}
				if err, cause := s.Err(), context.Cause(s); err != c.err || !errors.Is(cause, c.cause) {
					t.Errorf("it ended with %v, %v; want %v, %v", err, cause, c.err, c.cause)
				}
				<-s.Done()
				if s.Value(key{}) != "v" {
					t.Error("it lost a value")
				}
			})
		}
	}
}

// TestSpanDeadline: the earlier deadline counts, and its owner's error.
func TestSpanDeadline(t *testing.T) {
	at := time.Now().Add(-time.Second)
	caller, cancel := context.WithDeadline(t.Context(), at)
	defer cancel()
	s := newSpan(caller, t.Context(), time.Now().Add(time.Hour))
	defer s.finish()
	if d, ok := s.Deadline(); !ok || !d.Equal(at) {
		t.Errorf("the deadline is %v, want %v", d, at)
	}
	if err := context.Cause(s); s.Err() == nil || errors.Is(err, engine.ErrTimeout) {
		t.Errorf("it ended with %v", err)
	}
	s = newSpan(t.Context(), t.Context(), time.Now().Add(time.Hour))
	defer s.finish()
	if d, ok := s.Deadline(); !ok || time.Until(d) > time.Hour || time.Until(d) < 0 {
		t.Errorf("the deadline is %v", d)
	}
}

// adrift is a context that was cut off from another, but for its deadline.
type adrift struct{ context.Context }

func (adrift) Done() <-chan struct{} { return nil }
func (adrift) Err() error            { return nil }

// TestSpanOfACallerAdrift: time is over when it is, though the caller's context
// has an earlier deadline, at which it does not end. Guests used to wait for that
// for ever.
func TestSpanOfACallerAdrift(t *testing.T) {
	over, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	life, closing := context.WithCancelCause(context.Background())
	defer time.AfterFunc(time.Minute, func() { closing(ErrClosed) }).Stop() // instead of hanging
	s := newSpan(adrift{over}, life, time.Now().Add(time.Millisecond))
	defer s.finish()
	<-s.Done()
	if cause := context.Cause(s); cause != engine.ErrTimeout {
		t.Errorf("it ended with %v", cause)
	}
}
