package function

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// errNotUTF8 is what is wrong with an event that is JSON but for its encoding.
var errNotUTF8 = errors.New("the event is not UTF-8")

// unparsed says why an event is no JSON in the words of the parser that AWS Lambda
// has, which is Jackson: some were recorded, others are those of its source. The
// event is one that was refused already; it takes one pass over it and bounded memory.
func unparsed(event []byte) string {
	p := &eventParser{data: event, line: 1}
	p.document()
	return p.message + "\n at [" + p.source(p.line, p.at-p.row+1) + "]"
}

// eventParser reads an event until something is wrong, which it then says. Methods
// that read return false from then on.
type eventParser struct {
	data      []byte
	pos       int // of the next byte
	line, row int // of pos: the number of its line, from 1, and where that begins
	open      []opened
	message   string
	at        int // where the message is about
}

// opened is an array or object whose end was not read yet.
type opened struct {
	array     bool
	line, col int
}

// maxOpened is how deep values may be nested, by default of Jackson.
const maxOpened = 1000

func (o opened) String() string {
	if o.array {
		return "Array"
	}
	return "Object"
}

func (p *eventParser) source(line, col int) string {
	return fmt.Sprintf("Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d", line, col)
}

// fail notes what is wrong at the next byte. The first one stays.
func (p *eventParser) fail(format string, args ...any) bool {
	if p.message == "" {
		p.message, p.at = fmt.Sprintf(format, args...), p.pos
	}
	return false
}

// unexpected notes a character that was read last, and has the number c.
func (p *eventParser) unexpected(c rune, format string, args ...any) bool {
	if p.message == "" {
		p.message, p.at = "Unexpected character ("+described(c)+"): "+fmt.Sprintf(format, args...), p.pos-1
	}
	return false
}

// described is how Jackson shows a character.
func described(c rune) string {
	switch {
	case c < 0x20 || 0x7F <= c && c < 0xA0:
		return fmt.Sprintf("(CTRL-CHAR, code %d)", c)
	case c > 0xFF:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", c, c, c)
	}
	return fmt.Sprintf("'%c' (code %d)", c, c)
}

// next reads a byte.
func (p *eventParser) next() (c byte, ok bool) {
	if p.message != "" || p.pos >= len(p.data) {
		return 0, false
	}
	p.pos++
	return p.data[p.pos-1], true
}

// token skips white space and reads the byte after it; ok is false at the end, too.
func (p *eventParser) token() (c byte, ok bool) {
	for {
		switch c, ok = p.next(); {
		case !ok:
			return 0, false
		case c == '\n', c == '\r' && (p.pos == len(p.data) || p.data[p.pos] != '\n'):
			p.line, p.row = p.line+1, p.pos
		case c == ' ', c == '\t', c == '\r':
		case c < ' ':
			p.pos--
			p.fail(`Illegal character (%s): only regular white space (\r, \n, \t) is allowed between tokens`, described(rune(c)))
			p.pos++
			return 0, false
		case c == '/':
			return 0, p.unexpected('/', "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)")
		default:
			return c, true
		}
	}
}

// within is token where the document cannot end.
func (p *eventParser) within() (c byte, ok bool) {
	if c, ok = p.token(); !ok {
		p.fail("Unexpected end-of-input within/between %s entries", p.open[len(p.open)-1])
	}
	return c, ok
}

// document reads a value, and what is in it. It does not recurse: events are deep.
func (p *eventParser) document() {
	c, ok := p.token()
	if !ok {
		p.fail("No content to map due to end-of-input")
		return
	}
	if other := map[byte]rune{']': '}', '}': ']'}[c]; other != 0 {
		p.fail("Unexpected close marker '%c': expected '%c' (for root starting at [%s])", c, other, p.source(1, 0))
		return
	}
	for p.value(c) {
		entries := true // of what is open, there were some
		if n := len(p.open); n > 0 {
			entries = c != '{' && c != '['
		}
		if c, ok = p.between(entries); !ok {
			break
		}
	}
	if p.message == "" && len(p.open) == 0 {
		if c, ok := p.token(); ok {
			p.unexpected(rune(c), "expected nothing after the value")
		}
	}
	p.fail("The event is not UTF-8") // if all else is right, which no caller has
}

// between reads from one value to the first byte of the next. It returns false if
// there is none: at the end.
func (p *eventParser) between(entries bool) (c byte, ok bool) {
	for len(p.open) > 0 {
		in := p.open[len(p.open)-1]
		if c, ok = p.token(); !ok {
			return 0, p.fail("Unexpected end-of-input: expected close marker for %s (start marker at [%s])", in, p.source(in.line, in.col))
		}
		if c == ']' || c == '}' {
			if want := byte(map[bool]rune{true: ']', false: '}'}[in.array]); c != want {
				return 0, p.fail("Unexpected close marker '%c': expected '%c' (for %s starting at [%s])", c, want, in, p.source(in.line, in.col))
			}
			p.open, entries = p.open[:len(p.open)-1], true
			continue
		}
		if entries {
			if c != ',' {
				return 0, p.unexpected(p.decoded(c), "was expecting comma to separate %s entries", in)
			}
			if c, ok = p.within(); !ok {
				return 0, false
			}
		}
		if in.array {
			return c, true
		}
		return p.name(c)
	}
	return 0, false
}

// name reads a member's name, which begins with c, to the first byte of its value.
func (p *eventParser) name(c byte) (byte, bool) {
	if c != '"' {
		return 0, p.unexpected(p.decoded(c), "was expecting double-quote to start field name")
	}
	if !p.quoted("name", " in field name") {
		return 0, false
	}
	if c, ok := p.within(); !ok {
		return 0, false
	} else if c != ':' {
		return 0, p.unexpected(p.decoded(c), "was expecting a colon to separate field name and value")
	}
	return p.within()
}

// value reads a value that begins with c; of an array or object that is its first
// byte.
func (p *eventParser) value(c byte) bool {
	switch c {
	case '{', '[':
		if len(p.open) == maxOpened {
			return p.fail("Document nesting depth (%d) exceeds the maximum allowed (%d, from `StreamReadConstraints.getMaxNestingDepth()`)", maxOpened+1, maxOpened)
		}
		p.open = append(p.open, opened{c == '[', p.line, p.pos - p.row})
		return true
	case '"':
		return p.quoted("string value", ": was expecting closing quote for a string value")
	case 't':
		return p.literal("true")
	case 'f':
		return p.literal("false")
	case 'n':
		return p.literal("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return p.number(c)
	}
	return p.notValue(c)
}

// decoded is the character that begins with c. It is for messages: what is wrong with
// its encoding is said first.
func (p *eventParser) decoded(c byte) rune {
	if c < utf8.RuneSelf {
		return rune(c)
	}
	begin := p.pos - 1
	if !p.encoded(c) {
		return utf8.RuneError
	}
	r, _ := utf8.DecodeRune(p.data[begin:p.pos])
	return r
}

// encoded reads what comes after the first byte, c, of a character of several.
func (p *eventParser) encoded(c byte) bool {
	more := 0
	switch {
	case c&0xE0 == 0xC0:
		more = 1
	case c&0xF0 == 0xE0:
		more = 2
	case c&0xF8 == 0xF0:
		more = 3
	default:
		return p.fail("Invalid UTF-8 start byte 0x%x", c)
	}
	for range more {
		d, ok := p.next()
		if !ok {
			return p.fail("Unexpected end-of-input")
		}
		if d&0xC0 != 0x80 {
			return p.fail("Invalid UTF-8 middle byte 0x%x", d)
		}
	}
	return true
}
