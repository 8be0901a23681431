package asl

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/intrinsic"
	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// jsonataLimits bounds one JSONata expression: some tenths of a second and tens
// of megabytes at most.
var jsonataLimits = jsonata.Limits{Steps: 3_000_000, Depth: 500, Items: 500_000, Bytes: 16 << 20}

// evaluator fills in templates for a state.
type evaluator struct {
	run   *Run
	frame *frame
	// input is what "$" or "$states.input" is.
	input any
	// result and errorOutput are undefined where a state has none.
	result, errorOutput any
	item                *mapItem

	meter  *meter
	made   int             // bytes of what expressions and calls have given
	cached *jsonata.Object // the context object
	random random
	states *jsonata.Object // $states; nil until it is needed
}

func (r *Run) evaluator(f *frame, input any) *evaluator {
	r.evaluations++
	return &evaluator{
		run: r, meter: &r.meter, frame: f, input: input, result: jsonata.Undefined, errorOutput: jsonata.Undefined,
		random: random{seed: r.start.Seed, place: r.evaluations},
	}
}

func (e *evaluator) context() *jsonata.Object {
	if e.cached == nil {
		e.cached = e.run.context(e.frame, e.item)
	}
	return e.cached
}

// runtime makes a failure of the kind that nothing catches.
func runtime(format string, args ...any) *failure {
	return &failure{name: errRuntime, cause: fmt.Sprintf(format, args...), internal: true}
}

// queryFailure makes a failure of a JSONata field.
func queryFailure(field, format string, args ...any) *failure {
	return &failure{name: errQuery, cause: fmt.Sprintf(format, args...), internal: true, query: true, location: field}
}

// find evaluates a path.
func (e *evaluator) find(p *path.Path) (any, error) {
	root := e.input
	switch p.Root() {
	case path.Context:
		root = e.context()
	case path.Variable:
		v, ok := e.frame.scope.lookup(p.Variable())
		if !ok {
			return nil, &path.NotFoundError{Path: p}
		}
		root = v
	}
	return p.EvalWithin(root, &e.meter.left)
}

// missing turns the error of a path in a field into a failure.
func (e *evaluator) missing(p *path.Path, field string, err error) *failure {
	var notFound *path.NotFoundError
	if !errors.As(err, &notFound) {
		return runtime("%s", err)
	}
	return runtime("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", p, field, quoted(e.input))
}

// maxMade is how many bytes expressions and calls may give to one template: more
// than any payload may have, since a path may pick a part of it later on.
const maxMade = 16 << 20

// keep accounts for what an expression or a call has given. Its size is that of
// JSON text.
func (e *evaluator) keep(v any) (any, *failure) {
	e.made += payload.Size(v, maxMade)
	if e.made >= maxMade {
		return nil, e.frame.tooLarge()
	}
	return v, nil
}

// fill gives the value of a template. Values in it may be shared with the input
// any number of times; only a payload's size is bounded.
func (e *evaluator) fill(t *template) (any, *failure) {
	if t.static {
		return t.literal, nil
	}
	if err := e.meter.spend(1); err != nil {
		return nil, runtime("%s", err)
	}
	switch {
	case t.path != nil:
		v, err := e.find(t.path)
		if err != nil {
			return nil, e.missing(t.path, t.field, err)
		}
		return v, nil
	case t.call != nil:
		return e.call(t.call, t.field)
	case t.expr != nil:
		return e.expression(t.expr)
	case t.members != nil:
		o := jsonata.NewObject()
		for _, m := range t.members {
			v, failed := e.fill(m.value)
			if failed != nil {
				return nil, failed
			}
			o.Set(m.name, v)
		}
		return o, nil
	default:
		items := make([]any, len(t.items))
		for i, item := range t.items {
			var failed *failure
			if items[i], failed = e.fill(item); failed != nil {
				return nil, failed
			}
		}
		return items, nil
	}
}

func (e *evaluator) call(c *intrinsic.Call, field string) (any, *failure) {
	var failed *failure
	v, err := c.Eval(intrinsic.Env{
		Path: func(p *path.Path) (any, error) {
			v, err := e.find(p)
			if err != nil {
				failed = e.missing(p, field, err)
			}
			return v, err
		},
		Random: e.random.next,
		Spend:  func(bytes int) error { return e.meter.spend(1 + bytes/bytesPerStep) },
	})
	switch {
	case failed != nil:
		return nil, failed
	case errors.Is(err, errWork):
		return nil, runtime("%s", err)
	case err != nil:
		return nil, &failure{name: errIntrinsic, cause: err.Error(), internal: true}
	}
	return e.keep(v)
}

// expressionSteps is what an expression costs besides the steps that it takes
// itself.
const expressionSteps = 8

// expression evaluates a JSONata expression.
func (e *evaluator) expression(x *expression) (any, *failure) {
	if err := e.meter.spend(expressionSteps + len(x.variables)); err != nil {
		return nil, runtime("%s", err)
	}
	v, err := x.compiled.Eval(e.meter, jsonata.Undefined, jsonata.Env{
		Bindings: e.bindings(x),
		Dialect:  jsonata.StepFunctions,
		Now:      func() time.Time { return e.run.now },
		Random:   e.random.next,
		Limits:   jsonataLimits,
	})
	switch {
	case err != nil:
		return nil, x.failed("threw an error during evaluation. %s", err)
	case v == jsonata.Undefined:
		return nil, x.failed("returned nothing (undefined).")
	case !isJSON(v, 0):
		if v = spelled(v, 0); !isJSON(v, 0) {
			return nil, x.failed("returned an unsupported result type.")
		}
	}
	return e.keep(v)
}

// failed is the failure of an expression; what it did is told by the format.
func (x *expression) failed(format string, args ...any) *failure {
	field := x.site.inState()
	return queryFailure(field, "The JSONata expression '%s' specified for the field '%s' %s", x.source, field, fmt.Sprintf(format, args...))
}

// bindings returns what an expression reads: of many variables few.
func (e *evaluator) bindings(x *expression) map[string]any {
	if e.states == nil {
		e.states = object("input", e.input, "context", e.context())
		if e.result != any(jsonata.Undefined) {
			e.states.Set("result", e.result)
		}
		if e.errorOutput != any(jsonata.Undefined) {
			e.states.Set("errorOutput", e.errorOutput)
		}
	}
	bound := map[string]any{}
	for _, name := range x.variables {
		if v, ok := e.frame.scope.lookup(name); ok {
			bound[name] = v
		}
	}
	bound["states"] = e.states
	return bound
}

// isJSON reports whether a value can be written as JSON.
func isJSON(v any, depth int) bool {
	switch v := v.(type) {
	case nil, bool, string:
		return true
	case float64:
		return !math.IsInf(v, 0) && !math.IsNaN(v)
	case []any:
		for _, item := range v {
			if depth > payload.MaxDepth || !isJSON(item, depth+1) {
				return false
			}
		}
		return true
	case *jsonata.Object:
		for _, value := range v.All() {
			if depth > payload.MaxDepth || !isJSON(value, depth+1) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// unexpected is the failure of an expression whose result has another type than
// its field wants.
func (x *expression) unexpected(want string, v any) *failure {
	return x.failed("returned an unexpected result type. Expected '%s', but was '%s' for value: %s", want, typeName(v), quoted(v))
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// integer gives the value of a field that must be an integer within bounds;
// missing if the field is not there.
func (e *evaluator) integer(n numberField, missing float64, within bounds) (float64, *failure) {
	v := any(n.number)
	switch {
	case !n.set:
		return missing, nil
	case n.expr != nil:
		value, failed := e.expression(n.expr)
		if failed != nil {
			return 0, failed
		}
		if f, ok := value.(float64); !ok || within.whole && f != math.Trunc(f) {
			return 0, n.expr.unexpected(map[bool]string{true: "integer", false: "number"}[within.whole], value)
		}
		v = value
	case n.path != nil:
		value, err := e.find(n.path)
		if err != nil {
			return 0, e.missing(n.path, n.name, err)
		}
		// AWS takes a number that is written as a text, too.
		if s, ok := value.(string); ok {
			if f, err := strconv.ParseFloat(s, 64); err == nil && isJSON(f, 0) {
				value = f
			}
		}
		if f, ok := value.(float64); !ok || within.whole && f != math.Trunc(f) {
			return 0, runtime("The %s field refers to value \"%s\" which is not a valid %s: %s", n.name, plainText(value), map[bool]string{true: "integer", false: "number"}[within.whole], n.path)
		}
		v = value
	}
	number := v.(float64)
	name := n.name
	if n.path != nil {
		name = name[:len(name)-len("Path")]
	}
	var failed *failure
	switch {
	case within.low == 0 && within.high == 100 && (number < 0 || number > 100):
		failed = runtime("%s must be between 0 and 100.", name)
	case number < 0 && within.low == 0:
		failed = runtime("%s cannot be negative.", name)
	case number < within.low || number > within.high:
		failed = runtime("%s must be between %s and %s.", name, within.show(within.low), within.show(within.high))
	}
	if failed != nil && n.expr != nil {
		failed.name, failed.query, failed.location = errQuery, true, n.expr.site.inState()
	}
	return number, failed
}

// plainText is a value as text: a string as it is, everything else as JSON.
func plainText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return quoted(v)
}
