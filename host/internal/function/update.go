package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// UpdateCode gives a function another package. The old one answers until the new
// one is ready, and goes on if it cannot become so: LastUpdateStatus is Failed
// then, and the function is described as it was before. With DryRun it only checks
// and answers what the configuration would be.
//
// Errors: those of Create, ResourceNotFound, ResourceConflict (the function is
// Pending, or an update is in progress), PreconditionFailed (another RevisionID).
func (s *Service) UpdateCode(ctx context.Context, in UpdateCodeInput) (Configuration, error) {
	settings := Settings{Architectures: in.Architectures}
	if err := settings.check(); err != nil {
		return Configuration{}, err
	}
	if in.Publish {
		return Configuration{}, errPublish
	}
	return s.update(ctx, in.Ref, in.RevisionID, in.Zip, in.DryRun, func(r *record) {
		settings.apply(&r.Configuration)
		r.Configuration.take(in.Zip)
	}, func(c Configuration) error { return s.checkPackage(ctx, in.Zip, c) })
}

// UpdateConfiguration changes the settings that are given, in the same way.
// Errors: those of UpdateCode.
func (s *Service) UpdateConfiguration(ctx context.Context, in UpdateConfigurationInput) (Configuration, error) {
	if err := in.check(); err != nil {
		return Configuration{}, err
	}
	return s.update(ctx, in.Ref, in.RevisionID, nil, false, func(r *record) {
		in.apply(&r.Configuration)
	}, func(Configuration) error { return nil })
}

// update changes a function. alter makes the new record of the old one; it may
// run more than once. check is asked about the new configuration before anything
// is written.
func (s *Service) update(ctx context.Context, ref Ref, revision string, zip []byte, dry bool,
	alter func(*record), check func(Configuration) error) (Configuration, error) {
	if err := s.taking(); err != nil {
		return Configuration{}, err
	}
	if ref.Qualifier != "" && ref.Qualifier != Latest {
		return Configuration{}, invalid("This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.")
	}
	ref.Qualifier = ""
	before, err := s.read(ctx, ref)
	if err != nil {
		return Configuration{}, err
	}
	if err := s.mayUpdate(before, revision); err != nil {
		return Configuration{}, err
	}
	planned := *before
	alter(&planned)
	if err := check(planned.Configuration); err != nil {
		return Configuration{}, err
	}
	if dry {
		return s.describe(planned.Configuration, ref), nil
	}
	deployment, id, now := sandbox.NewRequestID(), sandbox.NewRequestID(), s.config.Now().UTC()
	var after Configuration
	err = s.deploy(ctx, ref.Name, deployment, zip, func() error {
		_, err := s.config.Store.UpdateFunction(ctx, s.key(ref.Name), change(func(r *record) error {
			if err := s.mayUpdate(r, revision); err != nil {
				return err
			}
			if d := r.serving(); d != nil {
				serving := *d
				r.Serving = &serving
			}
			alter(r)
			c := &r.Configuration
			c.RevisionID, c.LastModified, c.Update = id, now, creating(InProgress)
			r.Deployment, r.Engine, r.Contents = deployment, "", nil
			after = *c
			return nil
		}))
		return err
	})
	if err != nil {
		return Configuration{}, s.failure(ctx, ref, err)
	}
	return s.describe(after, ref), nil
}

// mayUpdate refuses a change while another is under way, and one that was meant
// for another revision.
func (s *Service) mayUpdate(r *record, revision string) error {
	c := &r.Configuration
	switch {
	case revision != "" && revision != c.RevisionID:
		return fault.New(fault.PreconditionFailed, "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
	case c.Update.Is == InProgress:
		return fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. An update is in progress for resource: %s", s.ARN(Ref{Name: c.Name}))
	case c.State.Is == Pending:
		return fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. The function is currently in the following state: Pending")
	}
	return nil
}
