package intrinsic

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
)

// maxArgs is the number of arguments that a call and those nested in it may have
// together. Each may be a whole payload, so this bounds the work of a call.
const maxArgs = 256

// Parse parses a call. The whole text must be one. The number of arguments and
// the types of literal ones are checked here.
func Parse(source string) (*Call, error) {
	if len(source) > path.MaxLength {
		return nil, fmt.Errorf("intrinsic: the call is longer than %d bytes", path.MaxLength)
	}
	p := parser{source: source}
	call, err := p.call(1)
	if err != nil {
		return nil, err
	}
	if p.at < len(source) {
		return nil, p.fail("nothing may follow the call")
	}
	return call, nil
}

// Looks reports whether a text looks like a call, well formed or not.
func Looks(source string) bool { return strings.HasPrefix(source, "States.") }

type parser struct {
	source string
	at     int
	args   int // so far, in all calls
}

func (p *parser) fail(format string, args ...any) error {
	return fmt.Errorf("intrinsic: %q, offset %d: %s", p.source, p.at, fmt.Sprintf(format, args...))
}

func (p *parser) blanks() {
	for p.at < len(p.source) && (p.source[p.at] == ' ' || p.source[p.at] == '\t') {
		p.at++
	}
}

func (p *parser) take(c byte) bool {
	if p.at < len(p.source) && p.source[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) call(depth int) (*Call, error) {
	if depth > MaxNesting {
		return nil, p.fail("calls nest at most %d deep", MaxNesting)
	}
	start := p.at
	for p.at < len(p.source) && (isLetterOrDigit(p.source[p.at]) || p.source[p.at] == '.') {
		p.at++
	}
	name := p.source[start:p.at]
	signature := signatures[name]
	if signature == nil {
		p.at = start
		return nil, p.fail("there is no function %q", name)
	}
	if !p.take('(') {
		return nil, p.fail("'(' is missing")
	}
	call := &Call{name: name}
	p.blanks()
	for !p.take(')') {
		if len(call.args) > 0 && !p.take(',') {
			return nil, p.fail("',' or ')' is missing")
		}
		if p.args++; p.args > maxArgs {
			return nil, p.fail("there are more than %d arguments", maxArgs)
		}
		p.blanks()
		argStart := p.at
		a, err := p.arg(depth)
		if err != nil {
			return nil, err
		}
		if want := signature.kind(len(call.args)); a.path == nil && a.call == nil && !want.accepts(a.literal) {
			p.at = argStart
			return nil, p.fail("argument %d of %s must be %s", len(call.args)+1, name, want)
		}
		call.args = append(call.args, a)
		p.blanks()
	}
	if n := len(call.args); n < signature.min || n > len(signature.kinds) && !signature.variadic {
		return nil, p.fail("%s does not take %d arguments", name, n)
	}
	call.text = p.source[start:p.at]
	return call, nil
}

func (p *parser) arg(depth int) (arg, error) {
	rest := p.source[p.at:]
	switch {
	case strings.HasPrefix(rest, "$"):
		parsed, length, err := path.ParsePrefix(rest)
		if err != nil {
			return arg{}, err
		}
		p.at += length
		return arg{path: parsed}, nil
	case strings.HasPrefix(rest, "States."):
		call, err := p.call(depth + 1)
		return arg{call: call}, err
	case strings.HasPrefix(rest, "'"):
		return p.text()
	}
	start := p.at
	for p.at < len(p.source) && (isLetterOrDigit(p.source[p.at]) || strings.IndexByte("+-.", p.source[p.at]) >= 0) {
		p.at++
	}
	switch word := p.source[start:p.at]; word {
	case "true":
		return arg{literal: true}, nil
	case "false":
		return arg{literal: false}, nil
	case "null":
		return arg{}, nil
	default:
		n, err := strconv.ParseFloat(word, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(word, "xXpP_") {
			p.at = start
			return arg{}, p.fail("an argument is a path, a call, a 'text', a number, true, false or null")
		}
		return arg{literal: n}, nil
	}
}

// text parses a quoted text. The characters ' { } \ may be escaped, no others.
func (p *parser) text() (arg, error) {
	p.at++
	start := p.at
	var b strings.Builder
	for p.at < len(p.source) {
		switch c := p.source[p.at]; c {
		case '\'':
			a := arg{literal: b.String(), raw: p.source[start:p.at]}
			p.at++
			return a, nil
		case '\\':
			p.at++
			if p.at == len(p.source) || strings.IndexByte(`'{}\`, p.source[p.at]) < 0 {
				return arg{}, p.fail(`a backslash escapes ', {, } or \`)
			}
			b.WriteByte(p.source[p.at])
			p.at++
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return arg{}, p.fail("the closing quote is missing")
}

func isLetterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}
