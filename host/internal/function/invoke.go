package function

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// Invoke gives an event to a function and waits for what it answers; the guest
// runs on the calling goroutine. A function that fails is an InvokeOutput, not an
// error. Invoking one that is not ready for its first time waits, bounded.
//
// Errors: ResourceNotFound, ResourceConflict (the function is still Pending, or
// Failed), InvalidRequestContent (the event is not JSON), RequestTooLarge,
// TooManyRequests, ServiceUnavailable, Service.
func (s *Service) Invoke(ctx context.Context, in InvokeInput) (InvokeOutput, error) {
	if err := s.enter(); err != nil {
		return InvokeOutput{}, err
	}
	defer s.invocations.Done()
	if in.Ref.Qualifier == "" {
		in.Ref.Qualifier = Latest // as AWS names it in errors
	}
	if in.RequestID == "" {
		in.RequestID = sandbox.NewRequestID()
	}
	slot, err := s.find(ctx, in.Ref)
	if err != nil {
		if failed, ok := errors.AsType[*initFailure](err); ok {
			return InvokeOutput{Payload: failed.err.Payload, Failed: true, Version: failed.version}, nil
		}
		return InvokeOutput{}, s.failure(ctx, in.Ref, err)
	}
	defer s.live.release(slot)
	if err := checkTenant(slot.box, in.Tenant); err != nil {
		return InvokeOutput{}, err
	}
	permit, err := s.permit(ctx, in.Ref.Name, slot.version)
	if err != nil {
		return InvokeOutput{}, err
	}
	defer permit.give()
	return s.run(ctx, slot, in)
}

// run gives the event to the sandbox.
func (s *Service) run(ctx context.Context, slot *slot, in InvokeInput) (InvokeOutput, error) {
	if !utf8.Valid(in.Event) { // in a text, which is all that the sandbox does not look at
		return InvokeOutput{}, errUnparsed(in.Event, errNotUTF8)
	}
	book := newLogbook(s, slot, &in)
	res, err := slot.box.Do(ctx, sandbox.Request{
		Event:         in.Event,
		ID:            in.RequestID,
		FunctionARN:   in.InvokedARN,
		ClientContext: in.ClientContext,
		Tenant:        in.Tenant,
		Credentials:   s.credentials(ctx, slot.as),
		Log:           book.sink(),
	})
	if res.RequestID != "" { // the guest ran
		book.end(res.Usage, err)
	}
	out := InvokeOutput{Payload: res.Response, Meta: res.Meta, Version: slot.version, Usage: res.Usage, LogTail: book.tail()}
	failed, isFunction := errors.AsType[*sandbox.FunctionError](err)
	switch {
	case err == nil:
		return out, nil
	case isFunction:
		out.Payload, out.Meta, out.Failed = failed.Payload, nil, true
		return out, nil
	case errors.Is(err, sandbox.ErrEventTooLarge):
		return InvokeOutput{}, fault.New(fault.RequestTooLarge, "%d byte payload is too large for the RequestResponse invocation type (limit %d bytes)", len(in.Event), sandbox.DefaultEvent)
	case errors.Is(err, sandbox.ErrEventNotJSON):
		return InvokeOutput{}, errUnparsed(in.Event, err)
	case errors.Is(err, sandbox.ErrClosed):
		err = errClosing
	}
	return InvokeOutput{}, s.failure(ctx, in.Ref, err)
}

// errUnparsed refuses an event that is no JSON.
func errUnparsed(event []byte, err error) error {
	return &fault.Error{Code: fault.InvalidRequestContent, Err: err,
		Message: "Could not parse request body into json: Could not parse payload into json: " + unparsed(event)}
}

// find returns the slot of what is to answer, ready; the caller releases it.
func (s *Service) find(ctx context.Context, ref Ref) (*slot, error) {
	for tries := 1; ; tries++ {
		target, err := s.target(ctx, ref)
		if err != nil {
			return nil, err
		}
		slot, err := s.acquire(ctx, target)
		switch {
		case err == nil:
			return slot, nil
		case errors.Is(err, store.ErrNoVersion) && isAlias(ref.Qualifier) && tries < maxTries:
			continue // the alias was moved, and then the version removed
		}
		if failed, ok := errors.AsType[*sandbox.FunctionError](err); ok {
			_, version := splitTarget(target)
			return nil, &initFailure{failed, version}
		}
		return nil, err
	}
}

// maxTries bounds how often an invocation follows an alias that moves.
const maxTries = 5

// initFailure is what became of a version's init phase.
type initFailure struct {
	err     *sandbox.FunctionError
	version string
}

func (e *initFailure) Error() string { return e.err.Error() }

// acquire returns the slot of what answers for a target now, ready; the caller
// releases it. It makes the sandbox if there is none, and waits for a deployment
// that is the target's first.
func (s *Service) acquire(ctx context.Context, target string) (*slot, error) {
	var patience *time.Timer
	for {
		slot, mine := s.live.get(target)
		if slot == nil {
			return nil, errClosing
		}
		if mine {
			s.loads.Add(1) // while s.invocations counts this one, so before Close waits
			go s.load(slot)
		}
		if slot.isReady() { // as nearly always: a select of two takes longer
			return slot, nil
		}
		select {
		case <-slot.ready:
		case <-ctx.Done():
			s.live.release(slot)
			return nil, ctx.Err()
		}
		if slot.err == nil {
			return slot, nil
		}
		s.live.release(slot)
		pending, ok := errors.AsType[*pendingError](slot.err)
		if !ok {
			return nil, slot.err
		}
		if patience == nil {
			patience = time.NewTimer(s.config.Patience)
			defer patience.Stop()
		}
		expired, err := s.await(ctx, pending.deployment, patience.C)
		if err != nil {
			return nil, err
		}
		if expired {
			return nil, fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. The function is currently in the following state: %s", pending.state)
		}
	}
}

// pendingError is why there is no sandbox yet.
type pendingError struct{ deployment, state string }

func (e *pendingError) Error() string { return "the function is " + e.state }

// load makes the sandbox of a slot, from what the store says now. It belongs to
// all who wait for the slot, so it does not end when one of them gives up.
func (s *Service) load(slot *slot) {
	defer s.loads.Done()
	select {
	case s.loading <- struct{}{}:
		defer func() { <-s.loading }()
	case <-s.life.Done():
		s.live.drop(slot, errClosing)
		return
	}
	s.make(slot)
}

// make is load, by whoever calls it.
func (s *Service) make(slot *slot) {
	d, err := s.answering(slot)
	if err != nil {
		s.live.drop(slot, err)
		return
	}
	made, err := s.ready(s.life, d)
	if err != nil {
		s.live.drop(slot, err)
		return
	}
	s.live.fill(slot, made.box, d.memory(), s.identity(&d.Configuration), s.layersHeld(&d.Configuration)...)
}

// answering returns the deployment that answers for a slot's target now.
func (s *Service) answering(slot *slot) (*deployed, error) {
	r, err := s.recordOf(slot)
	if err != nil {
		return nil, err
	}
	if d := r.serving(); d != nil {
		return d, nil
	}
	state := r.Configuration.State
	if r.underway() {
		return nil, &pendingError{r.Deployment, state.Is}
	}
	return nil, fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. The function is currently in the following state: %s. %s", state.Is, state.Reason)
}

// recordOf reads what a slot is of. A version's record has no more than its
// deployment.
func (s *Service) recordOf(slot *slot) (*record, error) {
	number, isVersion := parseVersion(slot.version)
	if !isVersion {
		return s.latest(s.life, slot.function)
	}
	d, err := s.version(s.life, slot.function, number)
	if err != nil {
		return nil, err
	}
	return &record{deployed: *d}, nil
}
