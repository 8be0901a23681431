package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// PublishInput is what PublishVersion takes.
type PublishInput struct {
	Ref         Ref
	CodeSHA256  string  // of the code that is meant; "" for any
	Description *string // instead of the function's
	RevisionID  string  // that is meant; "" for any
}

// Violations says what the service model has against the input.
func (in *PublishInput) Violations() []string {
	var c constraints
	c.length(in.Description, "description", 0, maxDescription)
	return c
}

// Publish makes a version of what $LATEST is now: it never changes. If neither code
// nor configuration changed since the last version, it answers that one.
//
// Errors: Validation, InvalidParameterValue (other code, a qualified Ref),
// ResourceNotFound, ResourceConflict (the function is not Active, or an update is in
// progress), PreconditionFailed, CodeStorageExceeded.
func (s *Service) Publish(ctx context.Context, in PublishInput) (Configuration, error) {
	if err := constraints(in.Violations()).err(); err != nil {
		return Configuration{}, err
	}
	if err := s.taking(); err != nil {
		return Configuration{}, err
	}
	if err := in.Ref.unqualified(); err != nil {
		return Configuration{}, err
	}
	ref := Ref{Name: in.Ref.Name}
	if !isName(ref.Name) {
		return Configuration{}, s.notFound(ref)
	}
	added, err := s.roomForVersion(ctx, ref)
	if err != nil {
		return Configuration{}, err
	}
	defer added()
	var version *deployed
	err = s.alter(ctx, ref.Name, func(tx store.FunctionTx, r *record) (err error) {
		if err := s.mayUpdate(r, in.RevisionID); err != nil {
			return err
		}
		switch state, sum := r.Configuration.State, r.Configuration.CodeSHA256; {
		case state.Is != Active:
			return fault.New(fault.ResourceConflict, "The operation cannot be performed at this time. The function is currently in the following state: %s", state.Is)
		case in.CodeSHA256 != "" && in.CodeSHA256 != sum:
			return invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.", in.CodeSHA256, sum)
		}
		last := r.LastVersion
		if version, err = s.publish(tx, r, in.Description); err == nil && r.LastVersion != last {
			r.Configuration.RevisionID = sandbox.NewRequestID()
		}
		return err
	})
	if err != nil {
		return Configuration{}, s.failure(ctx, ref, err)
	}
	ref.Qualifier = version.Configuration.Version
	return s.describe(version.Configuration, ref), nil
}

// roomForVersion makes room for a version of what a function is now, if there is not
// one already.
func (s *Service) roomForVersion(ctx context.Context, ref Ref) (done func(), err error) {
	r, err := s.read(ctx, ref)
	if err != nil {
		return nil, err
	}
	fingerprint, err := r.Configuration.fingerprint()
	if err != nil {
		return nil, s.failure(ctx, ref, err)
	}
	if fingerprint == r.LastPrint {
		return s.makeRoom(ctx, 0)
	}
	return s.makeRoom(ctx, r.Configuration.CodeSize)
}
