package api

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// model is a shape of the service model: what a value may be. Bodies are read by it
// where they are small; what it has against them is said in AWS's words.
type model struct {
	kind    kind
	members []member // of a structure
	of      *model   // of the items of a list, the values of a map
	keys    *model   // of a map

	min, max int // of numbers the value, of texts and lists the length; none if both are 0
	pattern  *pattern
	enum     []string
}

type kind int

const (
	isText kind = iota
	isInteger
	isNumber
	isBoolean
	isStructure
	isList
	isMapping
)

// member is a member of a structure.
type member struct {
	name string
	*model
	required bool
}

// pattern is what a whole text must match, as AWS shows it. Those that Go has no
// regular expression for have a function.
type pattern struct {
	text    string
	matches func(string) bool
}

func newPattern(text string) *pattern {
	return &pattern{text, regexp.MustCompile("^(?:" + text + ")$").MatchString}
}

// read reads a value of the shape: string, int, float64, bool, map[string]any or
// []any. Members that the shape does not have are left out.
func (sh *model) read(s *scanner, name, path string, v *violations) any {
	switch sh.kind {
	case isText:
		var value *string
		if s.string(name, &value); value != nil {
			sh.check(v, path, *value)
			return *value
		}
	case isInteger:
		var value *int
		if s.integer(name, &value); value != nil {
			sh.check(v, path, *value)
			return *value
		}
	case isNumber:
		var value float64
		if !s.null() {
			s.number64(name, &value)
			return value
		}
	case isBoolean:
		var value bool
		if !s.null() {
			s.boolean(name, &value)
			return value
		}
	case isStructure:
		return sh.structure(s, name, path, v)
	case isList:
		return sh.list(s, name, path, v)
	case isMapping:
		return sh.mapping(s, name, path, v)
	}
	return nil
}

func (sh *model) structure(s *scanner, name, path string, v *violations) any {
	if s.null() {
		return nil
	}
	values := map[string]any{}
	s.object(name, func(m string) {
		i := slices.IndexFunc(sh.members, func(known member) bool { return known.name == m })
		if i < 0 {
			s.skip()
			return
		}
		if value := sh.members[i].read(s, m, join(path, m), v); value != nil {
			values[m] = value
		}
	})
	for _, m := range sh.members {
		if _, ok := values[m.name]; !ok && m.required && s.err == nil {
			v.null(join(path, m.name))
		}
	}
	return values
}

// list reads a list. What its items violate is said of the whole, as AWS does, unless
// they are structures: these have their own paths, counted from 1.
func (sh *model) list(s *scanner, name, path string, v *violations) any {
	if s.null() {
		return nil
	}
	items := []any{}
	var broken bool
	s.list(name, func() {
		var of violations
		at := path
		if sh.of.kind == isStructure {
			at += "." + strconv.Itoa(len(items)+1) + ".member"
		}
		item := sh.of.read(s, name, at, &of)
		items = append(items, item)
		if sh.of.kind == isStructure {
			*v = append(*v, of...)
			of = nil
		}
		broken = broken || item == nil || len(of) > 0
	})
	sh.check(v, path, items)
	if broken {
		v.add(path, show(items), "Member must satisfy constraint: ["+strings.Join(append(sh.of.rules(), fault.NotNull), ", ")+"]")
	}
	return items
}

func (sh *model) mapping(s *scanner, name, path string, v *violations) any {
	if s.null() {
		return nil
	}
	values := map[string]any{}
	var brokenKey, brokenValue bool
	s.object(name, func(key string) {
		var of violations
		if sh.keys != nil {
			sh.keys.check(&of, path, key)
		}
		brokenKey, of = brokenKey || len(of) > 0, nil
		values[key] = sh.of.read(s, name, path, &of)
		brokenValue = brokenValue || values[key] == nil || len(of) > 0
	})
	sh.check(v, path, values)
	if brokenKey {
		v.add(path, show(values), "Map keys must satisfy constraint: ["+strings.Join(sh.keys.rules(), ", ")+"]")
	}
	if brokenValue {
		v.add(path, show(values), "Map value must satisfy constraint: ["+strings.Join(append(sh.of.rules(), fault.NotNull), ", ")+"]")
	}
	return values
}

// check notes the rules that a value breaks.
func (sh *model) check(v *violations, path string, value any) {
	for _, rule := range sh.all() {
		if !rule.holds(value) {
			v.add(path, show(value), rule.text)
		}
	}
}

type rule struct {
	text  string
	holds func(any) bool
}

// all returns the rules in AWS's order.
func (sh *model) all() (all []rule) {
	most, least, size := fault.MostValue, fault.LeastValue, func(v any) int { return v.(int) }
	if sh.kind != isInteger {
		most, least, size = fault.MostLength, fault.LeastLength, length
	}
	if sh.max != 0 {
		all = append(all, rule{most(sh.max), func(v any) bool { return size(v) <= sh.max }})
	}
	if sh.min != 0 || sh.max != 0 {
		all = append(all, rule{least(sh.min), func(v any) bool { return size(v) >= sh.min }})
	}
	if sh.pattern != nil {
		all = append(all, rule{fault.Matches(sh.pattern.text), func(v any) bool { return sh.pattern.matches(v.(string)) }})
	}
	if sh.enum != nil {
		all = append(all, rule{fault.OneOf(sh.enum), func(v any) bool { return slices.Contains(sh.enum, v.(string)) }})
	}
	return all
}

func (sh *model) rules() (texts []string) {
	for _, rule := range sh.all() {
		texts = append(texts, rule.text)
	}
	return texts
}

func length(v any) int {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v)
	case []any:
		return len(v)
	case map[string]any:
		return len(v)
	}
	return 0
}

// show is how AWS's messages show a value.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = show(item)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case map[string]any:
		var texts []string
		for key, value := range v {
			texts = append(texts, key+"="+show(value))
		}
		slices.Sort(texts)
		return "{" + strings.Join(texts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// join adds a member to a path: camel case, from the outermost one on.
func join(path, name string) string {
	name = strings.ToLower(name[:1]) + name[1:]
	if path == "" {
		return name
	}
	return path + "." + name
}

// body reads the request's body by its shape into a value whose members have AWS's
// names. An empty body is one without members.
func body[T any](c *call, sh *model, v *violations) (in T, err *fault.Error) {
	text := c.request.Body
	if len(text) == 0 {
		text = []byte("{}")
	}
	s := newScanner(text)
	values := sh.read(s, c.operation.Name+"Request", "", v)
	s.end()
	if s.err != nil {
		return in, s.err
	}
	known, failed := json.Marshal(values)
	if failed == nil {
		failed = json.Unmarshal(known, &in)
	}
	if failed != nil { // a shape that differs from its type
		return in, &fault.Error{Code: fault.Service, Message: "The host failed; its log says why.", Err: failed}
	}
	return in, nil
}

// nothing is the body of operations without one.
type nothing struct{}

// given reads what an operation on a function is given: the function in the path,
// with its Qualifier, and a body of that shape, unless it is nil.
func given[T any](c *call, k *nameKind, sh *model) (ref function.Ref, in T, err *fault.Error) {
	var v violations
	query, err := parseQuery(c.request.Query)
	if err != nil {
		return ref, in, err
	}
	qualifier := query.get("Qualifier")
	parsed := k.check(&v, c.name)
	k.checkQualifier(&v, parsed, qualifier)
	if sh != nil {
		if in, err = body[T](c, sh, &v); err != nil {
			return ref, in, err
		}
	}
	if err = v.err(); err == nil {
		ref, err = c.api.ref(parsed, qualifier)
	}
	return ref, in, err
}
