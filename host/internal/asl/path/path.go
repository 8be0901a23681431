package path

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// MaxLength is the longest path that is parsed, in bytes.
	MaxLength = 16 << 10
	// MaxNesting is how deep parentheses, negations and paths inside filters
	// may be nested.
	MaxNesting = 20
	// MaxVisits is the number of values that evaluating one path may look at.
	MaxVisits = 2_000_000
)

// Root is what a path starts from.
type Root int

const (
	// Input is "$": the state's input, or whatever document the field is about.
	Input Root = iota
	// Context is "$$": the context object.
	Context
	// Variable is "$name".
	Variable
)

// Path is a parsed path. It is immutable.
type Path struct {
	text     string
	root     Root
	variable string
	segments []segment
}

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Root returns what the path starts from.
func (p *Path) Root() Root { return p.root }

// Variable returns the name of the variable that the path starts from, without
// the "$"; "" if it starts elsewhere.
func (p *Path) Variable() string { return p.variable }

// Definite reports whether the path can match one value at most. One that ends
// with a function can: the function makes one value of all matches.
func (p *Path) Definite() bool {
	if n := len(p.segments); n > 0 && p.segments[n-1].kind == function {
		return true
	}
	for i := range p.segments {
		if !p.segments[i].definite() {
			return false
		}
	}
	return true
}

// IsReference reports whether the path is a Reference Path: one that consists
// of members and indices only and so names a single place.
func (p *Path) IsReference() bool {
	for i := range p.segments {
		if k := p.segments[i].kind; !p.segments[i].definite() || k == function {
			return false
		}
	}
	return true
}

// Normal returns the path in bracket notation, as AWS quotes it in errors:
// $['a'][0].
func (p *Path) Normal() string {
	var b strings.Builder
	switch p.root {
	case Input:
		b.WriteString("$")
	case Context:
		b.WriteString("$$")
	default:
		b.WriteString("$" + p.variable)
	}
	for i := range p.segments {
		p.segments[i].write(&b)
	}
	return b.String()
}

type kind int

const (
	member   kind = iota // .name, ['name'], ['a','b']
	index                // [0], [-1], [0,2]
	slice                // [1:3]
	wildcard             // .*, [*]
	filter               // [?(…)]
	function             // .length()
)

// segment is one step of a path. If descend is set, it is applied to the value
// and to everything below it ("..").
type segment struct {
	kind     kind
	descend  bool
	names    []string
	indices  []int
	from, to *int
	where    *condition
	fn       string
}

func (s *segment) definite() bool {
	if s.descend {
		return false
	}
	switch s.kind {
	case member:
		return len(s.names) == 1
	case index:
		return len(s.indices) == 1
	case function:
		return true
	default:
		return false
	}
}

func (s *segment) write(b *strings.Builder) {
	if s.descend {
		b.WriteString("..")
	}
	switch s.kind {
	case member:
		b.WriteByte('[')
		for i, name := range s.names {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("'" + name + "'")
		}
		b.WriteByte(']')
	case index:
		b.WriteByte('[')
		for i, n := range s.indices {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(']')
	case slice:
		b.WriteByte('[')
		if s.from != nil {
			b.WriteString(strconv.Itoa(*s.from))
		}
		b.WriteByte(':')
		if s.to != nil {
			b.WriteString(strconv.Itoa(*s.to))
		}
		b.WriteByte(']')
	case wildcard:
		b.WriteString("[*]")
	case filter:
		b.WriteString("[?]")
	case function:
		b.WriteString("." + s.fn + "()")
	}
}

// SyntaxError says why a text is not a path.
type SyntaxError struct {
	Text    string
	Offset  int // in bytes
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("path: %q, offset %d: %s", e.Text, e.Offset, e.Message)
}
