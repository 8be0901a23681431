package function

import (
	"context"
	"errors"
	"maps"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// Create checks a deployment package and its settings, keeps them, and answers
// with a function in state Pending: compiling goes on without the caller.
//
// Errors: InvalidParameterValue, Validation, RequestEntityTooLarge,
// ResourceConflict (the name is taken), TooManyRequests (too many deployments are
// under way), CodeStorageExceeded, ServiceUnavailable.
func (s *Service) Create(ctx context.Context, in CreateInput) (Configuration, error) {
	c, _, err := s.create(ctx, in)
	return c, err
}

// create is Create; what becomes of the deployment the job tells.
func (s *Service) create(ctx context.Context, in CreateInput) (Configuration, *job, error) {
	ref := Ref{Name: in.Name}
	if err := s.taking(); err != nil {
		return Configuration{}, nil, err
	}
	if err := in.check(); err != nil {
		return Configuration{}, nil, err
	}
	if err := s.checkVerify(in.Verify); err != nil {
		return Configuration{}, nil, err
	}
	switch _, err := s.config.Store.Function(ctx, s.key(in.Name)); {
	case err == nil:
		return Configuration{}, nil, s.failure(ctx, ref, store.ErrExists)
	case !errors.Is(err, store.ErrNotFound):
		return Configuration{}, nil, s.failure(ctx, ref, err)
	}
	if err := s.findLayers(ctx, &in.Settings); err != nil {
		return Configuration{}, nil, err
	}
	r := record{Tags: maps.Clone(in.Tags), Verify: in.Verify}
	c := defaults(in.Name)
	in.apply(&c)
	set(&c.Tenancy, in.Tenancy)
	if err := c.checkSnapStart(); err != nil {
		return Configuration{}, nil, err
	}
	if err := s.fetch(ctx, in.Object, &in.Zip); err != nil {
		return Configuration{}, nil, err
	}
	c.take(in.Zip)
	if err := s.checkPackage(ctx, in.Zip, in.Object.limit(), c); err != nil {
		return Configuration{}, nil, err
	}
	added, err := s.makeRoom(ctx, c.CodeSize*copies(in.Publish))
	if err != nil {
		return Configuration{}, nil, err
	}
	defer added()
	c.LastModified = s.config.Now().UTC()
	c.RevisionID = sandbox.NewRequestID()
	c.State = creating(Pending)
	r.deployed = deployed{Configuration: c, Deployment: sandbox.NewRequestID()}
	row, err := r.row(s.key(in.Name))
	if err != nil {
		return Configuration{}, nil, s.failure(ctx, ref, err)
	}
	j, err := s.deploy(ctx, in.Name, r.Deployment, in.Zip, func() error { return s.add(ctx, row, in.Publish) })
	if err != nil {
		return Configuration{}, nil, s.failure(ctx, ref, err)
	}
	if in.Publish {
		c.Version = versionName(1) // but neither the version's ARN nor its revision
	}
	return s.describe(c, ref), j, nil
}

// copies is how often a package counts that comes.
func copies(publish bool) int64 {
	if publish {
		return 2 // that of $LATEST, and that of the version
	}
	return 1
}

// add writes the row of a new function, and of its first version if it is to be
// published. What is left of a function of that name goes: it must not answer, nor
// come to do so, for the new one.
func (s *Service) add(ctx context.Context, row store.Function, publish bool) error {
	defer s.turns.take(row.Name)()
	err := s.config.Store.ChangeFunction(ctx, row.FunctionKey, func(tx store.FunctionTx) error {
		r, err := decode(row)
		if err == nil {
			err = tx.CreateFunction(row)
		}
		if err == nil {
			err = nameLayers(tx, 0, &r.deployed)
		}
		if err != nil || !publish {
			return err
		}
		if _, err := s.publish(tx, r, nil); err != nil {
			return err
		}
		published, err := r.row(row.FunctionKey)
		if err != nil {
			return err
		}
		return tx.UpdateFunction(published)
	})
	if err == nil || inDoubt(err) {
		if r, err := decode(row); err == nil {
			s.queue.dropOthers(row.Name, r.Deployment)
		}
		s.forget(row.Name, err != nil)
	}
	return err
}

// deploy keeps a deployment's code, has write commit its record, and queues it.
func (s *Service) deploy(ctx context.Context, name, deployment string, zip []byte, write func() error) (j *job, err error) {
	if j = s.queue.reserve(name, deployment); j == nil {
		return nil, fault.New(fault.TooManyRequests, "Rate Exceeded.")
	}
	if zip != nil {
		_, err = s.config.Store.PutCode(ctx, zip)
	}
	if err == nil {
		if err = write(); err == nil || inDoubt(err) {
			s.queue.push(j) // if it did not happen after all, the worker will see
			return j, err
		}
	}
	s.queue.done(j)
	return nil, err
}

// check refuses what no function can be created with.
func (in *CreateInput) check() error {
	if len(in.Name) > maxName { // of all constraints, AWS gives this one another code
		var c constraints
		c.length(&in.Name, "functionName", 1, maxName)
		return invalid("%s", c.text())
	}
	var c constraints
	c.pattern(&in.Name, "functionName", namePattern, functionNameText)
	if in.Role == nil {
		c.refuse(nil, "role", "Member must not be null")
	}
	if err := c.err(); err != nil {
		return err
	}
	if err := in.Settings.check(); err != nil {
		return err
	}
	switch {
	case in.Runtime == nil || in.Handler == nil:
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	return checkTags(in.Tags)
}
