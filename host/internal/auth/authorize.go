package auth

import (
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Access is what somebody wants to do.
type Access struct {
	Action   string // "lambda:InvokeFunction"
	Resource string // an ARN, or "*"
	Owner    string // the resource's account
	// Policy is the resource's, nil if it has none.
	Policy *policy.Document
	// Keys are what conditions may ask beside what is known of the caller.
	Keys policy.Keys
}

// maxResource is the most bytes of a resource's name: every pattern of the
// caller's policies is matched with it.
const maxResource = 2048

// Authorize decides whether a caller may. Errors: AccessDenied, with AWS's text.
func (c *Caller) Authorize(a Access) error {
	if len(a.Resource) > maxResource {
		return fault.New(fault.AccessDenied, "User: %s is not authorized to perform: %s on a resource whose name has %d bytes; at most %d are allowed.", c.ARN, a.Action, len(a.Resource), maxResource)
	}
	request := &policy.Request{Caller: c.Principal, Action: a.Action, Resource: a.Resource, Owner: a.Owner, Keys: &both{c, a.Keys}}
	verdict := policy.Decide(request, policy.Grants{Identity: c.documents(), Session: c.session, Resource: a.Policy})
	if verdict.Allowed() {
		return nil
	}
	return fault.New(fault.AccessDenied, "%s", verdict.Message(request))
}

// documents are the policies of a caller.
func (c *Caller) documents() []*policy.Document {
	if c.role == nil {
		return nil
	}
	return c.role.documents
}

// both are the keys of a caller and of a request.
type both struct {
	caller *Caller
	more   policy.Keys
}

// Values implements policy.Keys.
func (b *both) Values(key string) []string {
	if values := b.caller.Values(key); values != nil || b.more == nil {
		return values
	}
	return b.more.Values(key)
}
