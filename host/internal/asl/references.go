package asl

import (
	"slices"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// references reports what an expression reads that is not there: expressions
// have no input, and $states has only the members that its field has a use for.
func (b *builder) references(x *jsonata.Expression, at site) {
	for _, name := range x.InputReads() {
		where := " at the top level"
		if name == "$$" {
			where = ""
		}
		b.find(Error, codeUnsupportedJSONata, at.inDefinition(), "Reference to '%s'%s is not supported.", name, where)
	}
	there := at.states()
	for _, name := range x.Members("states") {
		if !slices.Contains(there, name) {
			b.find(Error, codeUnsupportedJSONata, at.inDefinition(), "Field '$states.%s' does not exist.", name)
		}
	}
}

// states are the members of $states in a field: a result has what comes after a
// task, branches or iterations, an error what a catcher makes of it.
func (p site) states() []string {
	there := []string{"input", "context"}
	switch {
	case p.caught:
		there = append(there, "errorOutput")
	case p.field == "Output", p.field == "Assign":
		if p.of == TypeTask || p.of == TypeParallel || p.of == TypeMap {
			there = append(there, "result")
		}
	}
	return there
}
