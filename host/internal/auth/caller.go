package auth

import (
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
)

// Caller is who makes a request.
type Caller struct {
	policy.Principal
	// UserID is what GetCallerIdentity says: the account, or a role's id, a colon
	// and the session's name.
	UserID string
	// KeyID is the access key that was used.
	KeyID string

	role    *role            // whose policies count; nil for the account itself
	session *policy.Document // that narrows them; nil if there is none
	name    string           // of the session
	source  string           // ARN of the function that it was lent to
}

// Root is the account itself as a caller.
func Root(account string) *Caller {
	return &Caller{Principal: policy.Principal{Kind: policy.Root, Account: account, ARN: "arn:aws:iam::" + account + ":root"}, UserID: account}
}

// asRole is a caller with a role.
func asRole(r *role, session string) *Caller {
	return &Caller{
		Principal: policy.Principal{
			Kind: policy.Session, Account: r.Account, Role: r.arn(),
			ARN: "arn:aws:sts::" + r.Account + ":assumed-role/" + r.Name + "/" + session,
		},
		UserID: r.ID + ":" + session, role: r, name: session,
	}
}

// Owns reports whether the caller is the account itself: unless the policy of a
// resource denies it, nothing in the account is denied to it.
func (c *Caller) Owns(account string) bool {
	return c.Kind == policy.Root && c.session == nil && c.Account == account
}

// Values implements policy.Keys with what is known of the caller alone.
func (c *Caller) Values(key string) []string {
	switch key {
	case "aws:principalarn":
		if c.Role != "" {
			return []string{c.Role}
		}
		return given(c.ARN)
	case "aws:principalaccount":
		return given(c.Account)
	case "aws:principaltype":
		return []string{c.Kind.Type()}
	case "aws:userid":
		return given(c.UserID)
	case "aws:principalisawsservice":
		if c.Kind == policy.Service {
			return []string{"true"}
		}
		return []string{"false"}
	case "lambda:sourcefunctionarn":
		return given(c.source)
	case "aws:principalservicename":
		if c.Kind == policy.Service {
			return given(c.ARN)
		}
	}
	if c.role != nil {
		return c.role.tag(key, "aws:principaltag/")
	}
	return nil
}

func given(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
