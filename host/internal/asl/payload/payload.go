package payload

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

const (
	// MaxSize is the largest input, output or result of a state, in bytes of
	// JSON text.
	MaxSize = 256 << 10
	// MaxDepth is how deep a value may be nested.
	MaxDepth = 1000
)

// ErrTooLarge says that a value takes more bytes than there is room for.
var ErrTooLarge = errors.New("payload: the value is too large")

// Payload is a value together with its JSON text. A text that came from
// outside is kept as it was written as long as nothing changes the value. The
// zero Payload is JSON's null.
type Payload struct {
	text  string
	value any
}

// Parse makes a payload of JSON text.
func Parse(text string) (Payload, error) {
	v, err := Decode([]byte(text))
	if err != nil {
		return Payload{}, err
	}
	return Payload{text: text, value: v}, nil
}

// New makes a payload of a value. It fails with [ErrTooLarge] if its text would
// be longer than limit bytes, and on what has no JSON form.
func New(v any, limit int) (Payload, error) {
	text, err := Encode(v, limit)
	if err != nil {
		return Payload{}, err
	}
	return Payload{text: string(text), value: v}, nil
}

// Text returns the JSON text.
func (p Payload) Text() string {
	if p.text == "" {
		return "null"
	}
	return p.text
}

// Value returns the value. It must not be changed.
func (p Payload) Value() any { return p.value }

// Decode parses JSON text: one value nested at most MaxDepth deep.
func Decode(text []byte) (any, error) {
	if err := checkDepth(text); err != nil {
		return nil, err
	}
	return jsonata.Decode(text)
}

// checkDepth counts brackets outside strings.
func checkDepth(text []byte) error {
	depth, inside := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return fmt.Errorf("payload: the value is nested deeper than %d", MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// Encode writes a value as JSON. It fails with [ErrTooLarge], before it has
// used much memory, if the text would be longer than limit bytes: one value may
// stand in another many times.
func Encode(v any, limit int) ([]byte, error) {
	if measure(v, limit, 0) < 0 {
		return nil, ErrTooLarge
	}
	text, err := jsonata.Encode(v)
	if err == nil && len(text) > limit {
		err = ErrTooLarge
	}
	return text, err
}

// Size returns about how long a value's text is, in bytes: no more than it is,
// and limit if it is longer than that.
func Size(v any, limit int) int { return limit - max(0, measure(v, limit, 0)) }

// measure returns how much of room a value leaves at least; negative if it is
// too large or too deep. It counts no more than the text will have.
func measure(v any, room, depth int) int {
	if depth > MaxDepth {
		return -1
	}
	switch v := v.(type) {
	case string:
		return room - len(v) - 2
	case []any:
		room -= 2
		for i := 0; i < len(v) && room >= 0; i++ {
			room = measure(v[i], room, depth+1)
		}
		return room
	case *jsonata.Object:
		room -= 2
		for key, value := range v.All() {
			if room = measure(value, room-len(key)-3, depth+1); room < 0 {
				break
			}
		}
		return room
	default:
		return room - 1
	}
}

// Equal reports whether two values are the same JSON; the order of members
// does not matter.
func Equal(a, b any) bool { return equal(a, b, 0) }

func equal(a, b any, depth int) bool {
	if depth > MaxDepth {
		return false
	}
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i], depth+1) {
				return false
			}
		}
		return true
	case *jsonata.Object:
		b, ok := b.(*jsonata.Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for key, value := range a.All() {
			other, ok := b.Get(key)
			if !ok || !equal(value, other, depth+1) {
				return false
			}
		}
		return true
	default:
		switch b.(type) {
		case []any, *jsonata.Object:
			return false
		}
		return a == b
	}
}

// Canonical returns a text that two values share only if they are equal: JSON
// with the members in the order of their keys.
func Canonical(v any, limit int) (string, error) {
	if measure(v, limit, 0) < 0 {
		return "", ErrTooLarge
	}
	return canonical(v)
}

func canonical(v any) (string, error) {
	switch v := v.(type) {
	case []any:
		items := make([]string, len(v))
		for i := range v {
			text, err := canonical(v[i])
			if err != nil {
				return "", err
			}
			items[i] = text
		}
		return "[" + strings.Join(items, ",") + "]", nil
	case *jsonata.Object:
		members := make([]string, 0, v.Len())
		for key, value := range v.All() {
			name, err := jsonata.Encode(key)
			if err != nil {
				return "", err
			}
			text, err := canonical(value)
			if err != nil {
				return "", err
			}
			members = append(members, string(name)+":"+text)
		}
		sort.Strings(members)
		return "{" + strings.Join(members, ",") + "}", nil
	default:
		text, err := jsonata.Encode(v)
		return string(text), err
	}
}
