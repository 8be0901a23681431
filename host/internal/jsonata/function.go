package jsonata

// Function is a function as a value: the result of an expression such as
// "$sum" or "function($x) { $x }". It has no JSON form, and outside of the
// evaluation that made it nothing can be done with it.
type Function struct {
	kind functionKind
	name string

	native *native // of a native function
	host   *Native // and of one that the host provides

	params    []*node // of a lambda
	body      *node
	signature *signature
	input     any
	frame     *frame
	thunk     bool // a tail call that has not been made

	target *Function // of a passed function, and of the native one partially applied
	regex  *regex    // of a regular expression
	next   func() (any, *Error)

	pos int // of a regular expression in the source
	// What errors of a call are given: token and position of its last call, or
	// at first the name it is built in under.
	called   bool
	position int
	token    string
}

type functionKind uint8

const (
	opaqueFunction functionKind = iota // of another evaluation
	nativeFunction                     // built in, or the host's
	lambdaFunction
	partialFunction // a native function with some arguments bound
	passedFunction  // an argument of a call; the reference wraps these
	regexFunction   // matches a string
	nextFunction    // the next match
)

func (fn *Function) callable() bool { return fn.kind != opaqueFunction }

// isObject reports whether the reference represents the function as an object,
// not as a function of JavaScript. Conditions tell the two apart.
func (fn *Function) isObject() bool {
	return fn.kind == nativeFunction || fn.kind == lambdaFunction || fn.kind == partialFunction
}

// arity is the number of parameters, which decides how many arguments
// functions such as $map pass.
func (fn *Function) arity() int {
	switch fn.kind {
	case nativeFunction:
		switch {
		case fn.host == nil:
			return fn.native.arity
		case fn.signature != nil:
			return len(fn.signature.params)
		}
		return 1
	case lambdaFunction, partialFunction:
		return len(fn.params)
	case passedFunction:
		return fn.target.arity()
	case regexFunction:
		return 2
	}
	return 0
}

// hostFunction makes a function of the host a value.
func hostFunction(name string, n Native) *Function {
	fn := &Function{kind: nativeFunction, name: name, host: &n, called: true, token: name}
	if n.Signature == "" {
		return fn
	}
	if sig, err := parseSignature(n.Signature); err == nil {
		fn.signature = sig
	}
	return fn
}

func asFunction(v any) (*Function, bool) {
	fn, ok := v.(*Function)
	return fn, ok && fn.callable()
}
