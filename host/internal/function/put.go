package function

import (
	"context"
	"errors"
	"maps"
	"reflect"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Put makes a function what in says, whatever it was before, in one change, and
// waits until that is ready: AWS has no such operation. A function that already
// is so stays untouched, unless it is to be verified. Put waits for changes by others to end.
//
// Errors: those of Create and UpdateCode, but for ResourceConflict and
// PreconditionFailed; InvalidParameterValue with the reason if the deployment
// fails, in which case what answered before goes on.
func (s *Service) Put(ctx context.Context, in CreateInput) (Configuration, error) {
	if err := in.check(); err != nil {
		return Configuration{}, err
	}
	if err := s.findLayers(ctx, &in.Settings); err != nil {
		return Configuration{}, err
	}
	ref := Ref{Name: in.Name}
	for {
		var j *job
		r, err := s.read(ctx, ref)
		switch {
		case isFault(err, fault.ResourceNotFound):
			_, j, err = s.create(ctx, in)
		case err == nil && r.Configuration.State.Is == Active && in.describes(r) && !r.underway() && in.Verify == nil:
			return s.describe(r.Configuration, ref), nil
		case err == nil && !r.underway():
			_, j, err = s.update(ctx, update{
				ref: ref, zip: in.Zip, publish: in.Publish, alter: in.replace, verify: in.Verify,
				check: func(c Configuration) error { return s.checkPackage(ctx, in.Zip, in.Object.limit(), c) },
			})
		}
		switch {
		case err == nil && j != nil:
			// Others may change the function as soon as this has settled.
			c, err := s.outcome(ctx, j)
			switch {
			case err != nil:
				return Configuration{}, s.failure(ctx, ref, err)
			case c == nil: // somebody deleted it
			case c.Update.Is == Failed:
				return s.describe(*c, ref), invalid("The deployment failed: %s", c.Update.Reason)
			default:
				return s.describe(*c, ref), nil
			}
		case err == nil, isFault(err, fault.ResourceConflict), isFault(err, fault.ResourceNotFound):
			if _, err := s.Settled(ctx, ref); err != nil && !isFault(err, fault.ResourceNotFound) {
				return Configuration{}, err
			}
		default:
			return Configuration{}, err
		}
	}
}

// outcome waits until a deployment has left the queue, and describes the function as it
// was then; nil if that is not known.
func (s *Service) outcome(ctx context.Context, j *job) (*Configuration, error) {
	select {
	case <-j.settled:
		return j.result, nil
	case <-s.life.Done():
		return nil, errClosing
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func isFault(err error, code fault.Code) bool {
	said, ok := errors.AsType[*fault.Error](err)
	return ok && said.Code == code
}

// replace makes r what in says.
func (in *CreateInput) replace(r *record) {
	state, update, modified, revision := r.Configuration.State, r.Configuration.Update, r.Configuration.LastModified, r.Configuration.RevisionID
	c := defaults(in.Name)
	in.apply(&c)
	c.take(in.Zip)
	c.Verified = r.Configuration.Verified
	c.State, c.Update, c.LastModified, c.RevisionID = state, update, modified, revision
	r.Configuration, r.Tags = c, maps.Clone(in.Tags)
}

// describes reports whether r is what in says.
func (in *CreateInput) describes(r *record) bool {
	would := *r
	in.replace(&would)
	return maps.Equal(would.Tags, r.Tags) && reflect.DeepEqual(would.Configuration, r.Configuration)
}
