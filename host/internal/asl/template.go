package asl

import (
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl/intrinsic"
	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// template is a value of a definition that is filled in when a state runs:
// JSON in which members named "x.$" hold paths and calls (JSONPath), or texts
// between {% and %} are expressions (JSONata).
type template struct {
	// literal is the value if nothing in it has to be filled in.
	literal any
	static  bool

	members []templateMember
	items   []*template
	path    *path.Path
	call    *intrinsic.Call
	expr    *expression
	field   string // of a path or call: the member's name, as "x.$"
}

type templateMember struct {
	name  string
	value *template
}

// expression is a JSONata expression and where it stands.
type expression struct {
	source   string
	site     site
	compiled *jsonata.Expression
	// variables are what it may read, names of functions among them.
	variables []string
}

// pathTemplate compiles a JSONPath payload template. Everything in it is
// reported at the location of the whole field.
func (b *builder) pathTemplate(v any, location string) *template {
	switch v := v.(type) {
	case *jsonata.Object:
		t := &template{}
		for name, value := range v.All() {
			m := templateMember{name: name}
			if short, ok := strings.CutSuffix(name, ".$"); ok {
				m.name, m.value = short, b.dynamic(name, value, location)
			} else {
				b.warnNoDollar(name, value, location)
				m.value = b.pathTemplate(value, location)
			}
			t.members = append(t.members, m)
		}
		return t.settled(v)
	case []any:
		t := &template{}
		for _, item := range v {
			t.items = append(t.items, b.pathTemplate(item, location))
		}
		return t.settled(v)
	default:
		return &template{static: true, literal: v}
	}
}

// settled is the template, or the value that it was made of if there is nothing
// in it to fill in.
func (t *template) settled(v any) *template {
	for _, m := range t.members {
		if !m.value.static {
			return t
		}
	}
	for _, item := range t.items {
		if !item.static {
			return t
		}
	}
	return &template{static: true, literal: v}
}

// dynamic compiles the value of a member "x.$": a path or a call.
func (b *builder) dynamic(name string, v any, location string) *template {
	source, ok := v.(string)
	if ok {
		if t := dynamicTemplate(name, source); t != nil {
			return t
		}
	}
	b.schema(location, "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", name)
	return &template{}
}

// dynamicTemplate returns nil if the text is neither a path nor a call.
func dynamicTemplate(name, source string) *template {
	if p, err := path.Parse(source); err == nil {
		return &template{path: p, field: name}
	}
	if call, err := intrinsic.Parse(source); err == nil {
		return &template{call: call, field: name}
	}
	return nil
}

func (b *builder) warnNoDollar(name string, v any, location string) {
	source, ok := v.(string)
	if !ok || !strings.HasPrefix(source, "$") && !intrinsic.Looks(source) || dynamicTemplate(name, source) == nil {
		return
	}
	b.find(Warning, codeNoDollar, location, "The field '%s' contains a JSONPath or an intrinsic function, but its name does not end with '.$', so it is used as text", name)
}

// template compiles a field whose value is filled in; nil if it is not there.
func (f fields) template(name string) *template {
	v, ok := f.object.Get(name)
	if !ok {
		return nil
	}
	if f.language == JSONata {
		return f.jsonataTemplate(v, f.site(name))
	}
	return f.pathTemplate(v, f.at(name))
}

// prefix is where the fields stand relative to their state: "" or, as for a
// catcher, "Catch[0]/".
func (f fields) prefix() string {
	if f.inState == "" {
		return ""
	}
	return f.inState + "/"
}

// jsonataTemplate compiles a value that may contain expressions.
func (b *builder) jsonataTemplate(v any, at site) *template {
	switch v := v.(type) {
	case string:
		if !looksLikeExpression(v) {
			return &template{static: true, literal: v}
		}
		return &template{expr: b.expression(v, at)}
	case *jsonata.Object:
		t := &template{}
		for name, value := range v.All() {
			m := templateMember{name: name, value: b.jsonataTemplate(value, at.member(name))}
			t.members = append(t.members, m)
		}
		return t.settled(v)
	case []any:
		t := &template{}
		for i, item := range v {
			t.items = append(t.items, b.jsonataTemplate(item, at.item(i)))
		}
		return t.settled(v)
	default:
		return &template{static: true, literal: v}
	}
}

// looksLikeExpression reports whether a text has one of the marks of an
// expression; with only one it is a mistake.
func looksLikeExpression(s string) bool {
	return strings.HasPrefix(s, "{%") || strings.HasSuffix(s, "%}") && !strings.Contains(s, "{%")
}

// expression compiles a text between {% and %}.
func (b *builder) expression(s string, at site) *expression {
	if len(s) < 4 || !strings.HasPrefix(s, "{%") || !strings.HasSuffix(s, "%}") {
		b.find(Error, codeInvalidJSONata, at.inDefinition(), "A JSONata expression must start with '{%%' and end with '%%}'")
		return nil
	}
	e := &expression{source: strings.TrimSpace(s[2 : len(s)-2]), site: at}
	if b.weight > maxWeight {
		return e // that was reported
	}
	compiled, err := jsonata.Parse(e.source)
	if err != nil {
		message := err.Error()
		if parseError, ok := err.(*jsonata.Error); ok {
			message = parseError.Message
		}
		b.find(Error, codeInvalidJSONata, at.inDefinition(), "%s", message)
		return e
	}
	if b.weight += compiled.Weight(); b.weight > maxWeight {
		b.find(Error, codeInvalidJSONata, at.inDefinition(), "The expressions of the definition take more than %d MiB of memory", maxWeight>>20)
		return e
	}
	b.references(compiled, at)
	e.compiled, e.variables = compiled, compiled.FreeVariables()
	return e
}
