package auth

import (
	"context"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

// Claim is a request whose signature was read, and whose key is known, but which
// is not verified yet: that takes its body.
type Claim struct {
	s         *Service
	signature *sigv4.Signature
	secret    string
	caller    *Caller
}

// unknownKey and expired are AWS's texts.
const (
	unknownKey = "The security token included in the request is invalid."
	expired    = "The security token included in the request is expired"
)

// Begin reads who a request claims to come from. services are those of which it
// may be signed for one; those whose names are in global are signed for
// us-east-1, wherever a host is.
//
// Errors: *sigv4.Error, ServiceUnavailable.
func (s *Service) Begin(ctx context.Context, r *sigv4.Request, services ...string) (*Claim, error) {
	signature, err := sigv4.Parse(r)
	if err != nil {
		return nil, err
	}
	now := s.config.Now()
	region := s.config.Region
	if global[signature.Scope.Service] && signature.Scope.Region == globalRegion {
		region = globalRegion
	}
	if err := signature.CheckScope(region, services...); err != nil {
		return nil, err
	}
	if err := signature.CheckTime(now); err != nil {
		return nil, err
	}
	c := &Claim{s: s, signature: signature}
	if err := c.find(ctx, now); err != nil {
		return nil, err
	}
	return c, nil
}

// globalRegion is the region that requests to services without regions are
// signed for.
const globalRegion = "us-east-1"

var global = map[string]bool{"iam": true, "sts": true}

// find finds the secret and the caller.
func (c *Claim) find(ctx context.Context, now time.Time) error {
	id := c.signature.AccessKeyID
	if strings.HasPrefix(id, sessionKey) {
		return c.findSession(ctx, now)
	}
	k, err := c.s.key(ctx, id)
	switch {
	case err != nil:
		return err
	case k == nil, c.signature.Token != "":
		return &sigv4.Error{Kind: sigv4.Unknown, Message: unknownKey}
	}
	c.secret = k.secret
	if k.root != nil {
		c.caller = k.root
		return nil
	}
	r, err := c.s.role(ctx, k.Account, k.Role)
	if isNotFound(err) {
		return &sigv4.Error{Kind: sigv4.Unknown, Message: unknownKey} // its role was deleted
	} else if err != nil {
		return err
	}
	c.caller = asRole(r, id)
	c.caller.KeyID = id
	return nil
}

// Service is the service that the request is signed for.
func (c *Claim) Service() string { return c.signature.Scope.Service }

// Finish verifies the request with its body, and returns who it comes from and
// the body as it is to be read. Errors: *sigv4.Error.
func (c *Claim) Finish(r *sigv4.Request, body []byte) (*Caller, []byte, error) {
	derived := c.s.derived.Signing(c.secret, c.signature.Scope)
	body, err := c.signature.Verify(r, body, derived)
	if err != nil {
		return nil, nil, err
	}
	if err := c.s.window.Admit(c.signature, c.s.config.Now()); err != nil {
		return nil, nil, err
	}
	return c.caller, body, nil
}
