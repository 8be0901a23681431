package asl

import (
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
)

// choose runs a Choice state.
func (r *Run) choose(f *frame) *failure {
	s := f.state
	e := r.evaluator(f, f.input.Value())
	if s.QueryLanguage == JSONPath {
		v, failed := e.filter(s.inputPath, f.input.Value())
		if failed != nil {
			return failed
		}
		r.probe("afterInputPath", v)
		e.input = v
	}
	for _, rule := range s.Choices {
		holds, failed := rule.holds(e)
		if failed != nil {
			return failed
		}
		if holds {
			return r.chosen(f, rule.Next, rule.output, rule.assign)
		}
	}
	if s.Default == "" {
		return &failure{name: errNoChoice, cause: "Failed to transition out of the state. The state does not point to a next state.", internal: true}
	}
	return r.chosen(f, s.Default, s.output, s.assign)
}

func (r *Run) chosen(f *frame, next string, output, assign *template) *failure {
	if output == nil {
		output = f.state.output
	}
	e, v, failed := r.through(f, output)
	if failed != nil {
		return failed
	}
	return r.leaveWith(f, e, assign, v, next)
}

func (rule *Rule) holds(e *evaluator) (bool, *failure) {
	switch {
	case rule.condition != nil:
		return rule.condition.holds(e)
	case rule.expr == nil:
		return rule.constant, nil
	}
	v, failed := e.expression(rule.expr)
	if failed != nil {
		return false, failed
	}
	holds, ok := v.(bool)
	if !ok {
		return false, rule.expr.unexpected("boolean", v)
	}
	return holds, nil
}

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
	switch op {
	case "IsNull":
		return (v == nil) == value.(bool)
	case "IsNumeric":
		_, ok := v.(float64)
		return ok == value.(bool)
	case "IsString":
		_, ok := v.(string)
		return ok == value.(bool)
	case "IsBoolean":
		_, ok := v.(bool)
		return ok == value.(bool)
	case "IsTimestamp":
		s, _ := v.(string)
		_, ok := parseTimestamp(s)
		return ok == value.(bool)
	case "BooleanEquals":
		a, aOK := v.(bool)
		b, bOK := value.(bool)
		return aOK && bOK && a == b
	}
	order, ok := 0, false
	switch {
	case strings.HasPrefix(op, "String"):
		a, aOK := v.(string)
		b, bOK := value.(string)
		order, ok = strings.Compare(a, b), aOK && bOK
		op = strings.TrimPrefix(op, "String")
	case strings.HasPrefix(op, "Numeric"):
		a, aOK := v.(float64)
		b, bOK := value.(float64)
		switch {
		case a < b:
			order = -1
		case a > b:
			order = 1
		}
		ok = aOK && bOK
		op = strings.TrimPrefix(op, "Numeric")
	default:
		a, _ := v.(string)
		b, _ := value.(string)
		ta, aOK := parseTimestamp(a)
		tb, bOK := parseTimestamp(b)
		order, ok = ta.Compare(tb), aOK && bOK
		op = strings.TrimPrefix(op, "Timestamp")
	}
	if !ok {
		return false
	}
	switch op {
	case "Equals":
		return order == 0
	case "LessThan":
		return order < 0
	case "GreaterThan":
		return order > 0
	case "LessThanEquals":
		return order <= 0
	default:
		return order >= 0
	}
}

// comparisonsPerStep is how many characters are compared in one step.
const comparisonsPerStep = 64

// matchWildcards matches a text with a pattern in which "*" stands for any
// characters and a backslash makes the next character an ordinary one. What it
// takes is at most the product of the lengths, without recursion; spend is told
// of it as it goes, and its error ends it.
func matchWildcards(pattern, s string, spend func(steps int) error) (bool, error) {
	if err := spend(1 + (len(pattern)+len(s))/comparisonsPerStep); err != nil {
		return false, err
	}
	type token struct {
		c    byte
		star bool
	}
	var tokens []token
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
			tokens = append(tokens, token{c: pattern[i]})
		case pattern[i] == '*':
			tokens = append(tokens, token{star: true})
		default:
			tokens = append(tokens, token{c: pattern[i]})
		}
	}
	at, i, star, mark := 0, 0, -1, 0
	for n := 1; i < len(s); n++ {
		if n%comparisonsPerStep == 0 {
			if err := spend(1); err != nil {
				return false, err
			}
		}
		switch {
		case at < len(tokens) && tokens[at].star:
			star, mark = at, i
			at++
		case at < len(tokens) && tokens[at].c == s[i]:
			at++
			i++
		case star >= 0:
			mark++
			at, i = star+1, mark
		default:
			return false, nil
		}
	}
	for at < len(tokens) && tokens[at].star {
		at++
	}
	return at == len(tokens), nil
}
