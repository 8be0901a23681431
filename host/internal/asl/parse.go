package asl

import (
	"strconv"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// Options says how to validate a definition.
type Options struct {
	// Express says that the machine is of type EXPRESS, which has no tasks that
	// wait for something to finish.
	Express bool
	// Warnings asks for warnings besides errors.
	Warnings bool
	// MaxResults bounds the number of diagnostics; 0 means 100.
	MaxResults int
}

// Report is what validating a definition found.
type Report struct {
	// Valid says that there are no errors: AWS's OK, otherwise FAIL.
	Valid       bool
	Diagnostics []Diagnostic
	// Truncated says that there were more diagnostics than were asked for.
	Truncated bool
}

// Validate says what is wrong with a definition, as AWS's
// ValidateStateMachineDefinition does. The order of findings is that of the
// definition, with those about transitions last.
func Validate(definition string, options Options) Report {
	_, b := build(definition, options)
	report := Report{Valid: !b.failed}
	limit := options.MaxResults
	if limit <= 0 {
		limit = 100
	}
	for _, d := range b.findings {
		switch {
		case d.Severity == Warning && !options.Warnings:
		case len(report.Diagnostics) == limit:
			report.Truncated = true
		default:
			report.Diagnostics = append(report.Diagnostics, d)
		}
	}
	return report
}

// Parse makes a Definition. The error of an invalid one is *InvalidDefinition.
func Parse(definition string, options Options) (*Definition, error) {
	parsed, b := build(definition, options)
	if b.failed {
		return nil, &InvalidDefinition{Diagnostics: b.findings}
	}
	return parsed, nil
}

func build(text string, options Options) (*Definition, *builder) {
	b := newBuilder()
	if len(text) > maxDefinition {
		b.schema("", "The definition is %d bytes long, at most %d are allowed", len(text), maxDefinition)
		return nil, b
	}
	v, err := payload.Decode([]byte(text))
	if err != nil {
		b.syntax(text, err)
		return nil, b
	}
	object, ok := v.(*jsonata.Object)
	if !ok {
		b.schema("", "Definition must be a valid JSON object")
		return nil, b
	}
	definition := b.definition(object, options)
	definition.weight = bytesPerByte*len(text) + b.weight
	return definition, b
}

// bytesPerByte is what a byte of a definition takes once it is parsed, at most,
// the expressions in it aside.
const bytesPerByte = 64

func (b *builder) definition(object *jsonata.Object, options Options) *Definition {
	f := fields{builder: b, object: object, location: "/"}
	f.only("Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage")
	definition := &Definition{Comment: f.text("Comment"), QueryLanguage: JSONPath}
	// Whatever is no query language counts as JSONata, as in AWS.
	if f.has("QueryLanguage") && f.choice("QueryLanguage", string(JSONPath), string(JSONata)) != string(JSONPath) {
		definition.QueryLanguage = JSONata
	}
	b.language = definition.QueryLanguage
	f.choice("Version", "1.0")
	definition.TimeoutSeconds = int64(f.number("TimeoutSeconds", 0, bounds{1, 99_999_999, true}))
	if branch := f.branch("", 0, options); branch != nil {
		definition.Branch = *branch
	}
	return definition
}

// branch builds the states of an object with StartAt and States. prefix is
// where they stand, "" for the whole machine.
func (f fields) branch(prefix string, depth int, options Options) *Branch {
	b := f.builder
	if depth > maxNested {
		b.find(Error, codeNested, prefix, "States may be nested at most %d deep", maxNested)
		return nil
	}
	if !f.required("States", "StartAt") {
		return nil
	}
	states, ok := b.object(mustGet(f.object, "States"), f.at("States"), "")
	branch := &Branch{StartAt: f.text("StartAt"), States: map[string]*State{}}
	if !ok {
		return nil
	}
	if states.object.Len() == 0 {
		b.schema(f.at("States"), "Value cannot be empty")
		return nil
	}
	before := b.failed
	b.failed = false
	for name, v := range states.object.All() {
		location := within(prefix, "/States/"+name)
		b.stateName(name, location)
		if state := b.state(name, v, location, depth, options); state != nil {
			branch.States[name] = state
			branch.Names = append(branch.Names, name)
		}
	}
	// Transitions are looked at only among states that could be built.
	if !b.failed && !(b.alone && depth == 0) {
		b.graph(branch, prefix)
	}
	b.failed = b.failed || before
	return branch
}

func mustGet(object *jsonata.Object, name string) any {
	v, _ := object.Get(name)
	return v
}

func (b *builder) stateName(name, location string) {
	switch n := length(name); {
	case n == 0:
		b.find(Error, codeStateName, location, "State name cannot be empty")
	case n > 80:
		b.find(Error, codeStateName, location, "State name has %d characters, at most 80 are allowed", n)
	}
	if b.names[name] {
		b.find(Error, codeDuplicateState, location, "Duplicate State name: %s", name)
	}
	b.names[name] = true
}

// graph reports transitions that lead nowhere, states that nothing leads to,
// and branches that cannot end.
func (b *builder) graph(branch *Branch, prefix string) {
	target := func(name, location string) {
		if branch.States[name] == nil {
			b.find(Error, codeTarget, location, "Missing 'Next' target: %s", name)
		}
	}
	target(branch.StartAt, prefix+"/StartAt")
	ends := false
	for _, name := range branch.Names {
		s := branch.States[name]
		ends = ends || s.Terminal()
		for _, t := range s.transitions() {
			target(t.to, s.location+t.field)
		}
	}
	if !ends {
		b.find(Error, codeEnd, "", "Workflow has no terminal state")
		return
	}
	reached := map[string]bool{branch.StartAt: true}
	for queue := []string{branch.StartAt}; len(queue) > 0; queue = queue[1:] {
		s := branch.States[queue[0]]
		if s == nil {
			continue
		}
		for _, t := range s.transitions() {
			if !reached[t.to] {
				reached[t.to] = true
				queue = append(queue, t.to)
			}
		}
	}
	for _, name := range branch.Names {
		if !reached[name] {
			b.find(Error, codeTarget, branch.States[name].location, "State \"%s\" is not reachable.", name)
		}
	}
}

// Terminal reports whether an execution of the branch may end with the state.
func (s *State) Terminal() bool {
	return s.End || s.Type == TypeSucceed || s.Type == TypeFail
}

type transition struct{ to, field string }

func (s *State) transitions() []transition {
	var all []transition
	if s.Next != "" {
		all = append(all, transition{s.Next, "/Next"})
	}
	for i, rule := range s.Choices {
		all = append(all, transition{rule.Next, "/Choices[" + strconv.Itoa(i) + "]/Next"})
	}
	if s.Default != "" {
		all = append(all, transition{s.Default, "/Default"})
	}
	for i, catcher := range s.Catch {
		all = append(all, transition{catcher.Next, "/Catch[" + strconv.Itoa(i) + "]/Next"})
	}
	return all
}

// Walk calls visit with the branch and every branch nested in it.
func (b *Branch) Walk(visit func(*Branch)) {
	visit(b)
	for _, name := range b.Names {
		s := b.States[name]
		for _, inner := range s.Branches {
			inner.Walk(visit)
		}
		if s.Processor != nil {
			s.Processor.Walk(visit)
		}
	}
}
