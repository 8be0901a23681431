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
	return s.do(ctx, r, nil)
}

// do is Do, and has look, unless that is nil, look at the instance when its event is
// over.
func (s *Sandbox) do(ctx context.Context, r Request, look func(*instance)) (Result, error) {
	if limit := s.config.Limits.Event; len(r.Event) > limit {
		return Result{}, fmt.Errorf("%w: %d bytes; at most %d are allowed", ErrEventTooLarge, len(r.Event), limit)
	}
	if err := CheckEvent(r.Event); err != nil {
		return Result{}, err
	}
	if err := r.check(); err != nil {
		return Result{}, err
	}
	if err := s.config.checkTenant(&r); err != nil {
		return Result{}, err
	}
	if err := s.enter(); err != nil {
		return Result{}, err
	}
	defer s.running.Done()
	in := s.takeFor(&r)
	defer s.pool.give(in)
	if err := in.enter(&r); err != nil {
		return Result{}, err
	}
	res, err := in.run(ctx, &r)
	if look != nil {
		look(in)
	}
	return res, err
}

// run passes one event through the instance.
func (in *instance) run(ctx context.Context, r *Request) (Result, error) {
	limits := &in.pool.config.Limits
	limit := limits.Init
	err := in.init(ctx)
	begin := time.Now()
	if err == nil {
		limit = limits.Time
		err = in.handle(ctx, r, begin)
	}
	duration := time.Since(begin)
	in.doubtful = in.abi.Exited || err != nil && err != abi.Reported || r.Tape != nil // it saw the tape's world
	err = in.conclude(ctx, err, limit)
	res := Result{RequestID: in.id, Usage: in.usage(r, duration)}
	if err == nil {
		res.Response, res.Meta = in.abi.Response, in.abi.Meta
	}
	return res, err
}

// init makes the guest's side ready for an event. What runs for that is under
// Limits.Init.
func (in *instance) init(ctx context.Context) error {
	p := in.pool
	cfg := engine.InstanceConfig{MemoryLimit: p.config.Limits.Memory, Data: in}
	var err error
	if in.begun || p.ready && in.request.Tape == nil {
		if in.live == nil {
			in.live, err = p.image.Instantiate(cfg)
		}
		if err != nil {
			in.live = nil
			return err
		}
		in.abi.InitDone()
		in.watch()
		if p.first.Load() > 0 {
			in.initTime = time.Duration(p.first.Swap(0))
		}
		return nil
	}
	begin := time.Now()
	span := newSpan(ctx, p.life, begin.Add(p.config.Limits.Init))
	defer span.finish()
	in.world.begins(begin, p.config.Limits.Init)
	if in.live, err = p.module.Instantiate(span, cfg); err != nil {
		in.live = nil
		return err
	}
	if p.model == abi.Reactor {
		if err := in.abi.Initialize(span, in.live); err != nil {
			return err
		}
	}
	if p.mode == Reuse {
		in.begun, in.credentials = true, in.request.Credentials
	}
	in.initTime = time.Since(begin)
	return nil
}

// watch begins what give ends: from now on guest and host may write to the
// instance's memory.
func (in *instance) watch() {
	if restorer := in.live.Restorer(); restorer != nil && in.pool.mode != Reuse {
		restorer.Watch()
	}
}

// handle presents the event and runs the handler, under Limits.Time and
// Limits.Fuel.
func (in *instance) handle(ctx context.Context, r *Request, begin time.Time) error {
	p := in.pool
	span := newSpan(ctx, p.life, begin.Add(p.config.Limits.Time))
	defer span.finish()
	in.live.Meter().Begin(p.config.Limits.Fuel)
	in.handling = true
	in.world.begins(begin, p.config.Limits.Time)
	if p.model == abi.Stdio {
		return in.abi.RunProgram(span, in.live)
	}
	in.abi.Event = event(r)
	if p.hook && r.Tape == nil {
		if err := in.abi.AfterRestore(span, in.live); err != nil {
			return err
		}
	}
	return in.abi.Handle(span, in.live)
}

// conclude is verdict, and ends the logs. A sink that panics is an error here as
// it is where the guest runs: its panic is not the caller's.
func (in *instance) conclude(ctx context.Context, guest error, limit time.Duration) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &hostError{fmt.Errorf("%w: the sink of log lines: %v", engine.ErrHostPanic, r)}
		}
	}()
	err = in.verdict(ctx, guest, limit)
	in.logs.flush()
	return err
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
	case errors.Is(err, engine.ErrInterrupted) && errors.Is(err, engine.ErrTimeout):
		// Whoever gave up meanwhile wants to hear that, and not of a timeout that
		// may be another invocation's.
		if ctx.Err() != nil {
			return &hostError{engine.Interrupted(ctx)}
		}
		if life := in.pool.life; life.Err() != nil {
			return &hostError{engine.Interrupted(life)}
		}
		message := fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds())
		if !in.handling {
			message += " in its init phase; init_timeout in lambent.json says how long that may take"
		}
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
