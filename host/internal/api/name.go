package api

import (
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// Patterns of function names, as AWS words them in messages.
const (
	namePattern       = `(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`
	namespacedPattern = `(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`
	barePattern       = `(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)`
	qualifierPattern  = `\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+`
)

// nameKind is one of the shapes that a function's name has in the service model, with
// that of the Qualifier beside it: the operations that change it are stricter than
// those that read it.
type nameKind struct {
	pattern    string
	max        int
	namespaced bool // names may have dots, and a qualifier .PUBLISHED
	bare       bool // names have no qualifier

	qualifier *model // of the Qualifier; nil: qualifierPattern
	qualified bool   // there must be a Qualifier
}

var (
	plainName       = nameKind{pattern: namePattern, max: 140}
	namespacedName  = nameKind{pattern: namespacedPattern, max: 256, namespaced: true}
	bareName        = nameKind{pattern: barePattern, max: 140, bare: true}
	urlName         = nameKind{pattern: namePattern, max: 140, qualifier: &model{min: 1, max: maxQualifier, pattern: &pattern{urlNotAlias, isAliasName}}}
	provisionedName = nameKind{pattern: namePattern, max: 140, qualifier: &model{min: 1, max: maxQualifier, pattern: newPattern(`(|[a-zA-Z0-9$_-]+)`)}, qualified: true}
)

// maxQualifier is the length of the longest.
const maxQualifier = 128

// parsedName is a function's name, partial or full ARN, taken apart.
type parsedName struct {
	region, account string // "" if left out
	name, qualifier string
}

// parse takes a name apart. It accepts what the kind's pattern does, and divides
// it in the same way, without the cost of a regular expression: every
// invocation begins here.
func (k *nameKind) parse(s string) (parsedName, bool) {
	if strings.IndexByte(s, ':') < 0 {
		return parsedName{name: s}, k.isName(s)
	}
	if strings.Count(s, ":") > 7 { // arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER
		return parsedName{}, false
	}
	return k.afterARN(strings.Split(s, ":"))
}

// The groups of the pattern, each optional: take it if the rest matches
// then, else go on without.

func (k *nameKind) afterARN(t []string) (parsedName, bool) {
	if len(t) > 3 && t[0] == "arn" && isPartition(t[1]) && t[2] == "lambda" {
		if p, ok := k.afterRegion(t[3:]); ok {
			return p, true
		}
	}
	return k.afterRegion(t)
}

func (k *nameKind) afterRegion(t []string) (parsedName, bool) {
	if len(t) > 1 && isRegion(t[0]) {
		if p, ok := k.afterAccount(t[1:]); ok {
			p.region = t[0]
			return p, true
		}
	}
	return k.afterAccount(t)
}

func (k *nameKind) afterAccount(t []string) (parsedName, bool) {
	if len(t) > 1 && isAccount(t[0]) {
		if p, ok := k.afterFunction(t[1:]); ok {
			p.account = t[0]
			return p, true
		}
	}
	return k.afterFunction(t)
}

func (k *nameKind) afterFunction(t []string) (parsedName, bool) {
	if len(t) > 1 && t[0] == "function" {
		if p, ok := k.nameAndQualifier(t[1:]); ok {
			return p, true
		}
	}
	return k.nameAndQualifier(t)
}

func (k *nameKind) nameAndQualifier(t []string) (parsedName, bool) {
	switch {
	case len(t) == 1 && k.isName(t[0]):
		return parsedName{name: t[0]}, true
	case len(t) == 2 && !k.bare && k.isName(t[0]) && k.isQualifier(t[1]):
		return parsedName{name: t[0], qualifier: t[1]}, true
	}
	return parsedName{}, false
}

func (k *nameKind) isName(s string) bool {
	for i := range len(s) {
		if !isWord(s[i]) && !(k.namespaced && s[i] == '.') {
			return false
		}
	}
	return s != ""
}

func (k *nameKind) isQualifier(s string) bool {
	if s == "$LATEST" || k.namespaced && s == "$LATEST.PUBLISHED" {
		return true
	}
	for i := range len(s) {
		if !isWord(s[i]) {
			return false
		}
	}
	return s != ""
}

// isQualifier is qualifierPattern.
func isQualifier(s string) bool {
	if s == "$LATEST.PUBLISHED" {
		return true
	}
	for i := range len(s) {
		if !isWord(s[i]) && s[i] != '$' {
			return false
		}
	}
	return s != ""
}

func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '-' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }

// isPartition is (aws[a-zA-Z-]*)?
func isPartition(s string) bool {
	if s == "" {
		return true
	}
	rest, ok := strings.CutPrefix(s, "aws")
	for i := range len(rest) {
		ok = ok && (isLetter(rest[i]) || rest[i] == '-')
	}
	return ok
}

func isAccount(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return len(s) == 12
}

// isRegion is (eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}
func isRegion(s string) bool {
	s = strings.TrimPrefix(s, "eusc-")
	if len(s) < 2 || !isLower(s[0]) || !isLower(s[1]) {
		return false
	}
	s = s[2:]
	if rest, ok := strings.CutPrefix(s, "-gov-"); ok && isArea(rest) {
		return true
	}
	if rest, ok := strings.CutPrefix(s, "-iso"); ok {
		if rest != "" && isLower(rest[0]) {
			if area, ok := strings.CutPrefix(rest[1:], "-"); ok && isArea(area) {
				return true
			}
		}
		if area, ok := strings.CutPrefix(rest, "-"); ok && isArea(area) {
			return true
		}
	}
	rest, ok := strings.CutPrefix(s, "-")
	return ok && isArea(rest)
}

// isArea is [a-z]+-\d{1}
func isArea(s string) bool {
	n := len(s)
	if n < 3 || s[n-2] != '-' || !isDigit(s[n-1]) {
		return false
	}
	for i := range n - 2 {
		if !isLower(s[i]) {
			return false
		}
	}
	return true
}

// check says what the service model has against a name.
func (k *nameKind) check(v *violations, name string) parsedName {
	if len(name) > k.max {
		v.tooLong("functionName", name, k.max)
	}
	p, ok := k.parse(name)
	if !ok {
		if name == "" {
			v.tooShort("functionName", name, 1)
		}
		v.pattern("functionName", name, k.pattern)
	}
	return p
}

// ref turns a name that passed check into what package function takes.
//
// Errors: ResourceNotFound (another region), AccessDenied (another account),
// InvalidParameterValue (qualifier says something else than the name).
func (a *API) ref(p parsedName, qualifier *string) (function.Ref, *fault.Error) {
	if p.region != "" && p.region != a.region {
		return function.Ref{}, fault.New(fault.ResourceNotFound, "Functions from '%s' are not reachable in this region ('%s')", p.region, a.region)
	}
	if p.account != "" && p.account != a.account {
		return function.Ref{}, fault.New(fault.AccessDenied, "Functions of account %s are not reachable: this host's account is %s", p.account, a.account)
	}
	ref := function.Ref{Name: p.name, Qualifier: p.qualifier}
	if qualifier != nil {
		if p.qualifier != "" && p.qualifier != *qualifier {
			return function.Ref{}, fault.New(fault.InvalidParameterValue, "The derived qualifier from the function name does not match the specified qualifier.")
		}
		ref.Qualifier = *qualifier
	}
	return ref, nil
}

// checkQualifier says what the service model has against the Qualifier beside a name,
// which was taken apart.
func (k *nameKind) checkQualifier(v *violations, name parsedName, qualifier *string) {
	switch {
	case qualifier == nil && k.qualified && name.qualifier == "":
		v.null("qualifier")
	case k.qualifier == nil:
		checkQualifier(v, qualifier)
	case qualifier != nil:
		k.qualifier.check(v, "qualifier", *qualifier)
	}
}

// checkQualifier says what the service model has against one; nil is none.
func checkQualifier(v *violations, qualifier *string) {
	switch {
	case qualifier == nil:
	case len(*qualifier) > maxQualifier:
		v.tooLong("qualifier", *qualifier, maxQualifier)
	case *qualifier == "":
		v.tooShort("qualifier", "", 1)
	}
	if qualifier != nil && !isQualifier(*qualifier) {
		v.pattern("qualifier", *qualifier, qualifierPattern)
	}
}
