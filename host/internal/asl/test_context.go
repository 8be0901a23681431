package asl

import (
	"slices"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// contextFields are the members that a context object may be given in a test,
// and the types of theirs; "" is any type.
var contextFields = map[string]map[string]string{
	"Execution": {"Id": "string", "Input": "", "Name": "string", "RoleArn": "string", "StartTime": "string", "RedriveCount": "number",
		"RedriveTime": "string"},
	"StateMachine": {"Id": "string", "Name": "string"},
	"State":        {"EnteredTime": "string", "Name": "string", "RetryCount": "number"},
	"Task":         {"Token": "string"},
}

// context gives the context object of a test; nil if it is the usual one.
func (request *TestRequest) context(s *State) (*jsonata.Object, error) {
	if request.Context == "" {
		return nil, nil
	}
	invalid := func(format string, args ...any) error {
		return invalidTest("Invalid Context object provided: "+format, args...)
	}
	v, err := payload.Decode([]byte(request.Context))
	c, ok := v.(*jsonata.Object)
	if err != nil || !ok {
		return nil, invalid("Context object must be a JSON object")
	}
	for name, v := range c.All() {
		fields, ok := contextFields[name]
		switch {
		case name == "Map":
			return nil, invalid("'Map' field is not supported when mocking a Context object")
		case !ok:
			return nil, invalid("Field '%s' is not allowed", name)
		}
		members, ok := v.(*jsonata.Object)
		if !ok {
			return nil, invalid("%s must be an object", name)
		}
		for member, v := range members.All() {
			want, ok := fields[member]
			switch {
			case !ok:
				return nil, invalid("Field '%s' is not allowed", member)
			case want != "" && typeName(v) != want:
				return nil, invalid("%s.%s must be a %s", name, member, want)
			}
		}
	}
	if _, ok := c.Get("Task"); ok && (s.Type != TypeTask || !s.task.resource.submits()) {
		return nil, invalid("Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern")
	}
	return c, nil
}

// buildState parses what TestState is given: a machine, or one state, which
// then stands alone: what follows it need not be there.
func buildState(text, name string) (*Definition, *builder) {
	v, err := payload.Decode([]byte(text))
	object, ok := v.(*jsonata.Object)
	if err != nil || !ok || name != "" || slices.Contains(slices.Collect(object.Keys()), "States") {
		return build(text, Options{})
	}
	const only = "StateName"
	b := newBuilder()
	b.alone = true
	if len(text) > maxDefinition {
		return build(text, Options{})
	}
	machine := jsonata.NewObject()
	machine.Set("StartAt", only)
	states := jsonata.NewObject()
	states.Set(only, object)
	machine.Set("States", states)
	return b.definition(machine, Options{}), b
}
