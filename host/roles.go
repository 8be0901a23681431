package host

import (
	"context"
	"errors"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// EnforceRoles has functions and executions of state machines act as their roles:
// executions do only what the policies of the role, and of what they call, allow,
// and functions find credentials of their role in their environment. Package gateway
// calls it where callers need keys, too. What was loaded before has been through its
// init phase as if roles did not count.
func (h *Host) EnforceRoles() { h.enforced.Store(true) }

// roles implements function.Roles with the roles of the store.
type roles struct{ host *Host }

func (r roles) Enforced() bool { return r.host.enforced.Load() }

// forFunctions is the service that roles must let assume them.
const forFunctions = "lambda.amazonaws.com"

func (r roles) Lend(ctx context.Context, role, arn string, held *function.Loan) (*function.Loan, error) {
	var before *auth.Loan
	if held != nil {
		before, _ = held.Held.(*auth.Loan)
	}
	b := auth.Borrower{Role: role, Session: arn[strings.LastIndexByte(arn, ':')+1:], Service: forFunctions, ARN: arn}
	loan, err := r.host.access.Lend(ctx, b, before)
	refused, ok := errors.AsType[*fault.Error](err)
	switch {
	case ok && (refused.Code == auth.NoSuchEntity || refused.Code == fault.AccessDenied):
		return nil, nil
	case err != nil:
		return nil, err
	case loan == before:
		return held, nil
	}
	c, err := sandbox.NewCredentials(loan.AccessKeyID, loan.SecretAccessKey, loan.SessionToken)
	if err != nil {
		return nil, err
	}
	return &function.Loan{Credentials: c, Expires: loan.Expiration, Held: loan}, nil
}
