package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Credentials are those of a session.
type Credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	Expiration                                 time.Time
}

// Format implements fmt.Formatter: no log has secrets.
func (c Credentials) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "credentials %s until %s", c.AccessKeyID, c.Expiration.Format(time.RFC3339))
}

// token is what a session's token says, encrypted: whoever holds it brings it
// along, and nothing has to be kept.
type token struct {
	KeyID   string
	Secret  string
	Account string
	Role    string `json:",omitempty"` // its name; "": the account itself
	RoleID  string `json:",omitempty"` // so that a role of the same name is not the same
	Session string `json:",omitempty"`
	Source  string `json:",omitempty"` // ARN of what was lent the role
	Policy  string `json:",omitempty"`
	Expires int64  // seconds since 1970
}

const tokenPurpose = "session token"

// Lifetimes of sessions.
const (
	minSession     = 15 * time.Minute
	defaultSession = time.Hour
	maxSession     = 12 * time.Hour
	maxRootSession = time.Hour
)

// maxSessionPolicy is the most bytes of a session's policy, as on AWS.
const maxSessionPolicy = 2048

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// AssumeRoleInput is what AssumeRole takes.
type AssumeRoleInput struct {
	RoleARN, Session string
	Lasts            time.Duration // 0: an hour
	Policy           string        // narrows what the session may; "" does not
	ExternalID       string
	Keys             policy.Keys // for conditions
	Unchecked        bool        // whoever asks may
}

// AssumeRole makes credentials of a session of a role, for a caller whom the
// role's trust policy lets. Errors: AccessDenied, Validation,
// MalformedPolicyDocument.
func (s *Service) AssumeRole(ctx context.Context, caller *Caller, in AssumeRoleInput) (*Caller, Credentials, error) {
	if !sessionName.MatchString(in.Session) {
		return nil, Credentials{}, fault.Violates("roleSessionName", new(clip(in.Session)), fault.Matches(`[\w+=,.@-]*`))
	}
	if in.Policy != "" {
		if len(in.Policy) > maxSessionPolicy {
			return nil, Credentials{}, fault.New(PackedPolicyTooLarge, "The session policy has %d bytes; at most %d are allowed.", len(in.Policy), maxSessionPolicy)
		}
		if _, err := parseDocument(in.Policy, policy.Identity); err != nil {
			return nil, Credentials{}, err
		}
	}
	request := &policy.Request{Caller: caller.Principal, Action: "sts:AssumeRole", Resource: in.RoleARN, Keys: &assuming{caller, in}}
	account, name, ok := splitRole(in.RoleARN)
	if !ok {
		return nil, Credentials{}, fault.New(fault.Validation, "%s is invalid", clip(in.RoleARN))
	}
	r, err := s.role(ctx, account, name)
	if err == nil && r.arn() != in.RoleARN {
		err = noRole(name) // another path
	}
	switch {
	case isNotFound(err): // whether it is there is not everybody's business
		return nil, Credentials{}, fault.New(fault.AccessDenied, "%s", policy.Verdict{}.Message(request))
	case err != nil:
		return nil, Credentials{}, err
	}
	request.Owner = account
	verdict := policy.Decide(request, policy.Grants{Identity: caller.documents(), Session: caller.session, Resource: r.trust})
	if caller.Kind == policy.Root && policy.Evaluate(request, r.trust) < policy.Delegates {
		verdict = policy.Verdict{} // even the account itself must be trusted
	}
	if !verdict.Allowed() && !in.Unchecked {
		return nil, Credentials{}, fault.New(fault.AccessDenied, "%s", verdict.Message(request))
	}
	lasts, err := sessionLength(in.Lasts, time.Duration(r.MaxSession)*time.Second)
	if err != nil {
		return nil, Credentials{}, err
	}
	c, err := s.mint(token{Account: account, Role: name, RoleID: r.ID, Session: in.Session, Policy: in.Policy}, lasts)
	return asRole(r, in.Session), c, err
}

// SessionToken makes credentials with which the caller comes as itself for a
// while. Errors: AccessDenied, Validation.
func (s *Service) SessionToken(caller *Caller, lasts time.Duration) (Credentials, error) {
	if caller.Kind != policy.Root || caller.session != nil || caller.name != "" {
		return Credentials{}, fault.New(fault.AccessDenied, "Cannot call GetSessionToken with session credentials")
	}
	if lasts == 0 {
		lasts = maxRootSession
	}
	lasts, err := sessionLength(lasts, 36*time.Hour)
	if err != nil {
		return Credentials{}, err
	}
	return s.mint(token{Account: caller.Account}, min(lasts, maxRootSession))
}

func sessionLength(asked, most time.Duration) (time.Duration, error) {
	if asked == 0 {
		return min(defaultSession, most), nil
	}
	if asked < minSession {
		return 0, fault.Violates("durationSeconds", new(strconv.Itoa(int(asked/time.Second))), fault.LeastValue(int(minSession/time.Second)))
	}
	if asked > most {
		return 0, fault.New(fault.Validation, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return asked, nil
}

// mint completes a token and encrypts it.
func (s *Service) mint(t token, lasts time.Duration) (Credentials, error) {
	var err error
	if t.KeyID, err = s.newKeyID(sessionKey); err != nil {
		return Credentials{}, err
	}
	if t.Secret, err = s.newSecret(); err != nil {
		return Credentials{}, err
	}
	expires := s.config.Now().Add(lasts).Truncate(time.Second)
	t.Expires = expires.Unix()
	text, err := json.Marshal(t)
	if err != nil {
		return Credentials{}, err
	}
	sealed, err := s.config.Sealer.seal(text, tokenPurpose)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{t.KeyID, t.Secret, base64.StdEncoding.EncodeToString(sealed), expires.UTC()}, nil
}

// findSession reads the token of a session.
func (c *Claim) findSession(ctx context.Context, now time.Time) error {
	unknown := &sigv4.Error{Kind: sigv4.Unknown, Message: unknownKey}
	sealed, err := base64.StdEncoding.DecodeString(c.signature.Token)
	if err != nil {
		return unknown
	}
	text, err := c.s.config.Sealer.open(sealed, tokenPurpose)
	if err != nil {
		return unknown
	}
	var t token
	if json.Unmarshal(text, &t) != nil || t.KeyID != c.signature.AccessKeyID {
		return unknown
	}
	if now.Unix() >= t.Expires {
		return &sigv4.Error{Kind: sigv4.Expired, Message: expired}
	}
	c.secret = t.Secret
	if t.Role == "" {
		c.caller = Root(t.Account)
		c.caller.name = "session"
	} else {
		r, err := c.s.role(ctx, t.Account, t.Role)
		switch {
		case isNotFound(err), err == nil && r.ID != t.RoleID:
			return unknown
		case err != nil:
			return err
		}
		c.caller = asRole(r, t.Session)
		c.caller.source = t.Source
		if t.Policy != "" {
			if c.caller.session, err = policy.Parse([]byte(t.Policy), policy.Identity); err != nil {
				return unknown
			}
		}
	}
	c.caller.KeyID = t.KeyID
	return nil
}

// assuming are the condition keys of AssumeRole.
type assuming struct {
	caller *Caller
	in     AssumeRoleInput
}

// Values implements policy.Keys.
func (a *assuming) Values(key string) []string {
	switch key {
	case "sts:externalid":
		return given(a.in.ExternalID)
	case "sts:rolesessionname":
		return given(a.in.Session)
	}
	if values := a.caller.Values(key); values != nil || a.in.Keys == nil {
		return values
	}
	return a.in.Keys.Values(key)
}

// HasRole reports whether a role is there, or may be.
func (s *Service) HasRole(ctx context.Context, roleARN string) bool {
	account, name, ok := splitRole(roleARN)
	if !ok {
		return false
	}
	_, err := s.role(ctx, account, name)
	return !isNotFound(err)
}

// Assumable reports whether a role is there and lets an AWS service assume it, for
// the resource with that ARN if it is not empty.
func (s *Service) Assumable(ctx context.Context, roleARN, service, resource string) bool {
	account, name, ok := splitRole(roleARN)
	if !ok {
		return false
	}
	r, err := s.role(ctx, account, name)
	return err == nil && r.arn() == roleARN && r.lets(service, resource)
}

// RoleMay decides whether a session of a role may. Errors: AccessDenied; a role
// that is not there may do nothing.
func (s *Service) RoleMay(ctx context.Context, roleARN, session string, a Access) error {
	account, name, ok := splitRole(roleARN)
	var (
		r   *role
		err = noRole(roleARN)
	)
	if ok {
		r, err = s.role(ctx, account, name)
	}
	switch {
	case isNotFound(err), err == nil && r.arn() != roleARN:
		return fault.New(fault.AccessDenied, "The role %s is not there; it may not perform: %s on resource: %s", clip(roleARN), a.Action, a.Resource)
	case err != nil:
		return err
	}
	return asRole(r, session).Authorize(a)
}
