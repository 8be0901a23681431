package policy

import "strings"

// Principal is who makes a request.
type Principal struct {
	// Kind is what it is. The zero value is nobody: a request without a signature.
	Kind Kind
	// Account is the 12 digits of its account, "" for nobody and for services.
	Account string
	// ARN is its name: "arn:aws:iam::123456789012:root",
	// "arn:aws:sts::123456789012:assumed-role/ROLE/SESSION"; of a service,
	// "events.amazonaws.com".
	ARN string
	// Role is the ARN of the role that was assumed.
	Role string
}

// Kind is what a Principal is.
type Kind uint8

// The kinds of principals.
const (
	Nobody  Kind = iota
	Root         // the account itself, which may do everything in it
	Session      // somebody who assumed a role
	Service      // an AWS service, or what stands for one here
)

// Type is the value of the condition key aws:PrincipalType.
func (k Kind) Type() string {
	return [...]string{Nobody: "Anonymous", Root: "Account", Session: "AssumedRole", Service: "AWSService"}[k]
}

// principals are those that a statement names.
type principals struct {
	everybody bool
	accounts  []string
	arns      []string // of roles, sessions and users
	services  []string
}

// naming is how a statement names a principal.
type naming uint8

const (
	unnamed  naming = iota
	asMember        // of an account that is named as a whole
	asItself
)

// name says how p is among them.
func (all *principals) name(p *Principal) naming {
	if all.everybody {
		return asItself
	}
	if p.Kind == Nobody {
		return unnamed
	}
	named := all.arns
	if p.Kind == Service {
		named = all.services
	}
	for _, arn := range named {
		if arn == p.ARN || p.Role != "" && arn == p.Role {
			return asItself
		}
	}
	for _, account := range all.accounts {
		if account == p.Account {
			if p.Kind == Root {
				return asItself
			}
			return asMember
		}
	}
	return unnamed
}

// add notes one principal of a type such as AWS or Service, and reports whether
// it is one.
func (all *principals) add(kind, text string) bool {
	switch kind {
	case "AWS":
		return all.addAWS(text)
	case "Service":
		if text == "*" || !isServiceName(text) {
			return false
		}
		all.services = append(all.services, text)
		return true
	case "Federated", "CanonicalUser":
		// Well-formed, but nobody can come as one here: it names nobody.
		return text != ""
	}
	return false
}

func (all *principals) addAWS(text string) bool {
	switch {
	case text == "*":
		all.everybody = true
		return true
	case IsAccount(text):
		all.accounts = append(all.accounts, text)
		return true
	case strings.ContainsAny(text, "*?"):
		return false // AWS takes no wildcards within the name of a principal
	}
	arn, err := ParseARN(text)
	if err != nil || !IsAccount(arn.Account) || arn.Region != "" {
		return false
	}
	kind, name, _ := strings.Cut(arn.Resource, "/")
	switch {
	case arn.Service == "iam" && arn.Resource == "root":
		all.accounts = append(all.accounts, arn.Account)
		return true
	case arn.Service == "iam" && (kind == "role" || kind == "user") && name != "",
		// AWS Lambda takes users of this service too, as was recorded; there are none.
		arn.Service == "sts" && (kind == "assumed-role" || kind == "federated-user" || kind == "user") && name != "":
		all.arns = append(all.arns, text)
		return true
	}
	return false
}

// isServiceName wants something like events.amazonaws.com.
func isServiceName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return len(s) <= 256 && strings.IndexByte(s, '.') > 0
}
