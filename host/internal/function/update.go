package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
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
	if in.Object != nil {
		if _, err := s.read(ctx, in.Ref); err != nil {
			return Configuration{}, err
		}
		if err := s.fetch(ctx, in.Object, &in.Zip); err != nil {
			return Configuration{}, err
		}
	}
	c, _, err := s.update(ctx, update{
		ref: in.Ref, revision: in.RevisionID, zip: in.Zip, dry: in.DryRun, publish: in.Publish, verify: in.Verify,
		alter: func(r *record) {
			settings.apply(&r.Configuration)
			r.Configuration.take(in.Zip)
		},
		check: func(c Configuration) error { return s.checkPackage(ctx, in.Zip, in.Object.limit(), c) },
	})
	return c, err
}

// UpdateConfiguration changes the settings that are given, in the same way.
// Errors: those of UpdateCode.
func (s *Service) UpdateConfiguration(ctx context.Context, in UpdateConfigurationInput) (Configuration, error) {
	if err := in.check(); err != nil {
		return Configuration{}, err
	}
	if len(in.Layers) > 0 {
		if _, err := s.read(ctx, in.Ref); err != nil {
			return Configuration{}, err
		}
	}
	if err := s.findLayers(ctx, &in.Settings); err != nil {
		return Configuration{}, err
	}
	c, _, err := s.update(ctx, update{
		ref: in.Ref, revision: in.RevisionID, verify: in.Verify,
		alter: func(r *record) { in.apply(&r.Configuration) },
		check: func(c Configuration) error {
			if in.SnapStart != nil || in.Runtime != nil {
				if err := c.checkSnapStart(); err != nil {
					return err
				}
			}
			if len(in.layers) == 0 {
				return nil
			}
			return s.checkLayers(ctx, c)
		},
	})
	return c, err
}

// update says how to change a function.
type update struct {
	ref      Ref
	revision string // that is meant; "" for any
	zip      []byte // the new package; nil for the one that is there
	dry      bool   // do nothing
	publish  bool   // make a version of it
	verify   []SampleEvent
	// alter makes the new record of the old one; it may run more than once.
	alter func(*record)
	// check is asked about the new configuration before anything is written.
	check func(Configuration) error
}

// update answers with what the function becomes or, if it was published, with the
// version. What becomes of the deployment the job tells; it is nil if there is none.
func (s *Service) update(ctx context.Context, u update) (Configuration, *job, error) {
	ref := u.ref
	if err := s.taking(); err != nil {
		return Configuration{}, nil, err
	}
	if err := ref.unqualified(); err != nil {
		return Configuration{}, nil, err
	}
	ref.Qualifier = ""
	if err := s.checkVerify(u.verify); err != nil {
		return Configuration{}, nil, err
	}
	before, err := s.read(ctx, ref)
	if err != nil {
		return Configuration{}, nil, err
	}
	if err := s.mayUpdate(before, u.revision); err != nil {
		return Configuration{}, nil, err
	}
	planned := *before
	u.alter(&planned)
	if err := u.check(planned.Configuration); err != nil {
		return Configuration{}, nil, err
	}
	if u.dry {
		return s.describe(planned.Configuration, ref), nil, nil
	}
	added, err := s.makeRoom(ctx, planned.Configuration.CodeSize*copies(u.publish)-before.Configuration.CodeSize)
	if err != nil {
		return Configuration{}, nil, err
	}
	defer added()
	deployment, id, now := sandbox.NewRequestID(), sandbox.NewRequestID(), s.config.Now().UTC()
	var after Configuration
	j, err := s.deploy(ctx, ref.Name, deployment, u.zip, func() error {
		return s.alter(ctx, ref.Name, func(tx store.FunctionTx, r *record) error {
			if err := s.mayUpdate(r, u.revision); err != nil {
				return err
			}
			if d := r.serving(); d != nil {
				serving := *d
				r.Serving = &serving
			}
			u.alter(r)
			c := &r.Configuration
			c.RevisionID, c.LastModified, c.Update, c.Verified = id, now, creating(InProgress), nil
			r.Verify = u.verify
			r.Deployment, r.Engine, r.Contents = deployment, "", nil
			after = *c
			if !u.publish {
				return nil
			}
			version, err := s.publish(tx, r, nil)
			if err == nil {
				after = version.Configuration
			}
			return err
		})
	})
	if err != nil {
		return Configuration{}, nil, s.failure(ctx, ref, err)
	}
	ref.Qualifier = after.Version
	return s.describe(after, ref), j, nil
}

var errRevision = fault.New(fault.PreconditionFailed, "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")

// mayUpdate refuses a change while another is under way, and one that was meant
// for another revision.
func (s *Service) mayUpdate(r *record, revision string) error {
	c := &r.Configuration
	switch {
	case revision != "" && revision != c.RevisionID:
		return errRevision
	case c.Update.Is == InProgress:
		return fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. An update is in progress for resource: %s", s.ARN(Ref{Name: c.Name}))
	case c.State.Is == Pending:
		return fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. The function is currently in the following state: Pending")
	}
	return nil
}
