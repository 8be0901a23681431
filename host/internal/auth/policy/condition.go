package policy

import (
	"slices"
	"strings"
)

// condition is one key of one operator: it holds if the request's values of that
// key compare to any of its values.
type condition struct {
	compares operator
	key      string // in lower case
	over     over
	ifExists bool // a request without the key meets it
	values   []comparison
}

// over says which of a request's values must compare.
type over uint8

const (
	overOne over = iota // the one there is; any, if there are several
	overAll             // ForAllValues
	overAny             // ForAnyValue
)

// comparison is a value of a condition, made ready.
type comparison interface {
	// compare reports whether what a request says meets it, leaving negation
	// aside.
	compare(said string, keys Keys) bool
}

// operator is how values are compared.
type operator struct {
	name    string
	negated bool // StringNotEquals is the opposite of StringEquals
	// prepare reads a value; variables says whether it may have some.
	prepare func(value string, variables bool) (comparison, error)
}

const nullOperator = "Null"

func (c *rawCondition) check(variables bool) (condition, error) {
	checked := condition{key: strings.ToLower(c.key)}
	name := c.operator
	set, rest, hasSet := strings.Cut(name, ":")
	if hasSet {
		name = rest
		switch set {
		case "ForAllValues":
			checked.over = overAll
		case "ForAnyValue":
			checked.over = overAny
		default:
			return condition{}, malformed("Invalid Condition type : %s. Before the colon, ForAllValues and ForAnyValue are allowed.", c.operator)
		}
	}
	base, ifExists := strings.CutSuffix(name, "IfExists")
	checked.ifExists = ifExists
	i := slices.IndexFunc(operators, func(o operator) bool { return o.name == base })
	if i < 0 || base == nullOperator && (ifExists || hasSet) {
		return condition{}, malformed("Invalid Condition type : %s.", c.operator)
	}
	checked.compares = operators[i]
	if vendor, _, ok := strings.Cut(c.key, ":"); !ok || !isActionPart(vendor) {
		return condition{}, malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. %q is not.", c.key)
	}
	if len(c.values) == 0 {
		return condition{}, malformed("Syntax errors in policy. %s has no value for %s.", c.operator, c.key)
	}
	for _, value := range c.values {
		ready, err := checked.compares.prepare(value, variables)
		if err != nil {
			return condition{}, malformed("Syntax errors in policy. %s of %s: %v.", c.operator, c.key, err)
		}
		checked.values = append(checked.values, ready)
	}
	return checked, nil
}

// holds reports whether a request meets the condition.
func (c *condition) holds(keys Keys) bool {
	var said []string
	if keys != nil {
		said = keys.Values(c.key)
	}
	switch {
	case c.compares.name == nullOperator:
		return c.meets(map[bool]string{true: "true", false: "false"}[len(said) == 0], keys)
	case said == nil && c.ifExists:
		return true
	case c.over == overAll:
		return !slices.ContainsFunc(said, func(s string) bool { return !c.meets(s, keys) })
	case c.over == overAny:
		return slices.ContainsFunc(said, func(s string) bool { return c.meets(s, keys) })
	}
	any := slices.ContainsFunc(said, func(s string) bool { return c.compare(s, keys) })
	return any != c.compares.negated
}

// meets compares one of a request's values.
func (c *condition) meets(said string, keys Keys) bool {
	return c.compare(said, keys) != c.compares.negated
}

func (c *condition) compare(said string, keys Keys) bool {
	return slices.ContainsFunc(c.values, func(v comparison) bool { return v.compare(said, keys) })
}
