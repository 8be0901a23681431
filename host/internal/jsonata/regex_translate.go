package jsonata

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// regexTranslator rewrites a pattern of JavaScript in the syntax of Go's
// regexp. Characters become escapes of their code, classes lists of ranges, so
// that nothing is taken for syntax that is none in JavaScript.
type regexTranslator struct {
	units     []uint16
	pos       int
	multiline bool
	out       strings.Builder
}

// Classes as pairs of first and last unit.
var (
	digitUnits = []int{'0', '9'}
	wordUnits  = []int{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	spaceUnits = []int{'\t', '\r', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029,
		0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF}
	lineUnits = []int{'\n', '\n', '\r', '\r', 0x2028, 0x2029}
)

var (
	errBackreference = errors.New("backreferences are not supported")
	errLookaround    = errors.New("lookahead and lookbehind are not supported")
)

func (t *regexTranslator) at(i int) int {
	if i < len(t.units) {
		return int(t.units[i])
	}
	return noUnit
}

func (t *regexTranslator) char(c int) { fmt.Fprintf(&t.out, `\x{%x}`, c) }

func (t *regexTranslator) translate() (string, error) {
	for t.pos < len(t.units) {
		if err := t.term(); err != nil {
			return "", err
		}
	}
	return t.out.String(), nil
}

func (t *regexTranslator) term() error {
	c := t.at(t.pos)
	t.pos++
	switch c {
	case '\\':
		return t.escape()
	case '[':
		return t.class()
	case '(':
		return t.open()
	case ')', '|', '*', '+', '?':
		t.out.WriteByte(byte(c))
	case '.':
		t.set(lineUnits, true)
	case '^':
		if t.multiline {
			t.out.WriteString(`(?m:^)`)
		} else {
			t.out.WriteString(`\A`)
		}
	case '$':
		if t.multiline {
			t.out.WriteString(`(?m:$)`)
		} else {
			t.out.WriteString(`\z`)
		}
	case '{':
		if !t.repetition() {
			t.char(c)
		}
	default:
		t.char(c)
	}
	return nil
}

// open translates what follows an opening parenthesis.
func (t *regexTranslator) open() error {
	if t.at(t.pos) != '?' {
		t.out.WriteByte('(')
		return nil
	}
	switch next := t.at(t.pos + 1); {
	case next == ':':
		t.out.WriteString("(?:")
		t.pos += 2
		return nil
	case next == '=' || next == '!':
		return errLookaround
	case next == '<' && (t.at(t.pos+2) == '=' || t.at(t.pos+2) == '!'):
		return errLookaround
	case next == '<':
		end := slices.Index(t.units[t.pos:], '>')
		if end < 3 {
			return errors.New("a group has no name")
		}
		t.out.WriteByte('(')
		t.pos += end + 1
		return nil
	}
	return errors.New("a group begins with (? and neither :, < nor a lookaround")
}

// repetition translates {n}, {n,} and {n,m}; other braces are characters.
func (t *regexTranslator) repetition() bool {
	i := t.pos
	digits := func() bool {
		from := i
		for c := t.at(i); c >= '0' && c <= '9'; c = t.at(i) {
			i++
		}
		return i > from
	}
	if !digits() {
		return false
	}
	if t.at(i) == ',' {
		i++
		digits()
	}
	if t.at(i) != '}' {
		return false
	}
	t.out.WriteString("{" + fromUnits(t.units[t.pos:i]) + "}")
	t.pos = i + 1
	return true
}

// escape translates what follows a backslash outside of a class.
func (t *regexTranslator) escape() error {
	c := t.at(t.pos)
	switch {
	case c == noUnit:
		return errors.New(`it ends with \`)
	case c == 'b' || c == 'B':
		t.pos++
		t.out.WriteString(`\` + string(rune(c)))
		return nil
	case c >= '1' && c <= '9' || c == 'k':
		return errBackreference
	}
	if ranges, inverted := classEscape(c); ranges != nil {
		t.pos++
		t.set(ranges, inverted)
		return nil
	}
	t.char(t.charEscape())
	return nil
}

// classEscape returns the units that \d, \w, \s stand for, and whether the
// escape means all others.
func classEscape(c int) (ranges []int, inverted bool) {
	switch c {
	case 'd', 'D':
		return digitUnits, c == 'D'
	case 'w', 'W':
		return wordUnits, c == 'W'
	case 's', 'S':
		return spaceUnits, c == 'S'
	}
	return nil, false
}

// charEscape reads the escape of one character, whose backslash is read.
func (t *regexTranslator) charEscape() int {
	c := t.at(t.pos)
	t.pos++
	switch c {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 'v':
		return '\v'
	case 'f':
		return '\f'
	case '0':
		return 0
	case 'c':
		if letter := t.at(t.pos); letter|0x20 >= 'a' && letter|0x20 <= 'z' {
			t.pos++
			return letter & 0x1F
		}
		t.pos--
		return '\\'
	case 'x':
		return t.hex(2, c)
	case 'u':
		return t.hex(4, c)
	}
	return c
}

// hex reads digits; without enough of them the escape means its letter.
func (t *regexTranslator) hex(n, letter int) int {
	value := 0
	for i := range n {
		c := t.at(t.pos + i)
		if c < 0 || c > 0x7F || hexValue(byte(c)) < 0 {
			return letter
		}
		value = value<<4 | int(hexValue(byte(c)))
	}
	t.pos += n
	return value
}

// set writes a class of ranges.
func (t *regexTranslator) set(ranges []int, inverted bool) {
	t.out.WriteByte('[')
	if inverted {
		t.out.WriteByte('^')
	}
	for i := 0; i < len(ranges); i += 2 {
		t.char(ranges[i])
		if ranges[i] != ranges[i+1] {
			t.out.WriteByte('-')
			t.char(ranges[i+1])
		}
	}
	t.out.WriteByte(']')
}

// complement returns the units outside of sorted ranges.
func complement(ranges []int) []int {
	var out []int
	next := 0
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i] > next {
			out = append(out, next, ranges[i]-1)
		}
		next = ranges[i+1] + 1
	}
	return append(out, next, 0xFFFF)
}

// class translates a class, whose bracket is read.
func (t *regexTranslator) class() error {
	inverted := t.at(t.pos) == '^'
	if inverted {
		t.pos++
	}
	var ranges []int
	for t.at(t.pos) != ']' {
		first, single, err := t.classAtom()
		if err != nil {
			return err
		}
		if t.at(t.pos) != '-' || t.at(t.pos+1) == ']' || t.at(t.pos+1) == noUnit {
			ranges = append(ranges, first...)
			continue
		}
		t.pos++
		last, alsoSingle, err := t.classAtom()
		if err != nil {
			return err
		}
		if !single || !alsoSingle { // a range with a class at one end is none
			ranges = append(append(append(ranges, first...), last...), '-', '-')
			continue
		}
		if first[0] > last[0] {
			return errors.New("a range in a class is out of order")
		}
		ranges = append(ranges, first[0], last[0])
	}
	t.pos++
	switch {
	case len(ranges) > 0:
		t.set(ranges, inverted)
	case inverted:
		t.out.WriteString(`(?s:.)`)
	default:
		t.out.WriteString(`[^\x00-\x{10FFFF}]`)
	}
	return nil
}

// classAtom reads a character or an escape in a class.
func (t *regexTranslator) classAtom() (ranges []int, single bool, err error) {
	c := t.at(t.pos)
	t.pos++
	if c == noUnit {
		return nil, false, errors.New("a class has no ]")
	}
	if c == '\\' {
		c = t.at(t.pos)
		if c == noUnit {
			return nil, false, errors.New(`it ends with \`)
		}
		if ranges, inverted := classEscape(c); ranges != nil {
			t.pos++
			if inverted {
				return complement(ranges), false, nil
			}
			return ranges, false, nil
		}
		if c == 'b' {
			t.pos++
			c = '\b'
		} else {
			c = t.charEscape()
		}
	}
	return []int{c, c}, true, nil
}
