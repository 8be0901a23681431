package jsonata

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Decode reads one JSON text. Numbers become float64, objects keep the order
// of their members; of equal keys the last value wins, at the place of the
// first. Text nested deeper than 10,000 and numbers beyond float64 are refused.
func Decode(b []byte) (any, error) { return (&decoder{text: b}).all() }

// all reads the whole text.
func (d *decoder) all() (any, error) {
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if d.space(); d.pos < len(d.text) {
		return nil, d.unexpected("the end of the text")
	}
	return v, nil
}

// SyntaxError is the error of a text that is no JSON.
type SyntaxError struct {
	Offset int    // in bytes
	Found  string // what is there, as "ends" or "has 'x'"
	Want   string // "", or what should be there, as ", want a value"
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("jsonata: JSON text %s at offset %d%s", e.Found, e.Offset, e.Want)
}

type decoder struct {
	text   []byte
	pos    int
	unique bool // an object with equal keys is refused
}

func (d *decoder) unexpected(want string) error {
	if d.pos >= len(d.text) {
		return &SyntaxError{Offset: d.pos, Found: "ends", Want: ", want " + want}
	}
	r, _ := utf8.DecodeRune(d.text[d.pos:])
	return &SyntaxError{Offset: d.pos, Found: fmt.Sprintf("has %q", r), Want: ", want " + want}
}

func (d *decoder) space() {
	for d.pos < len(d.text) {
		switch d.text[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

func (d *decoder) peek() byte {
	if d.pos < len(d.text) {
		return d.text[d.pos]
	}
	return 0
}

func (d *decoder) word(word string, v any) (any, error) {
	if len(d.text)-d.pos < len(word) || string(d.text[d.pos:d.pos+len(word)]) != word {
		return nil, d.unexpected("a value")
	}
	d.pos += len(word)
	return v, nil
}

func (d *decoder) value(depth int) (any, error) {
	if depth > maxNesting {
		return nil, &SyntaxError{Offset: d.pos, Found: fmt.Sprintf("is nested deeper than %d", maxNesting)}
	}
	d.space()
	switch c := d.peek(); {
	case c == '{':
		return d.object(depth)
	case c == '[':
		return d.array(depth)
	case c == '"':
		return d.str()
	case c == 't':
		return d.word("true", true)
	case c == 'f':
		return d.word("false", false)
	case c == 'n':
		return d.word("null", nil)
	case c == '-' || c >= '0' && c <= '9':
		return d.number()
	}
	return nil, d.unexpected("a value")
}

func (d *decoder) object(depth int) (any, error) {
	o := NewObject()
	d.pos++
	if d.space(); d.peek() == '}' {
		d.pos++
		return o, nil
	}
	for {
		if d.space(); d.peek() != '"' {
			return nil, d.unexpected("a key")
		}
		start := d.pos
		key, err := d.str()
		if err != nil {
			return nil, err
		}
		if _, there := o.Get(key); there && d.unique {
			return nil, &SyntaxError{Offset: start, Found: "has a key twice in an object"}
		}
		if d.space(); d.peek() != ':' {
			return nil, d.unexpected("':'")
		}
		d.pos++
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.Set(key, v)
		switch d.space(); d.peek() {
		case ',':
			d.pos++
		case '}':
			d.pos++
			return o, nil
		default:
			return nil, d.unexpected("',' or '}'")
		}
	}
}

func (d *decoder) array(depth int) (any, error) {
	items := []any{}
	d.pos++
	if d.space(); d.peek() == ']' {
		d.pos++
		return items, nil
	}
	for {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
		switch d.space(); d.peek() {
		case ',':
			d.pos++
		case ']':
			d.pos++
			return items, nil
		default:
			return nil, d.unexpected("',' or ']'")
		}
	}
}

func (d *decoder) digits() bool {
	start := d.pos
	for c := d.peek(); c >= '0' && c <= '9'; c = d.peek() {
		d.pos++
	}
	return d.pos > start
}

func (d *decoder) number() (any, error) {
	start := d.pos
	if d.peek() == '-' {
		d.pos++
	}
	if d.peek() == '0' {
		d.pos++
	} else if !d.digits() {
		return nil, d.unexpected("a digit")
	}
	if d.peek() == '.' {
		if d.pos++; !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.pos++
		if c := d.peek(); c == '+' || c == '-' {
			d.pos++
		}
		if !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	f, err := strconv.ParseFloat(string(d.text[start:d.pos]), 64)
	if err != nil {
		return nil, &SyntaxError{Offset: start, Found: "has a number that is out of range"}
	}
	return f, nil
}

// str reads a string, whose first quote is at the position.
func (d *decoder) str() (string, error) {
	d.pos++
	start, plain := d.pos, true
	for {
		if d.pos >= len(d.text) {
			return "", d.unexpected("'\"'")
		}
		switch c := d.text[d.pos]; {
		case c == '"':
			raw := d.text[start:d.pos]
			d.pos++
			if plain {
				return string(raw), nil
			}
			return unescape(raw), nil
		case c < ' ':
			return "", d.unexpected("an escaped control character")
		case c == '\\':
			plain = false
			if err := d.escape(); err != nil {
				return "", err
			}
		case c >= utf8.RuneSelf:
			plain = false
			d.pos++
		default:
			d.pos++
		}
	}
}

// escape checks an escape sequence and moves behind it.
func (d *decoder) escape() error {
	d.pos++
	switch d.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		d.pos++
		return nil
	case 'u':
		d.pos++
		for range 4 {
			if hexValue(d.peek()) < 0 {
				return d.unexpected("a hexadecimal digit")
			}
			d.pos++
		}
		return nil
	}
	return d.unexpected("an escape sequence")
}

func hexValue(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// escaped maps the letters of escape sequences to their characters.
var escaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape decodes the inside of a string whose escapes have been checked.
func unescape(raw []byte) string {
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		switch {
		case raw[i] != '\\':
			b = append(b, raw[i])
			i++
		case raw[i+1] == 'u':
			r := hexValue(raw[i+2])<<12 | hexValue(raw[i+3])<<8 | hexValue(raw[i+4])<<4 | hexValue(raw[i+5])
			b = appendRune(b, r)
			i += 6
		default:
			b = append(b, escaped[raw[i+1]])
			i += 2
		}
	}
	return normalize(string(b))
}
