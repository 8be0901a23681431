package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// Delete removes a function with all that belongs to it, or one version.
// Invocations under way end as they would have. A version that is not there is
// removed without an error, as on AWS Lambda.
//
// Errors: ResourceNotFound, InvalidParameterValue (a qualifier of $LATEST, or of
// an alias), ResourceConflict (an alias names the version).
func (s *Service) Delete(ctx context.Context, ref Ref) error {
	switch {
	case ref.Qualifier == Latest:
		return invalid("$LATEST version cannot be deleted without deleting the function.")
	case isNumber(ref.Qualifier):
		return s.deleteVersion(ctx, ref)
	case ref.Qualifier != "":
		return invalid("Deletion of aliases is not currently supported.")
	case !isName(ref.Name):
		return s.notFound(ref)
	}
	defer s.turns.take(ref.Name)()
	var deployment string
	err := s.config.Store.DeleteFunction(ctx, s.key(ref.Name), func(f store.Function) error {
		if r, err := decode(f); err == nil { // one that cannot be read can still go
			deployment = r.Deployment
		}
		return nil
	})
	if err == nil {
		s.queue.drop(deployment)
	}
	if err == nil || inDoubt(err) { // the next invocation will see
		s.forget(ref.Name, err != nil)
		s.permits.forget(ctx, s, ref.Name)
	}
	return s.failure(ctx, ref, err)
}
