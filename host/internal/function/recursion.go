package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// Recursion says what becomes of events that go round in a loop.
type Recursion struct {
	RecursiveLoop string // Allow, Terminate
}

// PutRecursion sets it. Errors: ResourceNotFound, InvalidParameterValue (a
// qualifier).
func (s *Service) PutRecursion(ctx context.Context, ref Ref, r Recursion) (Recursion, error) {
	if ref.Qualifier != "" {
		return Recursion{}, errQualified
	}
	_, err := attach(ctx, s, ref, kindRecursion, func(tx store.FunctionTx, _ *Recursion) (*Recursion, error) {
		if _, err := tx.Function(); err != nil {
			return nil, err
		}
		return &r, nil
	})
	return r, err
}

// Recursion returns it; Terminate is the default. Errors: those of PutRecursion.
func (s *Service) Recursion(ctx context.Context, ref Ref) (Recursion, error) {
	if ref.Qualifier != "" {
		return Recursion{}, errQualified
	}
	if err := s.present(ctx, ref); err != nil {
		return Recursion{}, s.failure(ctx, ref, err)
	}
	r, err := attached[Recursion](ctx, s, ref, kindRecursion)
	if err != nil || r == nil {
		return Recursion{"Terminate"}, err
	}
	return *r, nil
}
