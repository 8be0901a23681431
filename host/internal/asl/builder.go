package asl

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

const (
	// maxDefinition is the largest definition, in bytes.
	maxDefinition = 1 << 20
	// maxWeight is how many bytes the expressions of a definition may take once
	// they are parsed.
	maxWeight = 128 << 20
	// maxNested is how deep states may be nested in states.
	maxNested = 32
	// maxFindings is how many diagnostics are kept, and maxFinding how many
	// characters of each text: names may be as long as the definition.
	maxFindings = 1000
	maxFinding  = 2000
)

// builder makes a Definition of JSON and collects what is wrong with it. It
// goes on after an error, so that one look finds as much as possible.
type builder struct {
	findings []Diagnostic
	failed   bool
	// language is the machine's.
	language QueryLanguage
	names    map[string]bool // of all states so far
	labels   map[string]bool
	weight   int // of the expressions so far, in bytes
	// alone says that there is only one state: its transitions lead nowhere.
	alone bool
}

func newBuilder() *builder {
	return &builder{language: JSONPath, names: map[string]bool{}, labels: map[string]bool{}}
}

func (b *builder) find(severity Severity, code, location, format string, args ...any) {
	b.failed = b.failed || severity == Error
	if len(b.findings) < maxFindings {
		b.findings = append(b.findings, Diagnostic{Severity: severity, Code: code, Location: truncate(location, maxFinding), Message: truncate(fmt.Sprintf(format, args...), maxFinding)})
	}
}

// schema reports an error of the most frequent kind.
func (b *builder) schema(location, format string, args ...any) {
	b.find(Error, codeSchema, location, format, args...)
}

// fields is an object of the definition and where it stands.
type fields struct {
	*builder
	object   *jsonata.Object
	location string
	language QueryLanguage
	isMap    bool   // it belongs to a Map state
	inState  string // where it stands in its state: "" or, as for a catcher, "Catch[0]"
	of       StateType
	caught   bool // it belongs to a catcher
}

// within returns the object that stands in a field.
func (f fields) within(v any, field string) (fields, bool) {
	inner, ok := f.builder.object(v, f.at(field), f.language)
	inner.inState, inner.isMap, inner.of, inner.caught = f.prefix()+field, f.isMap, f.of, f.caught
	return inner, ok
}

// indexed is how the place of an array's item is written.
func indexed(i int) string { return "[" + strconv.Itoa(i) + "]" }

// object returns the object v is, or reports that it is none.
func (b *builder) object(v any, location string, language QueryLanguage) (fields, bool) {
	o, ok := v.(*jsonata.Object)
	if !ok {
		b.schema(location, "Expected value of type Object")
	}
	return fields{builder: b, object: o, location: location, language: language}, ok
}

func (f fields) at(name string) string {
	if f.location == "/" {
		return "/" + name
	}
	return f.location + "/" + name
}

// site is where the value of a field stands.
func (f fields) site(name string) site {
	return site{location: f.at(name), field: f.prefix() + name, of: f.of, caught: f.caught}
}

func (f fields) has(name string) bool {
	_, ok := f.object.Get(name)
	return ok
}

// required reports fields that are missing.
func (f fields) required(names ...string) bool {
	missing := slices.DeleteFunc(slices.Clone(names), f.has)
	if len(missing) > 0 {
		f.schema(f.location, "These fields are required: [%s]", strings.Join(missing, ", "))
	}
	return len(missing) == 0
}

// only reports fields that do not exist, or not in the query language.
func (f fields) only(allowed ...string) {
	for name := range f.object.Keys() {
		if !slices.Contains(allowed, name) {
			f.schema(f.location, "Field '%s' is not supported", name)
			continue
		}
		if language, ok := onlyIn[name]; ok && f.language != "" && language != f.language {
			f.schema(f.location, "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage", f.language, name, language)
		}
	}
}

// oneOf reports fields that exclude each other.
func (f fields) oneOf(names ...string) {
	there := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !f.has(name) })
	if len(there) > 1 {
		f.schema(f.location, "There should only be one of the following fields: [%s]", strings.Join(there, ", "))
	}
}

// oneNeeded reports that none of the fields is there.
func (f fields) oneNeeded(names ...string) {
	if !slices.ContainsFunc(names, f.has) {
		f.schema(f.location, "One of the following fields is required: [%s]", strings.Join(names, ", "))
	}
}

// text returns a field that must be a text, "" if it is not there.
func (f fields) text(name string) string {
	v, ok := f.object.Get(name)
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		f.schema(f.at(name), "Expected value of type String")
	}
	return s
}

// choice returns a text that must be one of the allowed ones.
func (f fields) choice(name string, allowed ...string) string {
	s := f.text(name)
	if v, ok := f.object.Get(name); ok && !slices.Contains(allowed, s) {
		if _, isText := v.(string); isText {
			f.schema(f.at(name), "The field '%s' should have one of these values: [%s]", name, strings.Join(allowed, ", "))
		}
	}
	return s
}

func (f fields) boolean(name string) bool {
	v, ok := f.object.Get(name)
	if !ok {
		return false
	}
	on, ok := v.(bool)
	if !ok {
		f.schema(f.at(name), "Expected value of type Boolean")
	}
	return on
}

// array returns a field that must be an array.
func (f fields) array(name string) []any {
	v, ok := f.object.Get(name)
	if !ok {
		return nil
	}
	items, ok := v.([]any)
	if !ok {
		f.schema(f.at(name), "Expected value of type Array")
	}
	return items
}

// bounds are those of a number; whole says that it must be an integer.
type bounds struct {
	low, high float64
	whole     bool
}

func (f fields) checkNumber(name string, v any, within bounds) float64 {
	n, ok := v.(float64)
	switch {
	case !ok:
		f.schema(f.at(name), "Expected value of type %s", within.kind())
	case within.whole && n != math.Trunc(n):
		f.schema(f.at(name), "Expected value of type Integer")
	case n < within.low:
		f.schema(f.at(name), "Minimum value is %s", within.show(within.low))
	case n > within.high:
		f.schema(f.at(name), "Maximum value is %s", within.show(within.high))
	}
	return n
}

func (w bounds) kind() string {
	if w.whole {
		return "Integer"
	}
	return "Number"
}

func (w bounds) show(n float64) string {
	if w.whole {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', 1, 64)
}

// number returns a plain number, missing if it is not there.
func (f fields) number(name string, missing float64, within bounds) float64 {
	v, ok := f.object.Get(name)
	if !ok {
		return missing
	}
	return f.checkNumber(name, v, within)
}

// numberField returns a number that may also be an expression or a path. A Map
// state's paths may not lead into the context object.
func (f fields) numberField(name string, within bounds) numberField {
	field := numberField{name: name}
	f.oneOf(name, name+"Path")
	if v, ok := f.object.Get(name); ok {
		field.set = true
		if s, isText := v.(string); isText && f.language == JSONata {
			field.expr = f.expression(s, f.site(name))
		} else {
			field.number = f.checkNumber(name, v, within)
		}
	}
	if f.has(name + "Path") {
		field.set = true
		field.name = name + "Path"
		field.path = f.reference(name+"Path", !f.isMap)
	}
	return field
}

// path returns a field that must be a path.
func (f fields) path(name string) pathField {
	v, ok := f.object.Get(name)
	if !ok {
		return pathField{}
	}
	if v == nil {
		return pathField{null: true}
	}
	s, ok := v.(string)
	if !ok {
		f.schema(f.at(name), "Expected value of type String")
		return pathField{}
	}
	p, err := path.Parse(s)
	if err != nil {
		f.schema(f.at(name), "Value is not a valid JSONPath")
	}
	return pathField{path: p}
}

// reference returns a field that must be a Reference Path.
func (f fields) reference(name string, context bool) *path.Path {
	v, ok := f.object.Get(name)
	if !ok {
		return nil
	}
	s, _ := v.(string)
	p, err := path.Parse(s)
	if err != nil || !p.IsReference() || p.Root() == path.Context && !context {
		f.schema(f.at(name), "Value is not a Reference Path")
		return nil
	}
	return p
}

// length counts as AWS does, in UTF-16 units.
func length(s string) int { return len(utf16.Encode([]rune(s))) }
