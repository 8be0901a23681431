package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Request is what somebody wants to do.
type Request struct {
	Caller Principal
	Action string // "lambda:InvokeFunction"
	// Resource is the ARN of what it is done to, "*" for an action that is done to
	// nothing in particular.
	Resource string
	// Owner is the account of the resource.
	Owner string
	// Keys are what conditions may ask; nil: nothing is known.
	Keys Keys
}

// Effect is what documents of one type say of a request.
type Effect uint8

// The effects.
const (
	Silent    Effect = iota // nothing: an implicit denial
	Delegates               // a resource's policy allows the caller's account, as a whole
	Allows
	Denies
)

// Evaluate returns what documents of one type say of a request together: the
// strongest effect of their statements. Documents that are nil say nothing.
func Evaluate(r *Request, documents ...*Document) Effect {
	action := strings.ToLower(r.Action)
	effect := Silent
	for _, d := range documents {
		if d == nil {
			continue
		}
		for i := range d.statements {
			if said := d.statements[i].effect(r, action); said > effect {
				if effect = said; effect == Denies {
					return Denies
				}
			}
		}
	}
	return effect
}

func (s *statement) effect(r *Request, action string) Effect {
	effect := Allows
	if s.principals != nil {
		named := s.principals.name(&r.Caller)
		switch {
		case s.notPrincipal && named != unnamed, !s.notPrincipal && named == unnamed:
			return Silent
		case named == asMember:
			effect = Delegates
		}
	}
	if matches(s.actions, action, nil) == s.notAction {
		return Silent
	}
	if s.resources != nil && matches(s.resources, r.Resource, r.Keys) == s.notResource {
		return Silent
	}
	for i := range s.conditions {
		if !s.conditions[i].holds(r.Keys) {
			return Silent
		}
	}
	if s.deny {
		return Denies
	}
	return effect
}

func matches(patterns []pattern, s string, keys Keys) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.match(s, keys) })
}

// Grants are the documents that bear on a request.
type Grants struct {
	// Identity are the policies of the caller. Root needs none.
	Identity []*Document
	// Session is the policy given when the role was assumed, nil if none was.
	Session *Document
	// Resource is the policy of the resource, nil if it has none.
	Resource *Document
}

// Verdict is a decision with its reason. The zero value refuses.
type Verdict struct {
	allowed bool
	by      string // which policies denied, or did not allow: "identity-based"
	denied  bool   // explicitly: a statement said no, rather than none yes
}

// Allowed reports whether the request may be served.
func (v Verdict) Allowed() bool { return v.allowed }

// Decide decides whether a request may be served.
func Decide(r *Request, g Grants) Verdict {
	identity := Evaluate(r, g.Identity...)
	if r.Caller.Kind == Root && identity != Denies {
		identity = Allows
	}
	resource := Evaluate(r, g.Resource)
	session := Allows
	if g.Session != nil {
		session = Evaluate(r, g.Session)
	}
	switch {
	case identity == Denies:
		return Verdict{by: "identity-based", denied: true}
	case resource == Denies:
		return Verdict{by: "resource-based", denied: true}
	case session == Denies:
		return Verdict{by: "session", denied: true}
	}
	switch r.Caller.Kind {
	case Nobody, Service:
		if resource != Allows {
			return Verdict{by: "resource-based"}
		}
		return Verdict{allowed: true}
	}
	switch {
	case r.Caller.Account != r.Owner && resource < Delegates:
		return Verdict{by: "resource-based"}
	case r.Caller.Account != r.Owner && identity != Allows,
		r.Caller.Account == r.Owner && identity != Allows && resource != Allows:
		return Verdict{by: "identity-based"}
	case session != Allows:
		return Verdict{by: "session"}
	}
	return Verdict{allowed: true}
}

// Message is why a request was refused, in AWS's words.
func (v Verdict) Message(r *Request) string {
	who := r.Caller.ARN
	if who == "" {
		who = "anonymous"
	}
	said := fmt.Sprintf("User: %s is not authorized to perform: %s", who, r.Action)
	if r.Resource != "*" {
		said += " on resource: " + r.Resource
	}
	if v.denied {
		article := "a"
		if v.by == "identity-based" {
			article = "an"
		}
		return said + fmt.Sprintf(" with an explicit deny in %s %s policy", article, v.by)
	}
	return said + fmt.Sprintf(" because no %s policy allows the %s action", v.by, r.Action)
}
