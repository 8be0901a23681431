package jsonata

import (
	"context"
	"time"
)

// Env is what an evaluation may use besides its input. The zero value gives
// the functions of JSONata 2.0.6 and the default limits.
type Env struct {
	// Bindings are the variables an expression finds, by name without the "$".
	// They hide built-in functions of the same name.
	Bindings map[string]any
	// Functions are functions of the host, by name without the "$". They hide
	// bindings and built-in functions of the same name.
	Functions map[string]Native
	// Dialect chooses the built-in functions; Standard if it is zero.
	Dialect Dialect
	// Now is the time that $now, $millis and $toMillis use; it is read at most
	// once per evaluation. If nil, the time is 1970-01-01T00:00:00Z.
	Now func() time.Time
	// Random returns the next random number, 0 ≤ n < 1, for $random, $shuffle
	// and $uuid. If nil, every evaluation draws the same numbers.
	Random func() float64
	// Limits bounds the evaluation.
	Limits Limits
}

// Dialect is a set of built-in functions.
type Dialect int

const (
	// Standard has the functions of JSONata 2.0.6.
	Standard Dialect = iota
	// StepFunctions is Standard as AWS Step Functions has it: without $eval,
	// with $partition, $range, $hash, $random([seed]), $uuid and $parse.
	StepFunctions
)

// Native is a function that the host provides.
type Native struct {
	// Signature is JSONata's, as "<s-n?:s>". If it is empty or none, arguments
	// are not checked, and functions such as $map pass one.
	Signature string
	// Call computes the result from the arguments; arguments that were left
	// out at the end are missing, others are Undefined. It must not change its
	// arguments. An error that is not an *Error becomes one with code D3137.
	Call func(ctx context.Context, args []any) (any, error)
}

// Limits bounds what one evaluation may use. Zero fields mean the defaults.
// Exceeding one is an *Error with code U1001.
type Limits struct {
	// Steps is the number of evaluated nodes of the expression, plus the items
	// and characters that built-in functions pass over. Default 20,000,000.
	Steps int
	// Depth is the number of evaluations nested in each other, as JSONata's
	// own test suite counts it, and of calls; and how deep values may be
	// nested.
	// Default 10,000.
	Depth int
	// Items is the number of array items and object members made in total,
	// and the number of values in the result. Default 4,000,000.
	Items int
	// Bytes is the length of all strings made in total, and of all strings in
	// the result. Default 64 MiB.
	Bytes int
}

const (
	defaultSteps = 20_000_000
	defaultDepth = 10_000
	defaultItems = 4_000_000
	defaultBytes = 64 << 20
)
