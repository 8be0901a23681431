package asl

// pass runs a Pass state.
func (r *Run) pass(f *frame) *failure {
	s := f.state
	if s.QueryLanguage == JSONata {
		e := r.evaluator(f, f.input.Value())
		output := e.input
		if s.output != nil {
			var failed *failure
			if output, failed = e.fill(s.output); failed != nil {
				return failed
			}
		}
		return r.leaveWith(f, e, s.assign, output, s.Next)
	}
	result, failed := r.enterData(f)
	if failed != nil {
		return failed
	}
	if s.hasResult {
		result = s.result
		r.forget("afterInputPath")
		r.probe("result", result)
	} else {
		r.probe("afterParameters", result)
	}
	return r.leave(f, result)
}

// succeedState runs a Succeed state.
func (r *Run) succeedState(f *frame) *failure {
	e, output, failed := r.through(f, f.state.output)
	if failed != nil {
		return failed
	}
	return r.leaveWith(f, e, nil, output, "")
}

// through computes the output of a state that only lets its input pass: what
// InputPath and OutputPath leave of it, or what output makes of it.
func (r *Run) through(f *frame, output *template) (*evaluator, any, *failure) {
	e := r.evaluator(f, f.input.Value())
	if f.state.QueryLanguage == JSONata {
		if output == nil {
			return e, f.input.Value(), nil
		}
		v, failed := e.fill(output)
		return e, v, failed
	}
	v, failed := e.filter(f.state.inputPath, f.input.Value())
	if failed != nil {
		return nil, nil, failed
	}
	if f.state.Type != TypeChoice && f.state.Type != TypeWait {
		r.probe("afterInputPath", v)
	}
	e.input = v
	filtered, failed := e.filter(f.state.outputPath, v)
	return e, filtered, failed
}

// failState runs a Fail state: it always fails.
func (r *Run) failState(f *frame) *failure {
	e := r.evaluator(f, f.input.Value())
	if f.state.QueryLanguage == JSONPath {
		r.probe("afterInputPath", f.input.Value())
	}
	name, noName, failed := e.failText(f.state.fail.error)
	if failed != nil {
		return failed
	}
	cause, noCause, failed := e.failText(f.state.fail.cause)
	if failed != nil {
		return failed
	}
	return &failure{name: truncate(name, maxErrorName), noName: noName, cause: cause, noCause: noCause}
}

// failText gives the text of Error or Cause, and whether there is none.
func (e *evaluator) failText(field *textField) (s string, none bool, failed *failure) {
	if field == nil {
		return "", true, nil
	}
	if field.value == nil {
		return field.literal, false, nil
	}
	v, failed := e.fill(field.value)
	if failed != nil {
		return "", false, failed
	}
	s, ok := v.(string)
	switch {
	case ok:
		return s, false, nil
	case field.value.expr != nil:
		return "", false, field.value.expr.unexpected("string", v)
	default:
		return "", false, runtime("The field '%s' must be a string, but was %s", field.name, quoted(v))
	}
}
