package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// pattern is text with wildcards (* is any text, ? is one character) and
// variables (${aws:PrincipalArn}), of which the values are never wildcards.
type pattern struct {
	pieces    []piece
	variables bool
}

type piece struct {
	kind     pieceKind
	text     string  // of a literal; of a variable, the key in lower case
	fallback *string // of a variable: its default
}

type pieceKind uint8

const (
	literal pieceKind = iota
	one
	star
	variable
)

// syntax says what is special in a pattern.
type syntax struct{ wildcards, variables bool }

// compile reads a pattern.
func compile(text string, s syntax) (pattern, error) {
	var p pattern
	begin := 0
	flush := func(end int) {
		if end > begin {
			p.add(piece{kind: literal, text: text[begin:end]})
		}
	}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case s.wildcards && c == '*':
			flush(i)
			p.add(piece{kind: star})
			i++
		case s.wildcards && c == '?':
			flush(i)
			p.add(piece{kind: one})
			i++
		case s.variables && strings.HasPrefix(text[i:], "${"):
			flush(i)
			length := strings.IndexByte(text[i:], '}')
			if length < 0 {
				return pattern{}, fmt.Errorf("variable in %q: it has no closing brace", text)
			}
			v, err := readVariable(text[i+2 : i+length])
			if err != nil {
				return pattern{}, err
			}
			p.add(v)
			i += length + 1
		default:
			i++
			continue
		}
		begin = i
	}
	flush(len(text))
	return p, nil
}

func (p *pattern) add(next piece) {
	if n := len(p.pieces); n > 0 && next.kind == star && p.pieces[n-1].kind == star {
		return
	}
	p.pieces = append(p.pieces, next)
	p.variables = p.variables || next.kind == variable
}

// readVariable reads what is between the braces of a variable: a condition key,
// or a key, a comma and a default in quotes; or one of the characters that are
// special otherwise.
func readVariable(text string) (piece, error) {
	switch text {
	case "*", "?", "$":
		return piece{kind: literal, text: text}, nil
	}
	key, rest, hasDefault := strings.Cut(text, ",")
	key = strings.TrimSpace(key)
	if key == "" || strings.ContainsAny(key, "${'\" \t") {
		return piece{}, fmt.Errorf("variable ${%s}: it must name a condition key, such as aws:PrincipalArn", text)
	}
	v := piece{kind: variable, text: strings.ToLower(key)}
	if hasDefault {
		rest = strings.TrimSpace(rest)
		if len(rest) < 2 || rest[0] != '\'' || rest[len(rest)-1] != '\'' {
			return piece{}, fmt.Errorf("variable ${%s}: its default must be in single quotes", text)
		}
		fallback := rest[1 : len(rest)-1]
		v.fallback = &fallback
	}
	return v, nil
}

// match reports whether all of s matches. A pattern with a variable that has no
// value matches nothing.
func (p pattern) match(s string, keys Keys) bool {
	pieces := p.pieces
	if p.variables {
		var ok bool
		if pieces, ok = p.resolve(keys); !ok {
			return false
		}
	}
	return glob(pieces, s)
}

// resolve puts values in the place of variables.
func (p pattern) resolve(keys Keys) ([]piece, bool) {
	resolved := make([]piece, len(p.pieces))
	for i, next := range p.pieces {
		if next.kind == variable {
			value, ok := single(keys, next.text)
			if !ok && next.fallback == nil {
				return nil, false
			} else if !ok {
				value = *next.fallback
			}
			next = piece{kind: literal, text: value}
		}
		resolved[i] = next
	}
	return resolved, true
}

// text returns the text that a pattern without wildcards stands for.
func (p pattern) text(keys Keys) (string, bool) {
	if !p.variables && len(p.pieces) == 1 {
		return p.pieces[0].text, true
	}
	pieces, ok := p.resolve(keys)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for _, next := range pieces {
		b.WriteString(next.text)
	}
	return b.String(), true
}

// glob never goes back behind the last star: what an earlier one might take more,
// that one takes as well. So the time is at most len(pieces) * len(s).
func glob(pieces []piece, s string) bool {
	i, pos := 0, 0
	last, from := -1, 0 // the last star, and where what it takes ends
	for {
		if i == len(pieces) {
			if pos == len(s) {
				return true
			}
		} else if next := pieces[i]; next.kind == star {
			if i++; i == len(pieces) {
				return true
			}
			last, from = i, pos
			continue
		} else if n := next.take(s[pos:]); n >= 0 {
			i, pos = i+1, pos+n
			continue
		}
		if last < 0 || from == len(s) {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[from:])
		from += n
		i, pos = last, from
	}
}

// take returns how many bytes of s a piece takes, -1 if it does not match.
func (p piece) take(s string) int {
	switch {
	case p.kind == one && s != "":
		_, n := utf8.DecodeRuneInString(s)
		return n
	case p.kind == literal && strings.HasPrefix(s, p.text):
		return len(p.text)
	}
	return -1
}
