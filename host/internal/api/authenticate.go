package api

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Protection is who an API lets in.
type Protection struct {
	// Auth is keys, roles and policies; the APIs of AWS IAM and AWS STS are about
	// them. nil: there are none, and those APIs are not spoken.
	Auth *auth.Service
	// Enforced: requests must be signed with one of the keys, and policies decide.
	// Otherwise everybody may do everything, and the account of a request is what
	// its access key says: 12 digits are that account, all else is the API's own.
	Enforced bool
	// Of finds the API of another account, which it protects alike. nil: there is
	// none.
	Of func(account string) (*API, error)
	// Has reports whether another account has anything that it can let others use.
	// Of one that has not, there is no API, so that naming accounts makes none; a
	// caller's own always is. nil: whoever is named has.
	Has func(ctx context.Context, account string) (bool, error)
}

// Protect says who is let in; it comes before the first request.
func (a *API) Protect(p Protection) { a.protection, a.root = p, auth.Root(a.account) }

// Enforced reports whether requests must be signed.
func (a *API) Enforced() bool { return a.protection.Enforced }

// Client is where a request comes from.
type Client struct {
	Address net.Addr // nil if it is not known
	Secure  bool     // by TLS
}

// Claim is what a request says of its caller, before its body is read.
// The zero value goes with requests that need not say it.
type Claim struct{ claim *auth.Claim }

// Claim reads who a request claims to come from, and refuses what needs no body
// to be refused.
func (a *API) Claim(ctx context.Context, m Match, r *Request) (Claim, error) {
	if !a.protection.Enforced || m.Operation.open {
		return Claim{}, nil
	}
	claim, err := a.protection.Auth.Begin(ctx, r.Signed, m.Operation.services()...)
	if err != nil {
		return Claim{}, notBelieved(err)
	}
	return Claim{claim}, nil
}

// Finish verifies the claim with the request's body, and lets the request have
// its caller, and the body as it is to be read.
func (a *API) Finish(c Claim, r *Request) error {
	if c.claim == nil {
		if !a.protection.Enforced {
			r.Caller = a.root
			if account := a.claimedAccount(r); account != a.account {
				r.Caller = auth.Root(account)
			}
		}
		return nil
	}
	caller, body, err := c.claim.Finish(r.Signed, r.Body)
	if err != nil {
		return notBelieved(err)
	}
	r.Caller, r.Body, r.Service = caller, body, c.claim.Service()
	return nil
}

// claimedAccount is the account of a request that is not verified.
func (a *API) claimedAccount(r *Request) string {
	if r.Header == nil {
		return a.account
	}
	_, id, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if id, _, ok := strings.Cut(id, "/"); ok && policy.IsAccount(id) {
		return id
	}
	return a.account
}

// services are those of which requests for an operation are signed for one.
func (o *Operation) services() []string {
	switch {
	case o.form:
		return []string{"sts", "iam"}
	case o.target:
		return []string{"states"}
	}
	return []string{"lambda"}
}

// notBelieved gives an error of a signature the code that services with JSON
// protocols have for it.
func notBelieved(err error) error {
	var refused *sigv4.Error
	if !errors.As(err, &refused) {
		return err
	}
	code := fault.InvalidSignature
	switch refused.Kind {
	case sigv4.Missing:
		code = fault.MissingAuthentication
	case sigv4.Incomplete:
		code = fault.IncompleteSignature
	case sigv4.Unknown:
		code = fault.UnrecognizedClient
	case sigv4.Expired:
		code = fault.ExpiredToken
	}
	return fault.New(code, "%s", refused.Message)
}
