package path

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse parses a path. The whole text must be one.
func Parse(text string) (*Path, error) {
	if len(text) > MaxLength {
		return nil, &SyntaxError{Text: text[:64] + "…", Offset: MaxLength, Message: "the path is longer than " + strconv.Itoa(MaxLength) + " bytes"}
	}
	p := parser{text: text}
	path, err := p.path(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(text) {
		return nil, p.fail("a path goes on with '.' or '[', not " + quoteRune(text[p.at:]))
	}
	return path, nil
}

// ParsePrefix parses the path that text starts with and returns it together
// with the number of bytes it takes. The path ends where it cannot go on, as in
// an argument of an intrinsic function.
func ParsePrefix(text string) (*Path, int, error) {
	limited := text
	if len(limited) > MaxLength {
		limited = limited[:MaxLength]
	}
	p := parser{text: limited}
	path, err := p.path(0)
	if err != nil {
		return nil, 0, err
	}
	return path, p.at, nil
}

type parser struct {
	text string
	at   int
}

func (p *parser) fail(message string) error {
	return &SyntaxError{Text: p.text, Offset: p.at, Message: message}
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) take(s string) bool {
	if strings.HasPrefix(p.text[p.at:], s) {
		p.at += len(s)
		return true
	}
	return false
}

func (p *parser) blanks() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// path parses a path at the parser's place. Inside a filter "@" is a root too.
func (p *parser) path(depth int) (*Path, error) {
	start := p.at
	path := &Path{}
	switch {
	case p.take("$$"):
		path.root = Context
	case p.take("$"):
		if name := p.variable(); name != "" {
			path.root, path.variable = Variable, name
		}
	case depth > 0 && p.take("@"):
	default:
		return nil, p.fail("a path starts with '$'")
	}
	for p.at < len(p.text) {
		var (
			s   segment
			err error
		)
		switch {
		case p.take(".."):
			s, err = p.descendant(depth)
		case p.peek() == '.':
			p.at++
			s, err = p.dotted()
		case p.peek() == '[':
			p.at++
			s, err = p.bracket(depth)
		default:
			path.text = p.text[start:p.at]
			return path, nil
		}
		if err != nil {
			return nil, err
		}
		path.segments = append(path.segments, s)
		if s.kind == function {
			break
		}
	}
	path.text = p.text[start:p.at]
	return path, nil
}

func (p *parser) variable() string {
	start := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !isVariableRune(r, p.at == start) {
			break
		}
		p.at += size
	}
	return p.text[start:p.at]
}

func (p *parser) descendant(depth int) (segment, error) {
	var (
		s   segment
		err error
	)
	if p.peek() == '[' {
		p.at++
		s, err = p.bracket(depth)
	} else {
		s, err = p.dotted()
	}
	if s.kind == function && err == nil {
		err = p.fail("a function cannot follow '..'")
	}
	s.descend = true
	return s, err
}

// functions are the functions that a path may end with.
var functions = map[string]bool{"length": true, "min": true, "max": true, "avg": true, "sum": true, "keys": true}

func (p *parser) dotted() (segment, error) {
	if p.take("*") {
		return segment{kind: wildcard}, nil
	}
	start := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if r == utf8.RuneError && size == 1 || r < ' ' || strings.ContainsRune(" .[]()*?,:'\"@!=<>&|\\", r) {
			break
		}
		p.at += size
	}
	name := p.text[start:p.at]
	if name == "" {
		return segment{}, p.fail("'.' is followed by a name or '*'")
	}
	if p.take("()") {
		if !functions[name] {
			return segment{}, p.fail("the functions are length, min, max, avg, sum and keys, not " + strconv.Quote(name))
		}
		return segment{kind: function, fn: name}, nil
	}
	return segment{kind: member, names: []string{name}}, nil
}

func (p *parser) bracket(depth int) (segment, error) {
	var (
		s   segment
		err error
	)
	p.blanks()
	switch c := p.peek(); {
	case c == '*':
		p.at++
		s.kind = wildcard
	case c == '\'' || c == '"':
		s, err = p.quotedNames()
	case c == '?':
		p.at++
		s.kind = filter
		s.where, err = p.filter(depth + 1)
	default:
		s, err = p.numbers()
	}
	if err != nil {
		return s, err
	}
	p.blanks()
	if !p.take("]") {
		return s, p.fail("']' is missing")
	}
	return s, nil
}

func (p *parser) quotedNames() (segment, error) {
	s := segment{kind: member}
	for {
		name, err := p.quoted()
		if err != nil {
			return s, err
		}
		s.names = append(s.names, name)
		p.blanks()
		if !p.take(",") {
			return s, nil
		}
		p.blanks()
	}
}

// quoted parses a quoted name or text. A backslash stands for itself, except
// before the quote: AWS finds the member Test\"x by $['Test\"x'].
func (p *parser) quoted() (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.fail("a quoted name is expected")
	}
	p.at++
	var b strings.Builder
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == quote:
			p.at++
			return b.String(), nil
		case c == '\\' && p.at+1 < len(p.text) && p.text[p.at+1] == quote:
			b.WriteByte(quote)
			p.at += 2
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return "", p.fail("the closing quote is missing")
}

func (p *parser) numbers() (segment, error) {
	first, err := p.integer()
	if err != nil {
		return segment{}, err
	}
	p.blanks()
	if p.take(":") {
		p.blanks()
		last, err := p.integer()
		if err != nil {
			return segment{}, err
		}
		return segment{kind: slice, from: first, to: last}, nil
	}
	if first == nil {
		return segment{}, p.fail("brackets hold '*', an index, a slice, a quoted name or a filter")
	}
	s := segment{kind: index, indices: []int{*first}}
	for p.take(",") {
		p.blanks()
		next, err := p.integer()
		if err != nil {
			return s, err
		}
		if next == nil {
			return s, p.fail("an index is expected")
		}
		s.indices = append(s.indices, *next)
		p.blanks()
	}
	return s, nil
}

// integer parses an optional integer.
func (p *parser) integer() (*int, error) {
	start := p.at
	p.take("-")
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
	if start == p.at {
		return nil, nil
	}
	n, err := strconv.ParseInt(p.text[start:p.at], 10, 32)
	if err != nil {
		return nil, p.fail(strconv.Quote(p.text[start:p.at]) + " is no index: indices are between -2147483648 and 2147483647")
	}
	i := int(n)
	return &i, nil
}

func quoteRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strconv.Quote(s[:size])
}
