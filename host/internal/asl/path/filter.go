package path

import (
	"math"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// condition is a node of a filter: a combination of conditions, a comparison,
// or the existence of a path.
type condition struct {
	op          string // "&&", "||", "!", a comparison, or "" for existence
	left, right *condition
	a, b        operand
}

// operand is a side of a comparison: a literal or a path. The path starts from
// the item if current is set, otherwise from the document.
type operand struct {
	literal any
	path    *Path
	current bool
}

// filter parses "(…)" after "?".
func (p *parser) filter(depth int) (*condition, error) {
	if depth > MaxNesting {
		return nil, p.fail("filters nest at most " + strconv.Itoa(MaxNesting) + " deep")
	}
	p.blanks()
	if !p.take("(") {
		return nil, p.fail("'?' is followed by '('")
	}
	c, err := p.either(depth)
	if err != nil {
		return nil, err
	}
	p.blanks()
	if !p.take(")") {
		return nil, p.fail("')' is missing")
	}
	return c, nil
}

func (p *parser) either(depth int) (*condition, error) { return p.chain(depth, "||", p.both) }
func (p *parser) both(depth int) (*condition, error)   { return p.chain(depth, "&&", p.single) }

func (p *parser) chain(depth int, op string, operand func(int) (*condition, error)) (*condition, error) {
	c, err := operand(depth)
	if err != nil {
		return nil, err
	}
	// A long chain would make a deep tree, which matching walks recursively.
	for n := 0; ; n++ {
		p.blanks()
		if !p.take(op) {
			return c, nil
		}
		if n >= 100 {
			return nil, p.fail("a filter combines at most 100 conditions")
		}
		right, err := operand(depth)
		if err != nil {
			return nil, err
		}
		c = &condition{op: op, left: c, right: right}
	}
}

func (p *parser) single(depth int) (*condition, error) {
	if depth > MaxNesting {
		return nil, p.fail("filters nest at most " + strconv.Itoa(MaxNesting) + " deep")
	}
	p.blanks()
	if p.take("!") {
		c, err := p.single(depth + 1)
		return &condition{op: "!", left: c}, err
	}
	if p.peek() == '(' {
		return p.filter(depth + 1)
	}
	a, err := p.operand(depth)
	if err != nil {
		return nil, err
	}
	p.blanks()
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		if p.take(op) {
			p.blanks()
			b, err := p.operand(depth)
			return &condition{op: op, a: a, b: b}, err
		}
	}
	if a.path == nil {
		return nil, p.fail("a literal must be compared with something")
	}
	return &condition{a: a}, nil
}

func (p *parser) operand(depth int) (operand, error) {
	switch c := p.peek(); {
	case c == '@' || c == '$':
		path, err := p.path(depth + 1)
		return operand{path: path, current: c == '@'}, err
	case c == '\'' || c == '"':
		text, err := p.quoted()
		return operand{literal: text}, err
	case p.take("true"):
		return operand{literal: true}, nil
	case p.take("false"):
		return operand{literal: false}, nil
	case p.take("null"):
		return operand{}, nil
	}
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	n, err := strconv.ParseFloat(p.text[start:p.at], 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		p.at = start
		return operand{}, p.fail("a path, a number, a quoted text, true, false or null is expected")
	}
	return operand{literal: n}, nil
}

// holds reports whether the condition is true of an item.
func (c *condition) holds(e *evaluation, item any) (bool, error) {
	switch c.op {
	case "&&", "||":
		left, err := c.left.holds(e, item)
		if err != nil || left == (c.op == "||") {
			return left, err
		}
		return c.right.holds(e, item)
	case "!":
		holds, err := c.left.holds(e, item)
		return !holds, err
	}
	a, aFound, err := c.a.value(e, item)
	if err != nil || c.op == "" {
		return aFound, err
	}
	b, bFound, err := c.b.value(e, item)
	if err != nil {
		return false, err
	}
	return compare(c.op, a, b, aFound, bFound), nil
}

func (o *operand) value(e *evaluation, item any) (value any, found bool, err error) {
	if o.path == nil {
		return o.literal, true, nil
	}
	root := e.root
	if o.current {
		root = item
	} else if o.path.root != Input {
		return nil, false, nil
	}
	matches, err := e.segments(o.path.segments, root)
	if err != nil || len(matches) == 0 {
		return nil, false, err
	}
	if o.path.Definite() {
		return matches[0], true, nil
	}
	return matches, true, nil
}

func compare(op string, a, b any, aFound, bFound bool) bool {
	switch op {
	case "==":
		return aFound && bFound && scalarEqual(a, b)
	case "!=":
		return !(aFound && bFound && scalarEqual(a, b))
	}
	if !aFound || !bFound {
		return false
	}
	order := 0
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		if !ok {
			return false
		}
		switch {
		case a < b:
			order = -1
		case a > b:
			order = 1
		}
	case string:
		b, ok := b.(string)
		if !ok {
			return false
		}
		order = strings.Compare(a, b)
	default:
		return false
	}
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

// scalarEqual compares what a filter can compare; arrays and objects equal
// nothing.
func scalarEqual(a, b any) bool {
	switch a.(type) {
	case []any, *jsonata.Object:
		return false
	}
	switch b.(type) {
	case []any, *jsonata.Object:
		return false
	}
	return a == b
}
