package path

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// NotFoundError says that a definite path matches nothing.
type NotFoundError struct{ Path *Path }

func (e *NotFoundError) Error() string {
	return "No results for path: " + e.Path.Normal()
}

// Eval evaluates the path from the value its root stands for. The result
// shares what it has with that value and must not be changed.
func (p *Path) Eval(root any) (any, error) {
	room := MaxVisits
	return p.EvalWithin(root, &room)
}

// EvalWithin is Eval, but looks at no more than *room values, from which it
// takes what it has looked at.
func (p *Path) EvalWithin(root any, room *int) (any, error) {
	e := evaluation{root: root, room: max(0, min(*room, MaxVisits))}
	defer func() { *room -= e.visits }()
	matches, err := e.segments(p.segments, root)
	switch {
	case err != nil:
		return nil, fmt.Errorf("path %s: %w", p.Normal(), err)
	case !p.Definite():
		if matches == nil {
			matches = []any{}
		}
		return matches, nil
	case len(matches) == 0:
		return nil, &NotFoundError{Path: p}
	default:
		return matches[0], nil
	}
}

type evaluation struct {
	root   any
	visits int
	room   int
}

func (e *evaluation) visit(n int) error {
	if e.visits += n; e.visits > e.room {
		return fmt.Errorf("more than %d values have to be looked at", e.room)
	}
	return nil
}

func (e *evaluation) segments(segments []segment, root any) ([]any, error) {
	matches := []any{root}
	indefinite := false
	for i := range segments {
		s := &segments[i]
		if s.kind == function {
			v := any(matches)
			if !indefinite {
				if len(matches) == 0 {
					return nil, nil
				}
				v = matches[0]
			}
			return e.apply(s, v)
		}
		var next []any
		for _, v := range matches {
			var err error
			if s.descend {
				next, err = e.descend(s, v, next)
			} else {
				next, err = e.step(s, v, next)
			}
			if err != nil {
				return nil, err
			}
		}
		matches = next
		indefinite = indefinite || !s.definite()
	}
	return matches, nil
}

// descend applies a segment to a value and everything below it. It keeps its
// own stack: documents may be nested deeper than goroutines should recurse.
func (e *evaluation) descend(s *segment, v any, matches []any) ([]any, error) {
	stack := []any{v}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		var err error
		if matches, err = e.step(s, v, matches); err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case []any:
			for i := len(v) - 1; i >= 0; i-- {
				stack = append(stack, v[i])
			}
		case *jsonata.Object:
			start := len(stack)
			for _, child := range v.All() {
				stack = append(stack, child)
			}
			for i, j := start, len(stack)-1; i < j; i, j = i+1, j-1 {
				stack[i], stack[j] = stack[j], stack[i]
			}
		}
		if err := e.visit(1); err != nil {
			return nil, err
		}
	}
	return matches, nil
}

// step appends what a segment matches in one value.
func (e *evaluation) step(s *segment, v any, matches []any) ([]any, error) {
	// A segment with many names or indices makes as many of one value.
	if err := e.visit(max(1, len(s.names), len(s.indices))); err != nil {
		return nil, err
	}
	switch s.kind {
	case member:
		return s.members(v, matches), nil
	case index:
		items, _ := v.([]any)
		for _, i := range s.indices {
			if i < 0 {
				i += len(items)
			}
			if i >= 0 && i < len(items) {
				matches = append(matches, items[i])
			}
		}
		return matches, nil
	case slice:
		items, _ := v.([]any)
		from, to := bound(s.from, 0, len(items)), bound(s.to, len(items), len(items))
		if from >= to {
			return matches, nil
		}
		if err := e.visit(to - from); err != nil {
			return nil, err
		}
		return append(matches, items[from:to]...), nil
	case wildcard:
		return e.children(v, matches)
	default:
		return e.filtered(s, v, matches)
	}
}

func (s *segment) members(v any, matches []any) []any {
	object, ok := v.(*jsonata.Object)
	if !ok {
		return matches
	}
	if len(s.names) == 1 {
		if value, ok := object.Get(s.names[0]); ok {
			return append(matches, value)
		}
		return matches
	}
	// Several names give one object with those that are there.
	picked := jsonata.NewObject()
	for _, name := range s.names {
		if value, ok := object.Get(name); ok {
			picked.Set(name, value)
		}
	}
	if picked.Len() == 0 {
		return matches
	}
	return append(matches, picked)
}

func (e *evaluation) children(v any, matches []any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		if err := e.visit(len(v)); err != nil {
			return nil, err
		}
		return append(matches, v...), nil
	case *jsonata.Object:
		if err := e.visit(v.Len()); err != nil {
			return nil, err
		}
		for _, child := range v.All() {
			matches = append(matches, child)
		}
		return matches, nil
	default:
		return matches, nil
	}
}

func (e *evaluation) filtered(s *segment, v any, matches []any) ([]any, error) {
	items, ok := v.([]any)
	if !ok {
		if _, isObject := v.(*jsonata.Object); !isObject {
			return matches, nil
		}
		items = []any{v}
	}
	for _, item := range items {
		if err := e.visit(1); err != nil {
			return nil, err
		}
		holds, err := s.where.holds(e, item)
		if err != nil {
			return nil, err
		}
		if holds {
			matches = append(matches, item)
		}
	}
	return matches, nil
}

func bound(n *int, missing, length int) int {
	if n == nil {
		return missing
	}
	if *n < 0 {
		return max(0, *n+length)
	}
	return min(*n, length)
}

// apply computes the function a path ends with; no match if the value has not
// the type it works on.
func (e *evaluation) apply(s *segment, v any) ([]any, error) {
	switch s.fn {
	case "length":
		switch v := v.(type) {
		case []any:
			return []any{float64(len(v))}, nil
		case *jsonata.Object:
			return []any{float64(v.Len())}, nil
		case string:
			return []any{float64(utf8.RuneCountInString(v))}, e.visit(len(v) / 16)
		}
		return nil, nil
	case "keys":
		object, ok := v.(*jsonata.Object)
		if !ok {
			return nil, nil
		}
		if err := e.visit(object.Len()); err != nil {
			return nil, err
		}
		keys := make([]any, 0, object.Len())
		for key := range object.Keys() {
			keys = append(keys, key)
		}
		return []any{keys}, nil
	}
	items, _ := v.([]any)
	if err := e.visit(len(items)); err != nil {
		return nil, err
	}
	var sum float64
	low, high, n := math.Inf(1), math.Inf(-1), 0
	for _, item := range items {
		if f, ok := item.(float64); ok {
			sum += f
			low, high = min(low, f), max(high, f)
			n++
		}
	}
	if n == 0 {
		return nil, nil
	}
	result := map[string]float64{"sum": sum, "min": low, "max": high, "avg": sum / float64(n)}[s.fn]
	if math.IsInf(result, 0) || math.IsNaN(result) {
		return nil, fmt.Errorf("the %s is no finite number", s.fn)
	}
	return []any{result}, nil
}
