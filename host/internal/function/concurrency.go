package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Concurrency of an account, that of a new one on AWS: how many invocations run at
// once, and how many of these cannot be reserved.
const (
	AccountConcurrency = 1_000
	leastUnreserved    = 100
)

// reservation is the attachment of a function with reserved concurrency.
type reservation struct{ Reserved int }

// PutConcurrency reserves concurrency for a function: so many of its invocations run
// at once and no more, and others leave it room for them.
//
// Errors: ResourceNotFound, InvalidParameterValue (a qualifier; too little would be
// left for others, or for what is provisioned).
func (s *Service) PutConcurrency(ctx context.Context, ref Ref, reserved int) error {
	if ref.Qualifier != "" {
		return errQualified
	}
	s.permits.mu.Lock()
	defer s.permits.mu.Unlock()
	if err := s.present(ctx, ref); err != nil {
		return s.failure(ctx, eventInvokeRef(ref), err) // AWS names $LATEST here
	}
	allotted, err := s.allotments(ctx)
	if err != nil {
		return err
	}
	if provisioned := allotted.provisionedOf(ref.Name); reserved < provisioned {
		return untyped(" ReservedConcurrentExecutions  %d should not be lower than function's total provisioned concurrency [%d].", reserved, provisioned)
	}
	before := 0
	if a := allotted.of[ref.Name]; a != nil && a.reserved {
		before = a.total
	}
	if allotted.unreserved+before-reserved < leastUnreserved {
		return untyped("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", leastUnreserved)
	}
	_, err = attach(ctx, s, ref, kindConcurrency, func(tx store.FunctionTx, _ *reservation) (*reservation, error) {
		if _, err := tx.Function(); err != nil {
			return nil, err
		}
		return &reservation{reserved}, nil
	})
	s.permits.refresh(ctx, s)
	return err
}

// Concurrency returns what is reserved for a function, nil if nothing is.
// Errors: ResourceNotFound, InvalidParameterValue (a qualifier).
func (s *Service) Concurrency(ctx context.Context, ref Ref) (*int, error) {
	if ref.Qualifier != "" {
		return nil, errQualified
	}
	if err := s.present(ctx, ref); err != nil {
		return nil, s.failure(ctx, ref, err)
	}
	r, err := attached[reservation](ctx, s, ref, kindConcurrency)
	if err != nil || r == nil {
		return nil, err
	}
	return &r.Reserved, nil
}

// DeleteConcurrency reserves nothing any more. Errors: those of Concurrency.
func (s *Service) DeleteConcurrency(ctx context.Context, ref Ref) error {
	if _, err := s.Concurrency(ctx, ref); err != nil {
		return err
	}
	s.permits.mu.Lock()
	defer s.permits.mu.Unlock()
	_, err := attach(ctx, s, ref, kindConcurrency, func(store.FunctionTx, *reservation) (*reservation, error) { return nil, nil })
	s.permits.refresh(ctx, s)
	return err
}

// untyped is invalid where AWS answers no Type.
func untyped(format string, args ...any) error {
	err := fault.New(fault.InvalidParameterValue, format, args...)
	err.Untyped = true
	return err
}
