package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Run gives event, a JSON value, to a pristine instance and returns what the
// function answered. It is Do with nothing but an event.
func (s *Sandbox) Run(ctx context.Context, event []byte) (Result, error) {
	return s.Do(ctx, Request{Event: event})
}

// Do gives r.Event to a pristine instance and returns what the function
// answered. The guest runs on the calling goroutine.
//
// An error is a *FunctionError if the function failed; the Result then still
// holds the request id and the usage. Other errors are the caller's or the
// host's: ErrEventTooLarge, ErrEventNotJSON, ErrRequest, ErrClosed, ErrTapeFull,
// context.Cause(ctx), engine.ErrHostPanic, a *TapeError.
func (s *Sandbox) Do(ctx context.Context, r Request) (Result, error) {
	if limit := s.config.Limits.Event; len(r.Event) > limit {
		return Result{}, fmt.Errorf("%w: %d bytes; at most %d are allowed", ErrEventTooLarge, len(r.Event), limit)
	}
	if err := CheckEvent(r.Event); err != nil {
		return Result{}, err
	}
	if err := r.check(); err != nil {
		return Result{}, err
	}
	if err := s.enter(); err != nil {
		return Result{}, err
	}
	defer s.running.Done()
	in, err := s.pool.take(&r)
	if err != nil {
		return Result{}, err
	}
	defer s.pool.destroy(in)
	return in.run(ctx, &r)
}

// run passes one event through the instance.
func (in *instance) run(ctx context.Context, r *Request) (Result, error) {
	limits := &in.pool.config.Limits
	limit := limits.Init
	err := in.init(ctx)
	begin := time.Now()
	if err == nil {
		limit = limits.Time
		err = in.handle(ctx, r)
	}
	duration := time.Since(begin)
	err = in.verdict(ctx, err, limit)
	in.logs.flush()
	res := Result{RequestID: in.id, Usage: in.usage(r, duration)}
	if err == nil {
		res.Response, res.Meta = in.abi.Response, in.abi.Meta
	}
	return res, err
}

// verdict turns how the guest ended into the error that its caller gets. Only
// what err itself is counts, not what it wraps: the cause of a context that the
// caller cancelled, and what a log sink panicked with, may be the error of
// another invocation.
func (in *instance) verdict(ctx context.Context, err error, limit time.Duration) error {
	fail := func(errorType, format string, args ...any) error {
		return newFunctionError(errorType, "RequestId: "+in.id+" Error: "+fmt.Sprintf(format, args...), err)
	}
	trap, trapped := err.(*engine.Trap)
	exit, exited := err.(*wasi.ExitError)
	bad, badExit := err.(*abi.BadExit)
	switch {
	case err == nil && !in.abi.TooLarge:
		return nil
	case err == abi.Reported:
		return reportedError(in.abi.Error)
	case errors.Is(err, engine.ErrInterrupted) && errors.Is(err, engine.ErrTimeout) && ctx.Err() == nil && in.pool.life.Err() == nil:
		message := fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds())
		in.logs.system("%s %s %s", in.logs.now().UTC().Format("2006-01-02T15:04:05.000Z"), in.id, message)
		return fail(TypeTimeout, "%s", message)
	case errors.Unwrap(err) == engine.ErrOutOfFuel:
		return fail(TypeOutOfFuel, "Task ran out of fuel after %d units", in.pool.config.Limits.Fuel)
	case in.abi.TooLarge && (err == nil || trapped || exited || badExit):
		// However the guest took it, this is what went wrong first.
		return newFunctionError(TypeResponseTooLarge, fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", in.abi.Limits.Response), err)
	case trapped:
		return fail(TypeTrap, "%v", trap)
	case exited && exit.Code == 0:
		return fail(TypeExit, "Runtime exited without providing a reason")
	case exited:
		return fail(TypeExit, "Runtime exited with error: exit status %d", exit.Code)
	case badExit:
		return fail(TypeBadExit, "%v", bad)
	}
	return &hostError{err}
}
