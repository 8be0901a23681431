package jsonata

import (
	"cmp"
	"context"
	"time"
)

// Expression is a parsed expression. It does not change: many goroutines may
// evaluate it at once.
type Expression struct {
	root   *node
	weight int
}

// Parse parses an expression. A failure is an *Error. Expressions may have
// 1,048,576 characters and 250,000 tokens and be nested 1,000 deep; the programs
// of all regular expressions in one may have 20,000 instructions.
func Parse(source string) (*Expression, error) {
	root, _, weight, err := parse(source)
	if err != nil {
		return nil, err.complete()
	}
	return &Expression{root: root, weight: weight}, nil
}

// Weight is about how many bytes the expression takes in memory, no fewer than
// it does: up to some hundred times the length of its source.
func (e *Expression) Weight() int { return e.weight }

// Eval evaluates the expression with an input, which "$" and "$$" refer to;
// Undefined if there is none. A failure is an *Error. The result shares what
// it took over from the input and the bindings unchanged.
func (e *Expression) Eval(ctx context.Context, input any, env Env) (result any, err error) {
	ev := &evaluation{
		ctx:     ctx,
		env:     &env,
		natives: natives(env.Dialect),
		limits: Limits{
			Steps: cmp.Or(env.Limits.Steps, defaultSteps),
			Depth: cmp.Or(env.Limits.Depth, defaultDepth),
			Items: cmp.Or(env.Limits.Items, defaultItems),
			Bytes: cmp.Or(env.Limits.Bytes, defaultBytes),
		},
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exceeded:
			result, err = nil, r.err
		default:
			panic(r)
		}
	}()
	top := &frame{names: []string{"$"}, values: []any{input}}
	if items, ok := input.([]any); ok {
		input = &list{items: []any{items}, sequence: true, outerWrapper: true}
	}
	v, failure := ev.eval(e.root, input, top)
	if failure != nil {
		return nil, ev.settle(failure)
	}
	return ev.export(v), nil
}

// evaluation is the state of one Eval.
type evaluation struct {
	ctx       context.Context
	env       *Env
	limits    Limits
	natives   map[string]*native
	functions map[string]*Function // built-in and host functions that were looked up
	now       *time.Time
	draws     uint64 // random numbers drawn where the host gives none

	depth, calls, steps, checkAt, items, bytes int
}
