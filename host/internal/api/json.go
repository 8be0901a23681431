package api

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// scanner reads one JSON document (RFC 8259) from front to back. The shapes of
// the service model are read by hand with it, so that a member of the wrong type
// is an error and not a zero, a name given twice is refused, and a 70 MB
// document costs one pass and no tree.
//
// The first error stays: later calls do nothing.
type scanner struct {
	data  []byte
	pos   int
	depth int
	err   *fault.Error
}

const (
	maxDepth   = 64   // of values within values; AWS's shapes have 5
	maxMembers = 4096 // of one object or list whose members are kept
)

func newScanner(body []byte) *scanner {
	s := &scanner{data: body}
	if !utf8.Valid(body) {
		s.malformed("invalid UTF-8")
	}
	return s
}

// malformed notes that the document is not JSON, or more of it than is read.
func (s *scanner) malformed(format string, args ...any) {
	if s.err == nil {
		s.err = fault.New(fault.InvalidRequestContent, "Could not parse request body into json: %s at byte %d", fmt.Sprintf(format, args...), s.pos)
	}
}

// mismatch notes that a value has another type than its member. The first half
// is AWS's wording.
func (s *scanner) mismatch(member, want string) {
	switch c := s.peek(); {
	case c == 0, c != '-' && !isDigit(c) && strings.IndexByte(`"{[tfn`, c) < 0:
		s.unexpected("a value")
	case s.err == nil:
		s.err = fault.New(fault.Serialization, "%s cannot be converted to %s (member %s)", s.kind(), want, member)
	}
}

// kind names the value that begins here, as AWS does.
func (s *scanner) kind() string {
	switch s.data[s.pos] {
	case '"':
		return "STRING_VALUE"
	case 't':
		return "TRUE_VALUE"
	case 'f':
		return "FALSE_VALUE"
	case 'n':
		return "NULL_VALUE"
	case '{':
		return "Start of structure or map"
	case '[':
		return "Start of list"
	}
	return "NUMBER_VALUE"
}

// peek skips white space and returns the byte after it, 0 at the end.
func (s *scanner) peek() byte {
	for s.err == nil && s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// take reads the byte c, or notes that it is missing.
func (s *scanner) take(c byte) bool {
	if s.peek() == c && s.err == nil {
		s.pos++
		return true
	}
	s.unexpected(strconv.QuoteRune(rune(c)))
	return false
}

func (s *scanner) unexpected(want string) {
	if s.err == nil && s.pos >= len(s.data) {
		s.malformed("unexpected end, expected %s", want)
	} else if s.err == nil {
		r, _ := utf8.DecodeRune(s.data[s.pos:])
		s.malformed("unexpected character %q, expected %s", r, want)
	}
}

// end notes what follows the document.
func (s *scanner) end() {
	if s.peek() != 0 || s.err == nil && s.pos < len(s.data) {
		s.unexpected("the end")
	}
}

// null reads a null, if one comes next: AWS treats it as a member left out.
func (s *scanner) null() bool {
	if s.peek() != 'n' {
		return false
	}
	s.literal("null")
	return true
}

func (s *scanner) literal(word string) {
	if s.err == nil && len(s.data)-s.pos >= len(word) && string(s.data[s.pos:s.pos+len(word)]) == word {
		s.pos += len(word)
		return
	}
	s.unexpected(word)
}

// object reads an object and calls each with the name of every member; each must
// read the value.
func (s *scanner) object(member string, each func(name string)) {
	if s.peek() != '{' {
		s.mismatch(member, "structure or map")
		return
	}
	seen := map[string]bool{}
	s.sequence('{', '}', func() {
		name := s.text("a member's name")
		if !s.take(':') {
			return
		}
		switch {
		case seen[name]:
			s.malformed("member %q twice", clip(name))
		case len(seen) == maxMembers:
			s.malformed("more than %d members", maxMembers)
		default:
			seen[name] = true
			each(name)
		}
	})
}

// list reads a list and calls each before every member; each must read it.
func (s *scanner) list(member string, each func()) {
	if s.peek() != '[' {
		s.mismatch(member, "list")
		return
	}
	n := 0
	s.sequence('[', ']', func() {
		if n++; n > maxMembers {
			s.malformed("more than %d members", maxMembers)
			return
		}
		each()
	})
}

// sequence reads what object and list have in common.
func (s *scanner) sequence(begin, end byte, each func()) {
	if !s.take(begin) {
		return
	}
	if s.depth++; s.depth > maxDepth {
		s.malformed("more than %d values within values", maxDepth)
		return
	}
	defer func() { s.depth-- }()
	if s.peek() == end {
		s.pos++
		return
	}
	for s.err == nil {
		each()
		switch s.peek() {
		case ',':
			s.pos++
		case end:
			s.pos++
			return
		default:
			s.unexpected(fmt.Sprintf("',' or %q", rune(end)))
		}
	}
}

// skip reads a value that nobody wants.
func (s *scanner) skip() {
	switch c := s.peek(); c {
	case '{':
		s.sequence('{', '}', func() {
			s.quoted("a member's name")
			if s.take(':') {
				s.skip()
			}
		})
	case '[':
		s.sequence('[', ']', s.skip)
	case '"':
		s.quoted("a string")
	case 't':
		s.literal("true")
	case 'f':
		s.literal("false")
	case 'n':
		s.literal("null")
	default:
		s.number()
	}
}

// number returns a number as it is written.
func (s *scanner) number() string {
	s.peek()
	begin := s.pos
	digits := func() {
		if s.pos >= len(s.data) || !isDigit(s.data[s.pos]) {
			s.unexpected("a value")
		}
		for s.pos < len(s.data) && isDigit(s.data[s.pos]) {
			s.pos++
		}
	}
	next := func(set string) bool {
		for i := range len(set) {
			if s.pos < len(s.data) && s.data[s.pos] == set[i] {
				s.pos++
				return true
			}
		}
		return false
	}
	if s.err != nil {
		return ""
	}
	next("-")
	if !next("0") {
		digits()
	}
	if s.err == nil && next(".") {
		digits()
	}
	if s.err == nil && next("eE") {
		next("+-")
		digits()
	}
	return string(s.data[begin:s.pos])
}

// quoted reads a string and returns what is between its quotes, escapes and all.
func (s *scanner) quoted(want string) (raw []byte, escaped bool) {
	if s.peek() != '"' || s.err != nil {
		s.unexpected(want)
		return nil, false
	}
	s.pos++
	begin := s.pos
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return s.data[begin : s.pos-1], escaped
		case c < ' ':
			s.malformed("control character %#02x in a string", c)
			return nil, false
		case c == '\\':
			escaped = true
			s.pos++
			if !s.escape() {
				return nil, false
			}
		}
	}
	s.unexpected(`'"'`)
	return nil, false
}

// escape checks the escape whose backslash was read and stops at its last byte.
func (s *scanner) escape() bool {
	if s.pos >= len(s.data) {
		s.unexpected("an escape")
		return false
	}
	switch s.data[s.pos] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		if r := hex4(s.data[s.pos+1:]); r >= 0 && !utf16.IsSurrogate(r) {
			s.pos += 4
			return true
		} else if r >= 0 && len(s.data)-s.pos > 10 && s.data[s.pos+5] == '\\' && s.data[s.pos+6] == 'u' &&
			utf16.DecodeRune(r, hex4(s.data[s.pos+7:])) != utf8.RuneError {
			s.pos += 10
			return true
		}
	}
	s.malformed("invalid escape in a string")
	return false
}

// hex4 reads four hexadecimal digits, -1 if they are none.
func hex4(b []byte) rune {
	if len(b) < 4 {
		return -1
	}
	n := rune(0)
	for _, c := range b[:4] {
		switch {
		case isDigit(c):
			n = n<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			n = n<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return n
}

// unquote resolves the escapes of what quoted returned.
func unquote(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++
		switch c := raw[i]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(raw[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				r = utf16.DecodeRune(r, hex4(raw[i+3:]))
				i += 6
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return out
}

func (s *scanner) text(want string) string {
	raw, escaped := s.quoted(want)
	if escaped && s.err == nil {
		raw = unquote(raw)
	}
	return string(raw)
}
