package jsonata

import (
	"math"
	"strconv"
)

// tokenKind is the kind of a token.
type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	variableToken
	operatorToken
	stringToken
	numberToken
	valueToken // true, false, null
	regexToken
)

type token struct {
	kind   tokenKind
	text   string // the name, operator or string
	number float64
	value  any
	regex  *regex
	pos    int // behind the token
}

// lexer splits a source into tokens. It works on UTF-16 units, as positions
// are counted in them.
type lexer struct {
	units     []uint16
	pos       int
	regexSize int // of all regular expressions so far, in instructions
}

const noUnit = -1

// at returns the unit at a position, or noUnit.
func (l *lexer) at(pos int) int {
	if pos < 0 || pos >= len(l.units) {
		return noUnit
	}
	return int(l.units[pos])
}

func (l *lexer) text(from, to int) string { return fromUnits(l.units[from:min(to, len(l.units))]) }

func isSpace(c int) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v'
}

// isOperatorUnit reports whether a unit is an operator of one character, which
// also ends a name.
func isOperatorUnit(c int) bool {
	switch c {
	case '.', '[', ']', '{', '}', '(', ')', ',', '@', '#', ';', ':', '?', '+', '-', '*', '/', '%',
		'|', '=', '<', '>', '^', '&', '!', '~':
		return true
	}
	return false
}

// next returns the next token. Where an infix operator is expected, "/"
// divides; elsewhere it begins a regular expression.
func (l *lexer) next(infix bool) (token, *Error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	c := l.at(l.pos)
	if c == noUnit {
		return token{kind: endToken, text: "(end)", pos: len(l.units)}, nil
	}
	if c == '/' && !infix {
		return l.regex()
	}
	if op := l.operator(c); op != "" {
		l.pos += len(op)
		return token{kind: operatorToken, text: op, pos: l.pos}, nil
	}
	switch {
	case c == '"' || c == '\'':
		return l.str(c)
	case c == '`':
		return l.quotedName()
	case c >= '0' && c <= '9':
		return l.number()
	}
	return l.name(), nil
}

// skip passes over white space and comments.
func (l *lexer) skip() *Error {
	for {
		for isSpace(l.at(l.pos)) {
			l.pos++
		}
		if l.at(l.pos) != '/' || l.at(l.pos+1) != '*' {
			return nil
		}
		start := l.pos
		for l.pos += 2; l.at(l.pos) != '*' || l.at(l.pos+1) != '/'; l.pos++ {
			if l.pos >= len(l.units) {
				return newError("S0106").at(start, "")
			}
		}
		l.pos += 2
	}
}

func (l *lexer) operator(c int) string {
	switch next := l.at(l.pos + 1); {
	case c == '.' && next == '.':
		return ".."
	case c == ':' && next == '=':
		return ":="
	case c == '!' && next == '=':
		return "!="
	case c == '>' && next == '=':
		return ">="
	case c == '<' && next == '=':
		return "<="
	case c == '*' && next == '*':
		return "**"
	case c == '~' && next == '>':
		return "~>"
	case isOperatorUnit(c):
		return string(rune(c))
	}
	return ""
}

func (l *lexer) str(quote int) (token, *Error) {
	l.pos++
	var units []uint16
	for ; l.pos < len(l.units); l.pos++ {
		c := l.at(l.pos)
		switch {
		case c == quote:
			l.pos++
			return token{kind: stringToken, text: fromUnits(units), pos: l.pos}, nil
		case c != '\\':
			units = append(units, uint16(c))
			continue
		}
		l.pos++
		switch c := l.at(l.pos); {
		case c == 'u':
			r, ok := l.hex4(l.pos + 1)
			if !ok {
				return token{}, newError("S0104").at(l.pos, "")
			}
			units = append(units, r)
			l.pos += 4
		case c > 0 && c < len(escaped) && escaped[c] != 0:
			units = append(units, uint16(escaped[c]))
		case c == noUnit:
			return token{}, newError("S0103").at(l.pos, "")
		default:
			return token{}, newError("S0103").at(l.pos, l.text(l.pos, l.pos+1))
		}
	}
	return token{}, newError("S0101").at(l.pos, "")
}

// hex4 reads up to four hexadecimal digits: fewer are taken at the end of the
// source, where no closing quote can follow.
func (l *lexer) hex4(pos int) (uint16, bool) {
	var r rune
	n := 0
	for ; n < 4 && pos+n < len(l.units); n++ {
		c := l.units[pos+n]
		if c >= 0x80 || hexValue(byte(c)) < 0 {
			return 0, false
		}
		r = r<<4 | hexValue(byte(c))
	}
	return uint16(r), n > 0
}

func (l *lexer) quotedName() (token, *Error) {
	l.pos++
	start := l.pos
	for ; l.pos < len(l.units); l.pos++ {
		if l.units[l.pos] == '`' {
			l.pos++
			return token{kind: nameToken, text: l.text(start, l.pos-1), pos: l.pos}, nil
		}
	}
	return token{}, newError("S0105").at(l.pos, "")
}

// numberEnd returns the end of the number at the position, which begins with a
// digit.
func (l *lexer) numberEnd() int {
	digits := func(pos int) int {
		for c := l.at(pos); c >= '0' && c <= '9'; c = l.at(pos) {
			pos++
		}
		return pos
	}
	end := l.pos
	if l.at(end) == '0' {
		end++
	} else {
		end = digits(end)
	}
	if l.at(end) == '.' {
		if to := digits(end + 1); to > end+1 {
			end = to
		}
	}
	if c := l.at(end); c == 'e' || c == 'E' {
		from := end + 1
		if c := l.at(from); c == '+' || c == '-' {
			from++
		}
		if to := digits(from); to > from {
			end = to
		}
	}
	return end
}

func (l *lexer) number() (token, *Error) {
	end := l.numberEnd()
	text := l.text(l.pos, end)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return token{}, newError("S0102").at(l.pos, text)
	}
	l.pos = end
	return token{kind: numberToken, number: f, text: text, pos: end}, nil
}

func (l *lexer) name() token {
	start := l.pos
	for c := l.at(l.pos); c != noUnit && !isSpace(c) && !isOperatorUnit(c); c = l.at(l.pos) {
		l.pos++
	}
	text := l.text(start, l.pos)
	t := token{kind: nameToken, text: text, pos: l.pos}
	switch {
	case text != "" && text[0] == '$':
		t.kind, t.text = variableToken, text[1:]
	case text == "or" || text == "in" || text == "and":
		t.kind = operatorToken
	case text == "true":
		t.kind, t.value = valueToken, true
	case text == "false":
		t.kind, t.value = valueToken, false
	case text == "null":
		t.kind = valueToken
	}
	return t
}

// regex reads a regular expression and its flags: it ends at the first "/"
// that is neither escaped nor inside of brackets of any kind.
func (l *lexer) regex() (token, *Error) {
	l.pos++
	start, depth := l.pos, 0
	for ; l.pos < len(l.units); l.pos++ {
		c := l.at(l.pos)
		if c == '/' && depth == 0 && !l.escapedAt(l.pos) {
			if l.pos == start {
				return token{}, newError("S0301").at(l.pos, "")
			}
			pattern := l.text(start, l.pos)
			l.pos++
			flags := l.pos
			for l.at(l.pos) == 'i' || l.at(l.pos) == 'm' {
				l.pos++
			}
			re, err := compileRegex(pattern, l.text(flags, l.pos), maxRegexSize-l.regexSize)
			if err != nil {
				return token{}, err.at(start, pattern)
			}
			l.regexSize += re.size
			return token{kind: regexToken, regex: re, text: pattern, pos: l.pos}, nil
		}
		if l.at(l.pos-1) == '\\' {
			continue
		}
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
	}
	return token{}, newError("S0302").at(l.pos, "")
}

func (l *lexer) escapedAt(pos int) bool {
	n := 0
	for l.at(pos-1-n) == '\\' {
		n++
	}
	return n%2 == 1
}
