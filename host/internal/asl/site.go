package asl

// site is where a value stands in a definition: in a field, or somewhere below
// it. It is written out only when somebody is told of it: names may be as long
// as the definition, and the values below one name as many.
type site struct {
	location string // of the field, from the root of the definition
	field    string // the same from its state, as "Output" or "Catch[0]/Output"
	below    *step  // from the field to the value; nil if it is the field's own
	of       StateType
	caught   bool // it belongs to a catcher
}

// step is a member's name with a slash before it, or an index in brackets.
type step struct {
	outer *step
	text  string
}

func (p site) member(name string) site { return p.deeper("/" + name) }
func (p site) item(i int) site         { return p.deeper(indexed(i)) }

func (p site) deeper(text string) site {
	p.below = &step{p.below, text}
	return p
}

// inState writes the place relative to its state.
func (p site) inState() string { return p.below.after(p.field) }

// inDefinition writes the place relative to the definition.
func (p site) inDefinition() string { return p.below.after(p.location) }

// after writes the steps after a text, as far as maxFinding allows.
func (s *step) after(text string) string {
	var steps []*step
	for ; s != nil; s = s.outer {
		steps = append(steps, s)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		text = within(text, steps[i].text)
	}
	return text
}

// within is a location with another step, as far as maxFinding allows.
func within(location, step string) string {
	return truncate(location+truncate(step, maxFinding), maxFinding)
}
