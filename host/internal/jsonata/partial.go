package jsonata

import "sync"

// partial evaluates a call with "?" among its arguments: a function that takes
// those.
func (ev *evaluation) partial(n *node, input any, f *frame) (any, *Error) {
	args := make([]any, len(n.list))
	open := make([]bool, len(n.list))
	for i, arg := range n.list {
		if open[i] = arg.kind == operatorNode; open[i] {
			continue
		}
		v, err := ev.eval(arg, input, f)
		if err != nil {
			return nil, err
		}
		args[i] = v
	}
	callee, err := ev.eval(n.other, input, f)
	if err != nil {
		return nil, err
	}
	if err := ev.forgottenDollar("T1007", n, callee, f); err != nil {
		return nil, err
	}
	fn, ok := asFunction(callee)
	if !ok {
		return nil, newError("T1008").at(n.pos, calleeName(n.other))
	}
	switch fn.kind {
	case lambdaFunction:
		bound := &Function{kind: lambdaFunction, body: fn.body, input: fn.input}
		bound.params, bound.frame = fn.bindSome(fn.params, args, open)
		return bound, nil
	case partialFunction:
		bound := &Function{kind: partialFunction, target: fn.target, body: fn.body}
		bound.params, bound.frame = fn.bindSome(fn.params, args, open)
		return bound, nil
	}
	bound := &Function{kind: partialFunction, target: fn}
	bound.params, bound.frame = fn.bindSome(fn.partialParams(), args, open)
	return bound, nil
}

// bindSome binds arguments to parameters and returns the parameters that stay
// open.
func (fn *Function) bindSome(params []*node, args []any, open []bool) ([]*node, *frame) {
	inner := newFrame(fn.frame)
	var rest []*node
	for i, param := range params {
		if i < len(open) && open[i] {
			rest = append(rest, param)
		} else {
			inner.bind(param.text, argument(args, i))
		}
	}
	return rest, inner
}

// paramNames are the names under which a partially applied native function
// keeps its arguments. No variable of an expression can have them.
var paramNames = [...]*node{{text: "?0"}, {text: "?1"}, {text: "?2"}, {text: "?3"}, {text: "?4"}, {text: "?5"}, {text: "?6"}, {text: "?7"}}

// partialParams stands for the parameters of a function that is no lambda.
func (fn *Function) partialParams() []*node {
	return paramNames[:min(max(fn.parameters(), 1), len(paramNames))]
}

// parameters is the number of parameters, optional ones included.
func (fn *Function) parameters() int {
	switch {
	case fn.kind == passedFunction:
		return fn.target.parameters()
	case fn.kind == nativeFunction && fn.native != nil && fn.native.signature != nil:
		return max(fn.native.arity, len(fn.native.signature.params))
	}
	return fn.arity()
}

// callPartial calls the native function with the arguments that were bound
// before and those of now.
func (ev *evaluation) callPartial(fn *Function, args []any) (any, *Error) {
	inner := fn.bindParams(args)
	target := fn.target
	all := make([]any, 0, len(paramNames))
	for _, param := range target.partialParams() {
		all = append(all, ev.lookup(inner, param.text))
	}
	if target.kind == nativeFunction && target.host == nil {
		// As in the reference, the signature is not looked at again.
		return target.native.call(&call{ev: ev, args: all, input: Undefined, frame: inner})
	}
	return ev.invoke(target, all, nil, inner)
}

// composition is the body of what "f ~> g" makes of two functions.
var composition = sync.OnceValue(func() *node {
	root, _, _, err := parse("function($x) { $g($f($x)) }")
	if err != nil {
		panic(err)
	}
	return root
})
