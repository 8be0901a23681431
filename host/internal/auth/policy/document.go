package policy

import (
	"fmt"
	"strings"
)

// Document is a policy, read and checked. It does not change, and is safe for
// concurrent use.
type Document struct {
	// ID is the policy's Id, "" if it has none.
	ID         string
	statements []statement
}

// Type is where a document belongs: it decides what statements must and may not
// say.
type Type uint8

// The types of policies.
const (
	Identity Type = iota // of a role: no Principal
	Resource             // of a function, a layer version: with Principal
	Trust                // of a role, who may assume it: with Principal, without Resource
)

// Limits of a document.
const (
	// MaxDocument is the most bytes of a document: a function's policy may have as
	// many on AWS.
	MaxDocument = 20480
	// MaxStatements is the most statements of a document.
	MaxStatements = 200
	// maxValues is the most values of one element, or of one condition key.
	maxValues = 1000
)

// Error says what is wrong with a document. The first sentence of most is AWS's.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func malformed(format string, args ...any) *Error { return &Error{fmt.Sprintf(format, args...)} }

// The versions of the language: the old one has no variables.
const (
	oldVersion = "2008-10-17"
	newVersion = "2012-10-17"
)

type statement struct {
	sid        string
	deny       bool
	principals *principals // nil: not given
	actions    []pattern   // in lower case
	resources  []pattern
	conditions []condition

	notPrincipal, notAction, notResource bool
}

// Parse reads a document. Its errors are *Error.
func Parse(text []byte, of Type) (*Document, error) {
	if len(text) > MaxDocument {
		return nil, malformed("The policy has %d bytes; at most %d are allowed.", len(text), MaxDocument)
	}
	whole, err := readDocument(text)
	if err != nil {
		return nil, err
	}
	d := &Document{ID: whole.id}
	switch whole.version {
	case newVersion, oldVersion, "":
	default:
		return nil, malformed("Policy document must be version 2012-10-17 or greater. It says %q.", whole.version)
	}
	seen := map[string]bool{}
	for i := range whole.statements {
		raw := &whole.statements[i]
		if raw.sid != "" && seen[raw.sid] {
			return nil, malformed("Statement IDs (SID) in a single policy must be unique. %q is there twice.", raw.sid)
		}
		seen[raw.sid] = true
		s, err := raw.check(of, whole.version == newVersion)
		if err != nil {
			return nil, err
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

// check turns a statement as it is written into one to decide by.
func (raw *rawStatement) check(of Type, variables bool) (s statement, err error) {
	s = statement{sid: raw.sid, notPrincipal: raw.notPrincipal != nil, notAction: raw.notActions != nil, notResource: raw.notResources != nil}
	switch raw.effect {
	case "Allow":
	case "Deny":
		s.deny = true
	default:
		return s, malformed("Syntax errors in policy. Effect is %q; allowed are Allow and Deny.", raw.effect)
	}
	if s.principals, err = raw.checkPrincipal(of); err != nil {
		return s, err
	}
	actions := either(raw.actions, raw.notActions)
	if len(actions) == 0 {
		return s, malformed("Policy statement must contain actions.")
	}
	for _, action := range actions {
		if !isAction(action) {
			return s, malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. %q is not.", action)
		}
		p, err := compile(strings.ToLower(action), syntax{wildcards: true})
		if err != nil {
			return s, malformed("Syntax errors in policy. %v.", err)
		}
		s.actions = append(s.actions, p)
	}
	if err := s.addResources(either(raw.resources, raw.notResources), of, variables); err != nil {
		return s, err
	}
	for _, c := range raw.conditions {
		checked, err := c.check(variables)
		if err != nil {
			return s, err
		}
		s.conditions = append(s.conditions, checked)
	}
	return s, nil
}

func either(a, b []string) []string {
	if a != nil {
		return a
	}
	return b
}

func (raw *rawStatement) checkPrincipal(of Type) (*principals, error) {
	given := raw.principal
	if given == nil {
		given = raw.notPrincipal
	}
	switch {
	case of == Identity && given != nil:
		return nil, malformed("Policy document should not specify a principal.")
	case of != Identity && given == nil:
		return nil, malformed("Missing required field Principal")
	}
	return given, nil
}

func (s *statement) addResources(resources []string, of Type, variables bool) error {
	switch {
	case of == Trust && resources != nil:
		return malformed("Has prohibited field Resource")
	case of == Trust:
		return nil
	case len(resources) == 0:
		return malformed("Policy statement must contain resources.")
	}
	for _, resource := range resources {
		if resource != "*" && !strings.HasPrefix(resource, "arn:") {
			return malformed("Resource %s must be in ARN format or \"*\".", resource)
		}
		p, err := compile(resource, syntax{wildcards: true, variables: variables})
		if err != nil {
			return malformed("Syntax errors in policy. %v.", err)
		}
		s.resources = append(s.resources, p)
	}
	return nil
}

// isAction wants a service, a colon and an operation, with wildcards in either,
// or an asterisk alone.
func isAction(s string) bool {
	if s == "*" {
		return true
	}
	service, operation, ok := strings.Cut(s, ":")
	return ok && isActionPart(service) && isActionPart(operation)
}

func isActionPart(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '*', c == '?':
		default:
			return false
		}
	}
	return s != ""
}
