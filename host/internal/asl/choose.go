package asl

// choose runs a Choice state.
func (r *Run) choose(f *frame) *failure {
	s := f.state
	e, failed := r.filtered(f)
	if failed != nil {
		return failed
	}
	for _, rule := range s.Choices {
		holds, failed := rule.holds(e)
		if failed != nil {
			return failed
		}
		if holds {
			return r.chosen(f, rule.Next, rule.output, rule.assign)
		}
	}
	if s.Default == "" {
		return &failure{name: errNoChoice, cause: "Failed to transition out of the state. The state does not point to a next state.", internal: true}
	}
	return r.chosen(f, s.Default, s.output, s.assign)
}

// chosen leaves a Choice state for next; output is the state's own if the rule
// has none.
func (r *Run) chosen(f *frame, next string, output, assign *template) *failure {
	if output == nil {
		output = f.state.output
	}
	e, v, failed := r.through(f, output)
	if failed != nil {
		return failed
	}
	return r.leaveWith(f, e, assign, v, next)
}

// holds reports whether a rule's condition is true.
func (rule *Rule) holds(e *evaluator) (bool, *failure) {
	switch {
	case rule.condition != nil:
		return rule.condition.holds(e)
	case rule.expr == nil:
		return rule.constant, nil
	}
	v, failed := e.expression(rule.expr)
	if failed != nil {
		return false, failed
	}
	holds, ok := v.(bool)
	if !ok {
		return false, rule.expr.unexpected("boolean", v)
	}
	return holds, nil
}
