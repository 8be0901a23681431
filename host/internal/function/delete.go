package function

import (
	"context"
	"regexp"

	"github.com/lambent-dev/lambent/host/internal/store"
)

var versionPattern = regexp.MustCompile(`^[0-9]+$`)

// Delete removes a function. Invocations under way end as they would have. A
// version that is not there is removed without an error, as on AWS Lambda.
//
// Errors: ResourceNotFound, InvalidParameterValue (a qualifier of $LATEST, or of
// an alias).
func (s *Service) Delete(ctx context.Context, ref Ref) error {
	switch {
	case ref.Qualifier == Latest:
		return invalid("$LATEST version cannot be deleted without deleting the function.")
	case versionPattern.MatchString(ref.Qualifier):
		_, err := s.read(ctx, Ref{Name: ref.Name})
		return err
	case ref.Qualifier != "":
		return invalid("Deletion of aliases is not currently supported.")
	case !isName(ref.Name):
		return s.notFound(ref)
	}
	var deployment string
	err := s.config.Store.DeleteFunction(ctx, s.key(ref.Name), func(f store.Function) error {
		if r, err := decode(f); err == nil { // one that cannot be read can still go
			deployment = r.Deployment
		}
		return nil
	})
	if inDoubt(err) {
		s.live.remove(ref.Name, nil) // the next invocation will see
	}
	if err != nil {
		return s.failure(ctx, ref, err)
	}
	s.queue.drop(deployment)
	s.live.remove(ref.Name, nil)
	return nil
}
