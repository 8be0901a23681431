package asl

import (
	"maps"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// VariableReferences returns the variables that each state of a definition
// reads, by the states' names, both sorted; states that read none are left out.
// The definition must be one that [Parse] accepts; of another it says what it
// can.
func VariableReferences(definition string) map[string][]string {
	references := map[string][]string{}
	v, err := payload.Decode([]byte(definition))
	machine, ok := v.(*jsonata.Object)
	if err != nil || !ok {
		return references
	}
	language, _ := machine.Get("QueryLanguage")
	branchReferences(references, machine, language == string(JSONata), 0)
	return references
}

// branchReferences notes the references of the states of an object with States.
func branchReferences(references map[string][]string, branch *jsonata.Object, isJSONata bool, depth int) {
	v, _ := branch.Get("States")
	states, ok := v.(*jsonata.Object)
	if !ok || depth > maxNested {
		return
	}
	for name, v := range states.All() {
		state, ok := v.(*jsonata.Object)
		if !ok {
			continue
		}
		language, _ := state.Get("QueryLanguage")
		found := readVariables{jsonata: isJSONata || language == string(JSONata), names: map[string]bool{}}
		for field, v := range state.All() {
			switch field {
			case "ItemProcessor", "Iterator":
				if inner, ok := v.(*jsonata.Object); ok {
					branchReferences(references, inner, isJSONata, depth+1)
				}
			case "Branches":
				items, _ := v.([]any)
				for _, item := range items {
					if inner, ok := item.(*jsonata.Object); ok {
						branchReferences(references, inner, isJSONata, depth+1)
					}
				}
			default:
				found.in(field, v)
			}
		}
		if len(found.names) > 0 {
			references[name] = slices.Sorted(maps.Keys(found.names))
		}
	}
}

// readVariables are the variables that a state reads.
type readVariables struct {
	jsonata bool
	names   map[string]bool
}

// in notes what the value of a member reads.
func (r *readVariables) in(name string, v any) {
	switch v := v.(type) {
	case string:
		switch {
		case r.jsonata:
			r.expression(v)
		case strings.HasSuffix(name, ".$"), strings.HasSuffix(name, "Path"), name == "Variable":
			if t := dynamicTemplate(name, v); t != nil {
				r.template(t)
			}
		}
	case []any:
		for _, item := range v {
			r.in("", item)
		}
	case *jsonata.Object:
		for name, value := range v.All() {
			r.in(name, value)
		}
	}
}

func (r *readVariables) template(t *template) {
	switch {
	case t.path != nil && t.path.Variable() != "":
		r.names[t.path.Variable()] = true
	case t.call != nil:
		for p := range t.call.Paths() {
			if name := p.Variable(); name != "" {
				r.names[name] = true
			}
		}
	}
}

func (r *readVariables) expression(source string) {
	if len(source) < 4 || !strings.HasPrefix(source, "{%") || !strings.HasSuffix(source, "%}") {
		return
	}
	x, err := jsonata.Parse(strings.TrimSpace(source[2 : len(source)-2]))
	if err != nil {
		return
	}
	for _, name := range x.FreeVariables() {
		if name != "states" && !jsonata.IsBuiltin(jsonata.StepFunctions, name) {
			r.names[name] = true
		}
	}
}
