package asl

import (
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

const (
	// maxVariables is how much all variables of an execution may take, in bytes
	// of JSON text.
	maxVariables = 10 << 20
	// maxAssigned is how much one variable, and all that one state assigns, may
	// take.
	maxAssigned = payload.MaxSize
)

// scope holds the variables of a branch or an iteration. Variables of the
// scopes around it can be read, not written.
type scope struct {
	outer     *scope
	variables map[string]payload.Payload
}

func (s *scope) lookup(name string) (any, bool) {
	for ; s != nil; s = s.outer {
		if v, ok := s.variables[name]; ok {
			return v.Value(), true
		}
	}
	return nil, false
}

// bindings returns all variables that can be seen.
func (s *scope) bindings() map[string]any {
	all := map[string]any{}
	for ; s != nil; s = s.outer {
		for name, v := range s.variables {
			if _, hidden := all[name]; !hidden {
				all[name] = v.Value()
			}
		}
	}
	return all
}

// set gives a variable a value and returns by how many bytes the scope grows.
func (s *scope) set(name string, value payload.Payload) int {
	if s.variables == nil {
		s.variables = map[string]payload.Payload{}
	}
	before, was := s.variables[name]
	s.variables[name] = value
	if !was {
		return len(value.Text())
	}
	return len(value.Text()) - len(before.Text())
}

func (s *scope) size() int {
	n := 0
	for _, v := range s.variables {
		n += len(v.Text())
	}
	return n
}
