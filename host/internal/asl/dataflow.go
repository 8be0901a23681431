package asl

import (
	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// identical reports whether two values are one and the same, without looking
// into them.
func identical(a, b any) bool {
	switch a := a.(type) {
	case *jsonata.Object:
		b, ok := b.(*jsonata.Object)
		return ok && a == b
	case []any:
		b, ok := b.([]any)
		return ok && len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	}
	switch b.(type) {
	case *jsonata.Object, []any:
		return false
	}
	return a == b
}

// filter applies InputPath or OutputPath. "$" is v.
func (e *evaluator) filter(field pathField, v any) (any, *failure) {
	switch {
	case field.null:
		return jsonata.NewObject(), nil
	case field.path == nil:
		return v, nil
	}
	before := e.input
	e.input = v
	found, err := e.find(field.path)
	e.input = before
	if err != nil {
		if _, ok := err.(*path.NotFoundError); ok {
			return nil, runtime("Invalid path '%s' : %s", field.path, err)
		}
		return nil, runtime("%s", err)
	}
	return found, nil
}

// filtered makes the evaluator of a state that has neither Parameters nor
// Arguments: its input is what InputPath leaves.
func (r *Run) filtered(f *frame) (*evaluator, *failure) {
	e := r.evaluator(f, f.input.Value())
	if f.state.QueryLanguage == JSONata {
		return e, nil
	}
	v, failed := e.filter(f.state.inputPath, f.input.Value())
	if failed != nil {
		return nil, failed
	}
	r.probe("afterInputPath", v)
	e.input = v
	return e, nil
}

// enterData computes what the state works on: the input after InputPath and
// Parameters, or Arguments.
func (r *Run) enterData(f *frame) (any, *failure) {
	s := f.state
	e := r.evaluator(f, f.input.Value())
	if s.QueryLanguage == JSONata {
		f.effective = f.input.Value()
		if s.arguments == nil {
			return f.input.Value(), nil
		}
		v, failed := e.fill(s.arguments)
		if failed == nil {
			r.probe("afterArguments", v)
		}
		return v, failed
	}
	v, failed := e.filter(s.inputPath, f.input.Value())
	if failed != nil {
		return nil, failed
	}
	r.probe("afterInputPath", v)
	f.effective = v
	if s.parameters == nil || s.Type == TypeMap {
		return v, nil
	}
	e.input = v
	return e.fill(s.parameters)
}

// leave computes the state's output from its result and goes on. known are
// payloads of which the output may be one.
func (r *Run) leave(f *frame, result any, known ...payload.Payload) *failure {
	s := f.state
	e := r.evaluator(f, f.input.Value())
	var (
		output any
		failed *failure
	)
	if s.QueryLanguage == JSONata {
		e.result = result
		output = result
		if s.output != nil {
			output, failed = e.fill(s.output)
		}
	} else {
		output, failed = r.leavePaths(f, e, &result)
		e.input = result
	}
	if failed != nil {
		return failed
	}
	return r.leaveWith(f, e, s.assign, output, s.Next, known...)
}

// leavePaths applies ResultSelector, ResultPath and OutputPath. result becomes
// what ResultSelector makes of it.
func (r *Run) leavePaths(f *frame, e *evaluator, result *any) (any, *failure) {
	s := f.state
	if s.resultSelector != nil {
		e.input = *result
		v, failed := e.fill(s.resultSelector)
		if failed != nil {
			return nil, failed
		}
		*result = v
	}
	r.probe("afterResultSelector", *result)
	output, failed := place(s.resultPath, f.input.Value(), *result)
	if failed != nil {
		return nil, failed
	}
	r.probe("afterResultPath", output)
	return e.filter(s.outputPath, output)
}

// place applies ResultPath.
func place(field pathField, input, result any) (any, *failure) {
	switch {
	case field.null:
		return input, nil
	case field.path == nil:
		return result, nil
	}
	v, err := field.path.Assign(input, result)
	if err != nil {
		return nil, &failure{name: errResultPathMatch, cause: "Unable to apply ReferencePath " + field.path.String() + " to input " + quoted(input), internal: true}
	}
	return v, nil
}

// leaveWith assigns variables and exits. Both are computed from the variables as
// they were.
func (r *Run) leaveWith(f *frame, e *evaluator, assign *template, output any, next string, known ...payload.Payload) *failure {
	p, failed := f.same(output, known...)
	if failed != nil {
		return failed
	}
	assigned, failed := r.assign(f, e, assign)
	if failed != nil {
		return failed
	}
	r.exit(f, next, p, assigned)
	return nil
}

// setVariable sets a variable and accounts for it.
func (r *Run) setVariable(f *frame, name string, value payload.Payload) {
	r.meter.left -= stepsPerName
	r.names -= len(f.scope.variables)
	r.variables += f.scope.set(name, value)
	r.names += len(f.scope.variables)
}

// assign evaluates Assign and sets the variables.
func (r *Run) assign(f *frame, e *evaluator, t *template) ([]Assignment, *failure) {
	if t == nil {
		return nil, nil
	}
	v, failed := e.fill(t)
	if failed != nil {
		return nil, failed
	}
	type variable struct {
		name  string
		value payload.Payload
	}
	var variables []variable
	room := maxAssigned
	for name, value := range v.(*jsonata.Object).All() {
		p, err := payload.New(value, room)
		if err != nil {
			return nil, runtime("The variables that are assigned exceed the limit of %d bytes.", maxAssigned)
		}
		room -= len(p.Text())
		variables = append(variables, variable{name, p})
	}
	growth := 0
	for _, v := range variables {
		growth += len(v.value.Text())
	}
	if r.variables+growth > maxVariables {
		return nil, runtime("The variables of the execution exceed the limit of %d bytes.", maxVariables)
	}
	assigned := make([]Assignment, 0, len(variables))
	for _, v := range variables {
		r.setVariable(f, v.name, v.value)
		assigned = append(assigned, Assignment{Name: v.name, Value: v.value.Text()})
	}
	return assigned, nil
}
