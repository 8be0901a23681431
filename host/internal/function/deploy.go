package function

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/verify"
	"github.com/lambent-dev/lambent/sandbox"
)

// work settles the deployments of a lane until the queue is closed.
func (s *Service) work(l lane) {
	defer s.workers.Done()
	for {
		j, ok := s.queue.next(l)
		if !ok {
			return
		}
		if wait := s.wait(updateWait); wait > 0 && !j.waited {
			j.waited = true
			s.queue.pushAfter(j, wait)
			continue
		}
		err := s.settle(j)
		switch {
		case errors.Is(err, errVerifies):
			j.lane = verifying
			s.queue.push(j) // it is another worker's from here on
			continue
		case errors.Is(err, errGone):
			s.queue.push(j)
			continue
		}
		if err == nil || !passing(err) {
			s.queue.done(j)
			continue
		}
		// The store does not answer; what was acknowledged has to be finished.
		j.tries++
		s.queue.pushAfter(j, pause(j.tries))
	}
}

// pause is how long to wait after so many failures.
func pause(tries int) time.Duration {
	return min(100*time.Millisecond<<min(tries, 10), 15*time.Second)
}

// settle makes a deployment ready and says so, or says why it cannot be. An error
// means that neither could be stored, or is errVerifies, or errGone: the deployment
// has to be begun again, which tells whether its function is there.
func (s *Service) settle(j *job) error {
	// A function may be deleted while it starts up, which can take minutes; others
	// wait for the worker.
	ctx, end := context.WithCancelCause(s.life)
	defer end(nil)
	s.queue.begin(j, func() { end(errGone) })
	row, err := s.config.Store.Function(s.life, s.key(j.name))
	if err != nil {
		return err
	}
	r, err := decode(row)
	if err != nil {
		return err
	}
	if r.Deployment != j.deployment || !r.underway() {
		return nil // it was settled, or belongs to a function that is gone
	}
	if r.Verify != nil && j.lane != verifying {
		return errVerifies
	}
	made, err := s.ready(ctx, &r.deployed)
	var verified *Verification
	if err == nil && r.Verify != nil {
		if verified, err = s.verify(ctx, r, made); err != nil {
			made.box.Close()
		}
	}
	if err != nil {
		if errors.Is(context.Cause(ctx), errGone) {
			return errGone
		}
		if passing(err) {
			return err
		}
		return s.fail(j, err)
	}
	var placed *slot
	var out []*slot
	layers := s.layersHeld(&r.Configuration)
	if !s.queue.unlessDropped(j, func() {
		placed, out = s.live.place(j.name, made.box, r.memory(), s.identity(&r.Configuration), layers...)
	}) {
		made.box.Close()
		return errGone
	}
	s.live.release(out...)
	if placed == nil {
		made.box.Close()
		return nil
	}
	defer s.live.unpin(placed)
	there, err := s.commit(j, func(r *record) { r.succeed(made.compiler, made.contents, verified) })
	if err != nil && !passing(err) {
		// What the store refuses now, it will refuse again: its record takes too much.
		s.live.remove(j.name, placed)
		return s.fail(j, err)
	}
	if !there {
		s.live.remove(j.name, placed)
	}
	if mode, why := made.box.Mode(); there && why != nil {
		slog.Warn("lambent: a function does not have the mode that it asks for", "function", j.name, "mode", mode, "reason", why)
	}
	return err
}

// fail says why a deployment cannot become ready. What answered goes on, unless the
// store has lost its code.
func (s *Service) fail(j *job, because error) error {
	_, err := s.commit(j, func(r *record) { r.fail(why(because)) })
	if errors.Is(err, store.ErrNoCode) {
		_, err = s.commit(j, func(r *record) {
			r.Serving = nil
			r.fail(why(because))
		})
		s.live.remove(j.name, nil)
	}
	return err
}

// commit settles the record of a job, and tries until the store has answered or
// the Service ends. there is false if the deployment is not that of the function
// any more.
func (s *Service) commit(j *job, settle func(*record)) (there bool, err error) {
	var settled Configuration
	for tries := 1; ; tries++ {
		err = s.alter(s.life, j.name, func(tx store.FunctionTx, r *record) error {
			switch {
			case r.Deployment != j.deployment:
				return errSuperseded
			case !r.underway():
				settled = r.Configuration
				return errSettled
			}
			if err := s.settleVersion(tx, r, settle); err != nil {
				return err
			}
			settle(r)
			settled = r.Configuration
			return nil
		})
		switch {
		case err == nil, errors.Is(err, errSettled) && tries > 1: // by this very commit, which was in doubt
			j.result = &settled
			return true, nil
		case errors.Is(err, store.ErrNotFound), errors.Is(err, errSuperseded), errors.Is(err, errSettled):
			return false, nil
		case !inDoubt(err):
			return true, err
		}
		select {
		case <-s.life.Done():
			return true, err
		case <-time.After(pause(tries)):
		}
	}
}

var (
	errSuperseded = errors.New("there is another deployment")
	errSettled    = errors.New("settled already")
	errGone       = errors.New("the function seems to be deleted")
	errVerifies   = errors.New("the deployment is for the worker that verifies")
)

// succeed and fail end what is under way.

func (r *record) succeed(engine string, c *contents, verified *Verification) {
	r.Configuration.State, r.Configuration.Update = Status{Is: Active}, Status{Is: Successful}
	r.Configuration.RevisionID = sandbox.NewRequestID()
	r.Configuration.Verified = verified
	r.Engine, r.Contents, r.Serving, r.Verify = engine, c, nil, nil
}

// fail goes back to what answers invocations, if anything does: what is described
// is what runs.
func (r *record) fail(why Status) {
	if r.Serving != nil {
		r.deployed, r.Serving = *r.Serving, nil
	} else {
		r.Configuration.State = why
	}
	r.Configuration.Update, r.Verify = why, nil
	r.Configuration.RevisionID = sandbox.NewRequestID()
}

// why turns the error of ready into a status.
func why(err error) Status {
	status := Status{Is: Failed, Reason: reason(err), Code: "InternalError"}
	init, isInit := errors.AsType[*sandbox.InitError](err)
	failed, isFunction := errors.AsType[*sandbox.FunctionError](err)
	_, unlinked := errors.AsType[*engine.LinkError](err)
	compiler, isCompiler := errors.AsType[*CompileError](err)
	_, unverified := errors.AsType[*verify.Error](err)
	switch {
	case unverified:
		status.Code = "FunctionError"
	case isCompiler && compiler.Greedy:
		status.Code = "FunctionError.InitResourceExhausted"
	case isInit && isFunction && failed.Type == sandbox.TypeTimeout:
		status.Code = "FunctionError.InitTimeout"
	case isInit && isFunction:
		status.Code = "FunctionError.RuntimeInitError"
	case errors.Is(err, engine.ErrMemoryLimit):
		status.Code = "FunctionError.InitResourceExhausted"
	case errors.Is(err, sandbox.ErrConfig):
		status.Code = "InvalidConfiguration"
	case isCompiler, unlinked, errors.Is(err, engine.ErrInvalid), errors.Is(err, engine.ErrMalformed), errors.Is(err, engine.ErrUnsupported),
		errors.Is(err, engine.ErrTooLarge), errors.Is(err, sandbox.ErrModule), errors.Is(err, sandbox.ErrPackage):
		status.Code = "InvalidZipFileException"
	}
	if isInit {
		status.Reason = reason(init.Err)
	}
	return status
}

// CompileError is the error of a Compiler that refuses a module.
type CompileError struct {
	// Greedy says that compiling it took more memory or time than is allowed.
	Greedy bool
	Err    error
}

func (e *CompileError) Error() string { return e.Err.Error() }
func (e *CompileError) Unwrap() error { return e.Err }
