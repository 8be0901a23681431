package sandbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestErrorOfAnotherInvocation cancels invocations for the error of another, as
// errgroup does, and panics with one in a log sink. The function that was
// stopped did nothing wrong.
func TestErrorOfAnotherInvocation(t *testing.T) {
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{})
	for _, other := range []error{
		engine.ErrTimeout,
		&engine.Trap{Kind: engine.TrapUnreachable},
		&sandbox.FunctionError{Type: "Other.Trap", Err: &engine.Trap{Kind: engine.TrapUnreachable}},
		&sandbox.FunctionError{Type: sandbox.TypeTimeout, Err: engine.ErrTimeout},
		&sandbox.InitError{Err: &sandbox.FunctionError{Type: "Other.Init"}},
	} {
		for _, deed := range []string{`"spin"`, `"sleep"`} {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(briefly, func() { cancel(other) })
			_, err := box.Do(ctx, sandbox.Request{Event: []byte(deed), Log: func(l sandbox.LogLine) { t.Errorf("it logged %q", l.Message) }})
			notTheFunctions(t, err, other, engine.ErrInterrupted)
		}
		panics := func(sandbox.LogLine) { panic(other) }
		_, err := box.Do(t.Context(), sandbox.Request{Event: []byte(`"flood-forever"`), Log: panics})
		notTheFunctions(t, err, other, engine.ErrHostPanic)
	}
}

func notTheFunctions(t *testing.T, err error, wraps ...error) {
	t.Helper()
	_, failed := errors.AsType[*sandbox.FunctionError](err)
	_, init := errors.AsType[*sandbox.InitError](err)
	if failed || init {
		t.Errorf("%v counts as the function's error", err)
	}
	for _, want := range wraps {
		if !errors.Is(err, want) {
			t.Errorf("%v is not %v", err, want)
		}
	}
	if line := (sandbox.Report{Err: err}).Report(); line[len(line)-1] != '\t' {
		t.Errorf("the REPORT line says that the function failed: %q", line)
	}
}

// late is a tape that does something when a wait was cut short.
type late struct {
	sandbox.Recorder
	then func()
}

func (l *late) Answer(q sandbox.Question, live func() []byte) ([]byte, error) {
	data, err := l.Recorder.Answer(q, live)
	if q.Kind == sandbox.AskWait {
		l.then()
	}
	return data, err
}

// TestGivenUpAfterATimeout: who gives up, or closes the Sandbox, when the time of
// an event is over and the event is not, used to be told neither.
func TestGivenUpAfterATimeout(t *testing.T) {
	mine := errors.New("mine")
	ctx, cancel := context.WithCancelCause(t.Context())
	box := newBox(t, guest(t, "c/bad"), sandbox.Config{Limits: sandbox.Limits{Time: briefly}})
	closed := make(chan error, 1)
	for _, c := range []struct {
		ctx  context.Context
		then func()
		want error
	}{
		{ctx, func() { cancel(mine) }, mine},
		{t.Context(), func() {
			go func() { closed <- box.Close() }()
			for { // until it has begun
				if _, err := box.Run(t.Context(), []byte(`"trap"`)); errors.Is(err, sandbox.ErrClosed) {
					return
				}
			}
		}, sandbox.ErrClosed},
	} {
		called := false
		tape := &late{then: func() { called = true; c.then() }}
		for !called { // a slow machine may not come to wait
			_, err := box.Do(c.ctx, sandbox.Request{Event: []byte(`"sleep"`), Tape: tape})
			if called {
				notTheFunctions(t, err, c.want, engine.ErrInterrupted)
			}
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
