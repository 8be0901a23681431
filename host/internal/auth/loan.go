package auth

import (
	"context"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Loan are credentials of a session of a role, for something that a service runs in
// the role's name.
type Loan struct {
	Credentials
	roleID string // so that a role of the same name is not the same
}

// Borrower is who acts in a role's name.
type Borrower struct {
	Role    string // its ARN
	Session string // the session's name
	Service string // that runs it: "lambda.amazonaws.com"
	ARN     string // of what is run, in the account that the role must be of
}

// loanLasts is how long lent credentials are good. They are replaced when half of it
// is over, which is longer than handling an event may take.
const loanLasts = time.Hour

// Lend makes credentials of a session of a role that lets the borrower's service
// assume it. What Lend returned before, held, it returns again for half of the time
// that it is good, as long as the role is the same and lets.
// Errors: NoSuchEntity, AccessDenied, ServiceUnavailable.
func (s *Service) Lend(ctx context.Context, b Borrower, held *Loan) (*Loan, error) {
	account, name, ok := splitRole(b.Role)
	if !ok {
		return nil, noRole(b.Role)
	}
	r, err := s.role(ctx, account, name)
	switch {
	case err != nil:
		return nil, err
	case r.arn() != b.Role:
		return nil, noRole(b.Role) // another path
	case !r.lets(b.Service, b.ARN):
		return nil, fault.New(fault.AccessDenied, "The role %s does not let %s assume it for %s.", clip(b.Role), b.Service, clip(b.ARN))
	}
	if held != nil && held.roleID == r.ID && held.Expiration.Sub(s.config.Now()) > loanLasts/2 {
		return held, nil
	}
	c, err := s.mint(token{Account: account, Role: name, RoleID: r.ID, Session: b.Session, Source: b.ARN}, loanLasts)
	if err != nil {
		return nil, failure(ctx, err)
	}
	return &Loan{c, r.ID}, nil
}

// lets reports whether the role's trust policy lets a service assume it for a
// resource of the role's account.
func (r *role) lets(service, resource string) bool {
	keys := policy.Map{"aws:sourceaccount": {r.Account}}
	if resource != "" {
		if a, err := policy.ParseARN(resource); err != nil || a.Account != r.Account {
			return false
		}
		keys["aws:sourcearn"] = []string{resource}
	}
	request := &policy.Request{Caller: policy.Principal{Kind: policy.Service, ARN: service}, Action: "sts:AssumeRole", Resource: r.arn(), Owner: r.Account, Keys: keys}
	return policy.Evaluate(request, r.trust) == policy.Allows
}
