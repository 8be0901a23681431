package function

import (
	"strings"
	"unicode"
)

const (
	// anyToken and anyValue are how Jackson lists what there can be.
	anyToken = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
	anyValue = "expected a valid value " + anyToken
	// maxWord is how many characters of a word it repeats.
	maxWord = 256
)

// notValue notes that c begins no value.
func (p *eventParser) notValue(c byte) bool {
	switch {
	case c == ',', c == '}', c == ']' && len(p.open) > 0 && p.open[len(p.open)-1].array:
		return p.unexpected(rune(c), "expected a value")
	case c == 'N' || c == 'I':
		word := map[byte]string{'N': "NaN", 'I': "Infinity"}[c]
		return p.literal(word) && p.fail("Non-standard token '%s': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", word)
	case isIdentifierStart(rune(c)): // the byte as it is: that is how Jackson reads it
		return p.word(string(rune(c)))
	}
	return p.unexpected(rune(c), anyValue)
}

// literal reads what comes after the first letter of a word.
func (p *eventParser) literal(word string) bool {
	for i := 1; i < len(word); i++ {
		if p.pos >= len(p.data) || p.data[p.pos] != word[i] {
			return p.word(word[:i])
		}
		p.pos++
	}
	if p.pos == len(p.data) {
		return true
	}
	c, end := p.data[p.pos], p.pos
	if c < '0' || c == ']' || c == '}' {
		return true
	}
	p.pos++
	r := p.decoded(c)
	if p.message != "" {
		return false
	}
	p.pos = end
	return !isIdentifierPart(r) || p.word(word)
}

// word reads the rest of a word that is no token, and notes it.
func (p *eventParser) word(read string) bool {
	var b strings.Builder
	b.WriteString(read)
	for n := len(read); ; {
		c, ok := p.next()
		if !ok {
			break
		}
		r := p.decoded(c)
		if p.message != "" {
			return false
		}
		if !isIdentifierPart(r) {
			break
		}
		b.WriteRune(r)
		if n++; n >= maxWord {
			b.WriteString("...")
			break
		}
	}
	return p.fail("Unrecognized token '%s': was expecting %s", b.String(), anyToken)
}

// number reads a number that begins with c.
func (p *eventParser) number(c byte) bool {
	peek := func() byte {
		if p.pos < len(p.data) {
			return p.data[p.pos]
		}
		return 0
	}
	digits := func(problem string) bool {
		if !isDigit(peek()) {
			c, ok := p.next()
			if !ok {
				return p.fail("Unexpected end-of-input in a Number value")
			}
			p.unexpected(p.decoded(c), "%s", problem)
			p.message = strings.Replace(p.message, "): ", ") in numeric value: ", 1)
			return false
		}
		for isDigit(peek()) {
			p.pos++
		}
		return true
	}
	if c == '-' {
		if !isDigit(peek()) {
			return digits("expected digit (0-9) to follow minus sign, for valid numeric value")
		}
		c, _ = p.next()
	}
	switch {
	case c == '0' && isDigit(peek()):
		return p.fail("Invalid numeric value: Leading zeroes not allowed")
	case isDigit(peek()):
		digits("")
	}
	if peek() == '.' {
		p.pos++
		if !digits("Decimal point not followed by a digit") {
			return false
		}
	}
	if peek()|0x20 == 'e' {
		p.pos++
		if sign := peek(); sign == '+' || sign == '-' {
			p.pos++
		}
		if !digits("Exponent indicator not followed by a digit") {
			return false
		}
	}
	if len(p.open) == 0 && p.pos < len(p.data) && strings.IndexByte(" \t\r\n", peek()) < 0 {
		c, _ := p.next()
		return p.unexpected(rune(c), "Expected space separating root-level values")
	}
	return true
}

// quoted reads what comes after a quotation mark, to the next. what and unended are
// what Jackson calls it, and how it says that it has no end.
func (p *eventParser) quoted(what, unended string) bool {
	for {
		switch c, ok := p.next(); {
		case !ok:
			return p.fail("Unexpected end-of-input%s", unended)
		case c == '"':
			return true
		case c < ' ':
			p.pos--
			return p.fail("Illegal unquoted character (%s): has to be escaped using backslash to be included in %s", described(rune(c)), what)
		case c == '\\':
			if !p.escape() {
				return false
			}
		case c >= 0x80 && !p.encoded(c):
			return false
		}
	}
}

// escape reads what comes after a backslash.
func (p *eventParser) escape() bool {
	c, ok := p.next()
	switch {
	case !ok:
		return p.fail("Unexpected end-of-input in character escape sequence")
	case strings.IndexByte(`"\/bfnrt`, c) >= 0:
		return true
	case c != 'u':
		r := p.decoded(c)
		return p.fail("Unrecognized character escape %s", described(r))
	}
	for range 4 {
		c, ok := p.next()
		if !ok {
			return p.fail("Unexpected end-of-input in character escape sequence")
		}
		if !isDigit(c) && (c|0x20 < 'a' || 'f' < c|0x20) {
			return p.unexpected(rune(c), "expected a hex-digit for character escape sequence")
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isIdentifierStart and isIdentifierPart are what can be in a name of Java.
func isIdentifierStart(r rune) bool {
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Sc, unicode.Pc)
}

func isIdentifierPart(r rune) bool {
	return isIdentifierStart(r) || unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Cf) ||
		r <= 0x08 || 0x0E <= r && r <= 0x1B || 0x7F <= r && r <= 0x9F
}
