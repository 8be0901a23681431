package asl

import (
	"cmp"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
)

// holds tests the values that the comparison names.
func (c *comparison) holds(e *evaluator) (bool, *failure) {
	switch c.op {
	case "And", "Or":
		for _, inner := range c.inner {
			holds, failed := inner.holds(e)
			if failed != nil || holds == (c.op == "Or") {
				return holds, failed
			}
		}
		return c.op == "And", nil
	case "Not":
		holds, failed := c.inner[0].holds(e)
		return !holds, failed
	}
	v, err := e.find(c.variable)
	if c.op == "IsPresent" {
		return (err == nil) == c.value.(bool), nil
	}
	if err != nil {
		return false, invalidChoicePath(c.variable)
	}
	value := c.value
	if c.other != nil {
		if value, err = e.find(c.other); err != nil {
			return false, invalidChoicePath(c.other)
		}
	}
	if c.op == "StringMatches" {
		return c.matches(e, v)
	}
	return c.compare(v, value), nil
}

// matches tests a value that was found against a pattern.
func (c *comparison) matches(e *evaluator, v any) (bool, *failure) {
	s, sOK := v.(string)
	pattern, ok := c.value.(string)
	if !sOK || !ok {
		return false, nil
	}
	matches, err := matchWildcards(pattern, s, e.meter.spend)
	if err != nil {
		return false, runtime("%s", err)
	}
	return matches, nil
}

func invalidChoicePath(p *path.Path) *failure {
	return runtime("Invalid path '%s': The choice state's condition path references an invalid value.", p)
}

// compare tests a value that was found. Values of different types are not
// comparable: the test is false.
func (c *comparison) compare(v, value any) bool {
	op := c.op
	if c.other != nil {
		op = strings.TrimSuffix(op, "Path")
	}
	if strings.HasPrefix(op, "Is") {
		return isOf(op, v) == value.(bool)
	}
	if op == "BooleanEquals" {
		a, aOK := v.(bool)
		b, bOK := value.(bool)
		return aOK && bOK && a == b
	}
	for kind, order := range orders {
		if relation, ok := strings.CutPrefix(op, kind); ok {
			n, comparable := order(v, value)
			return comparable && relates(relation, n)
		}
	}
	return false // the parser knows no other
}

// isOf is the test that an operator such as IsNumeric stands for.
func isOf(op string, v any) (is bool) {
	switch op {
	case "IsNull":
		is = v == nil
	case "IsNumeric":
		_, is = v.(float64)
	case "IsString":
		_, is = v.(string)
	case "IsBoolean":
		_, is = v.(bool)
	case "IsTimestamp":
		s, _ := v.(string)
		_, is = parseTimestamp(s)
	}
	return is
}

// orders say of two values, by what operators on them begin with, which is
// greater, and whether they have the type.
var orders = map[string]func(v, value any) (order int, comparable bool){
	"String": func(v, value any) (int, bool) {
		a, aOK := v.(string)
		b, bOK := value.(string)
		return strings.Compare(a, b), aOK && bOK
	},
	"Numeric": func(v, value any) (int, bool) {
		a, aOK := v.(float64)
		b, bOK := value.(float64)
		return cmp.Compare(a, b), aOK && bOK
	},
	"Timestamp": func(v, value any) (int, bool) {
		a, _ := v.(string)
		b, _ := value.(string)
		ta, aOK := parseTimestamp(a)
		tb, bOK := parseTimestamp(b)
		return ta.Compare(tb), aOK && bOK
	},
}

// relates reports whether values in that order are in a relation, which is what
// operators on them end with.
func relates(relation string, order int) bool {
	switch relation {
	case "Equals":
		return order == 0
	case "LessThan":
		return order < 0
	case "GreaterThan":
		return order > 0
	case "LessThanEquals":
		return order <= 0
	default: // GreaterThanEquals
		return order >= 0
	}
}
