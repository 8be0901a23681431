package api

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// ResourcePolicy is that of the fake's function, if a test gave it one.
func (f *fake) ResourcePolicy(_ context.Context, ref function.Ref) (*policy.Document, error) {
	return f.policies[ref], f.err
}
