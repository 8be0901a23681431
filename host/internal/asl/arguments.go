package asl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// parameters are what a service's own integration takes: AWS refuses to start a
// task that lacks one it must have, or has one that nothing is known of.
type parameters struct{ required, allowed []string }

// parametersOf are the parameters of the integrations that the host carries
// out, by service and action.
var parametersOf = map[string]parameters{
	"lambda:invoke": {required: []string{"FunctionName"},
		allowed: []string{"FunctionName", "Payload", "InvocationType", "ClientContext", "LogType", "Qualifier"}},
	"states:startExecution": {required: []string{"StateMachineArn"},
		allowed: []string{"StateMachineArn", "Input", "Name", "TraceHeader"}},
}

// accepts reports whether a task can be started with an input, which has the
// text given.
func (s *State) accepts(input any, text string) *failure {
	r := s.task.resource
	action, _, _ := strings.Cut(r.action, ".")
	known, ok := parametersOf[r.service+":"+action]
	if !ok || r.kind != integration {
		return nil
	}
	given, _ := input.(*jsonata.Object)
	var wrong []string
	for _, name := range known.required {
		if given == nil || !hasMember(given, name) {
			wrong = append(wrong, fmt.Sprintf("The field '%s' is required but was missing", name))
		}
	}
	if given != nil {
		for name := range given.Keys() {
			if !slices.Contains(known.allowed, name) && len(wrong) < 100 {
				wrong = append(wrong, fmt.Sprintf("The field \"%s\" is not supported by Step Functions", name))
			}
		}
	}
	if wrong == nil {
		return nil
	}
	field := "Parameters"
	if s.QueryLanguage == JSONata {
		field = "Arguments"
	}
	return runtime("The %s '%s' could not be used to start the Task: [%s]", field, truncate(text, maxCause), strings.Join(wrong, ", "))
}

func hasMember(o *jsonata.Object, name string) bool {
	_, ok := o.Get(name)
	return ok
}
