package jsonata

import "context"

// Expression is a parsed expression. It does not change: many goroutines may
// evaluate it at once.
type Expression struct {
	source string
}

// Function is a function as a value: the result of an expression such as
// "$sum" or "function($x) { $x }". It has no JSON form.
type Function struct{}

// Parse parses an expression. A failure is an *Error.
func Parse(source string) (*Expression, error) {
	return nil, newError("S0500")
}

// Source returns the text the expression was parsed from.
func (e *Expression) Source() string { return e.source }

// Eval evaluates the expression with an input, which "$" and "$$" refer to;
// Undefined if there is none. A failure is an *Error.
func (e *Expression) Eval(ctx context.Context, input any, env Env) (any, error) {
	return nil, newError("S0500")
}

// FreeVariables returns the names, without "$" and sorted, of the variables
// that the expression reads and that it does not bind itself where it reads
// them: bindings, functions of the host and built-in functions.
func (e *Expression) FreeVariables() []string { return nil }

// ReadsInput reports whether the expression reads the input of its evaluation:
// by "$$", or by "$", a name or a wildcard where the context is the input.
func (e *Expression) ReadsInput() bool { return false }

// IsBuiltin reports whether a dialect has a function of that name, without
// "$".
func IsBuiltin(dialect Dialect, name string) bool { return false }

type evaluation struct{}
