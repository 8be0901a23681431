package jsonata

import "errors"

// applied is the value that "~>" passes as the first argument.
type applied struct{ value any }

// call evaluates a function call.
func (ev *evaluation) call(n *node, input any, f *frame, first *applied) (any, *Error) {
	callee, err := ev.eval(n.other, input, f)
	if err != nil {
		return nil, err
	}
	if err := ev.forgottenDollar("T1005", n, callee, f); err != nil {
		return nil, err
	}
	args := make([]any, 0, len(n.list)+1)
	if first != nil {
		args = append(args, first.value)
	}
	for _, arg := range n.list {
		v, err := ev.eval(arg, input, f)
		if err != nil {
			return nil, err
		}
		if fn, ok := asFunction(v); ok {
			if fn.kind == passedFunction {
				fn = fn.target // wrapped again it would be the same
			}
			v = &Function{kind: passedFunction, target: fn}
		}
		args = append(args, v)
	}
	name := calleeName(n.other)
	if fn, ok := callee.(*Function); ok && fn.isObject() {
		fn.called, fn.token, fn.position = true, name, n.pos
	}
	v, err := ev.apply(callee, args, input, f)
	if err != nil {
		if err.Position <= 0 {
			err.Position = n.pos
		}
		if err.Token == "" {
			err.Token = name
		}
		return nil, err
	}
	return v, nil
}

// calleeName is what errors call the callee of a call.
func calleeName(callee *node) string {
	switch callee.kind {
	case pathNode:
		return callee.list[0].text
	case blockNode, conditionNode, transformNode, lambdaNode:
		return ""
	}
	return callee.text
}

// forgottenDollar recognises a call such as "sum(x)", where "$sum" was meant.
func (ev *evaluation) forgottenDollar(code string, n *node, callee any, f *frame) *Error {
	if callee != Undefined || n.other.kind != pathNode {
		return nil
	}
	name := n.other.list[0].text
	if !scriptTruth(ev.lookup(f, name)) {
		return nil
	}
	return newError(code).at(n.pos, name)
}

// scriptTruth is what JavaScript takes for true.
func scriptTruth(v any) bool {
	switch v := v.(type) {
	case nil, UndefinedValue:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case float64:
		return v != 0 && v == v
	}
	return true
}

// apply calls a function, and the functions that it ends with calling.
func (ev *evaluation) apply(callee any, args []any, input any, f *frame) (any, *Error) {
	for {
		v, err := ev.applyOnce(callee, args, input, f)
		if err != nil {
			return nil, err
		}
		thunk, ok := v.(*Function)
		if !ok || !thunk.thunk {
			return v, nil
		}
		next := thunk.body
		if callee, err = ev.eval(next.other, thunk.input, thunk.frame); err != nil {
			return nil, err
		}
		if fn, ok := callee.(*Function); ok && fn.isObject() {
			if next.other.kind == variableNode {
				fn.token = next.other.text
			}
			fn.called, fn.position = true, next.other.pos
		}
		args = make([]any, len(next.list))
		for i, arg := range next.list {
			if args[i], err = ev.eval(arg, thunk.input, thunk.frame); err != nil {
				return nil, err
			}
		}
	}
}

// applyOnce calls a function. Errors get the position of the call and, if they
// have none, the function's name.
func (ev *evaluation) applyOnce(callee any, args []any, input any, f *frame) (any, *Error) {
	fn, ok := asFunction(callee)
	if !ok {
		return nil, newError("T1006")
	}
	ev.enterCall()
	v, err := ev.invoke(fn, args, input, f)
	ev.calls--
	if err != nil && fn.called {
		if err.Token == "" {
			err.Token = fn.token
		}
		if fn.position > 0 {
			err.Position = fn.position
		}
	}
	return v, err
}

func (ev *evaluation) invoke(fn *Function, args []any, input any, f *frame) (v any, err *Error) {
	if sig := fn.declared(); sig != nil {
		if n, m := len(sig.params)+1, len(args)+1; n*m > freeSignature {
			ev.spend(n * n * m)
		}
		if args, err = sig.validate(args, input); err != nil {
			return nil, err
		}
	}
	switch fn.kind {
	case nativeFunction:
		if fn.host != nil {
			return ev.callHost(fn, args)
		}
		return fn.native.call(&call{ev: ev, args: args, input: input, frame: f})
	case lambdaFunction:
		inner := fn.bindParams(args)
		return ev.eval(fn.body, fn.input, inner)
	case partialFunction:
		return ev.callPartial(fn, args)
	case passedFunction:
		return ev.apply(fn.target, args, nil, f)
	case regexFunction:
		return ev.matchFrom(fn, scriptString(argument(args, 0)), argument(args, 1))
	default:
		return fn.next()
	}
}

// freeSignature is the number of parameters times arguments that are checked
// without using up steps.
const freeSignature = 256

func (fn *Function) declared() *signature {
	if fn.native != nil && fn.kind == nativeFunction {
		return fn.native.signature
	}
	return fn.signature
}

func (fn *Function) bindParams(args []any) *frame {
	inner := &frame{outer: fn.frame, names: make([]string, 0, len(fn.params)), values: make([]any, 0, len(fn.params))}
	for i, param := range fn.params {
		inner.bind(param.text, argument(args, i))
	}
	return inner
}

func (ev *evaluation) callHost(fn *Function, args []any) (any, *Error) {
	plain := make([]any, len(args))
	for i, arg := range args {
		plain[i] = ev.share(arg)
	}
	v, err := fn.host.Call(ev.ctx, plain)
	if err == nil {
		return v, nil
	}
	var own *Error
	if errors.As(err, &own) {
		copied := *own
		return nil, &copied
	}
	failure := newError("D3137")
	failure.Message, failure.wrapped = err.Error(), err
	return nil, failure
}

// applyTo evaluates "~>": a call with the left side as first argument, or the
// composition of two functions.
func (ev *evaluation) applyTo(n *node, input any, f *frame) (any, *Error) {
	lhs, err := ev.eval(n.lhs, input, f)
	if err != nil {
		return nil, err
	}
	if n.rhs.kind == callNode {
		return ev.call(n.rhs, input, f, &applied{lhs})
	}
	rhs, err := ev.eval(n.rhs, input, f)
	if err != nil {
		return nil, err
	}
	fn, ok := asFunction(rhs)
	if !ok {
		return nil, valueError("T2006", rhs).at(n.pos, "")
	}
	first, ok := asFunction(lhs)
	if !ok {
		v, err := ev.apply(fn, []any{lhs}, nil, f)
		if err != nil && err.Position <= 0 {
			err.Position = n.pos
		}
		return v, err
	}
	outer := newFrame(nil)
	outer.bind("f", first)
	outer.bind("g", fn)
	return &Function{kind: lambdaFunction, params: composition().list, body: composition().other,
		input: nil, frame: outer}, nil
}
