package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// rawDocument is a document as it is written.
type rawDocument struct {
	version, id string
	statements  []rawStatement
}

type rawStatement struct {
	sid, effect             string
	principal, notPrincipal *principals
	actions, notActions     []string // nil: not given
	resources, notResources []string
	conditions              []rawCondition
}

type rawCondition struct {
	operator, key string
	values        []string
}

// reader reads the JSON of a document token by token: no value is ever deeper
// than the language has it.
type reader struct {
	d   *json.Decoder
	err error // the first
}

func readDocument(text []byte) (*rawDocument, error) {
	if !utf8.Valid(text) {
		return nil, malformed("Syntax errors in policy. It is not UTF-8.")
	}
	r := &reader{d: json.NewDecoder(bytes.NewReader(text))}
	r.d.UseNumber()
	whole := &rawDocument{}
	stated := false
	r.object("the policy", func(name string) {
		switch name {
		case "Version":
			whole.version = r.text(name)
		case "Id":
			whole.id = r.text(name)
		case "Statement":
			stated = true
			r.oneOrMore(name, MaxStatements, func(t json.Token) {
				if t != json.Delim('{') {
					r.fail("Statement has %s; allowed are objects", kind(t))
					return
				}
				whole.statements = append(whole.statements, r.statement())
			})
		default:
			r.fail("the policy has the element %q; allowed are Version, Id and Statement", name)
		}
	})
	if r.err == nil {
		if _, err := r.d.Token(); !errors.Is(err, io.EOF) {
			r.fail("something follows the policy")
		}
	}
	if r.err == nil && !stated {
		r.fail("it has no Statement")
	}
	if r.err != nil {
		return nil, r.err
	}
	return whole, nil
}

// statement reads what follows the opening brace of a statement.
func (r *reader) statement() (s rawStatement) {
	r.members("a statement", func(name string) {
		switch name {
		case "Sid":
			s.sid = r.text(name)
		case "Effect":
			s.effect = r.text(name)
		case "Principal":
			s.principal = r.principal(name)
		case "NotPrincipal":
			s.notPrincipal = r.principal(name)
		case "Action":
			s.actions = r.texts(name)
		case "NotAction":
			s.notActions = r.texts(name)
		case "Resource":
			s.resources = r.texts(name)
		case "NotResource":
			s.notResources = r.texts(name)
		case "Condition":
			s.conditions = r.conditions()
		default:
			r.fail("a statement has the element %q, which the language does not", name)
		}
	})
	if s.principal != nil && s.notPrincipal != nil || s.actions != nil && s.notActions != nil || s.resources != nil && s.notResources != nil {
		r.fail("a statement has an element and its Not form, such as Action and NotAction; allowed is one of them")
	}
	return s
}

func (r *reader) principal(name string) *principals {
	all := &principals{}
	add := func(kind, text string) {
		if r.err == nil && !all.add(kind, text) {
			r.err = malformed("Invalid principal in policy: %q:%q", kind, text)
		}
	}
	switch t := r.token(); t {
	case json.Delim('{'):
		named := false
		r.members(name, func(kind string) {
			for _, text := range r.texts(kind) {
				if kind == "*" {
					kind = "AWS" // {"*":"*"} is another spelling of "*"
				}
				add(kind, text)
				named = true
			}
		})
		if !named {
			r.fail("%s names nobody", name)
		}
	case "*":
		all.everybody = true
	default:
		r.fail("%s is neither \"*\" nor an object", name)
	}
	return all
}

func (r *reader) conditions() []rawCondition {
	all := []rawCondition{}
	r.object("Condition", func(operator string) {
		r.object(operator, func(key string) {
			c := rawCondition{operator: operator, key: key}
			r.oneOrMore(key, maxValues, func(t json.Token) {
				switch v := t.(type) {
				case string:
					c.values = append(c.values, v)
				case bool:
					c.values = append(c.values, map[bool]string{true: "true", false: "false"}[v])
				case json.Number:
					c.values = append(c.values, v.String())
				default:
					r.fail("%s has %s; allowed are texts, numbers, true and false", key, kind(t))
				}
			})
			all = append(all, c)
		})
	})
	return all
}

// object reads an object and calls each for every member; each reads the value.
func (r *reader) object(what string, each func(name string)) {
	if t := r.token(); r.err == nil && t != json.Delim('{') {
		r.fail("%s is %s, not an object", what, kind(t))
		return
	}
	r.members(what, each)
}

// members is object after its opening brace.
func (r *reader) members(what string, each func(name string)) {
	seen := map[string]bool{}
	for r.err == nil && r.d.More() {
		name, _ := r.token().(string)
		if r.err == nil && seen[name] {
			r.fail("%s has %q twice", what, name)
		}
		if r.err != nil {
			return
		}
		seen[name] = true
		each(name)
	}
	r.token() // the closing brace
}

// texts reads a text or a list of them.
func (r *reader) texts(name string) []string {
	all := []string{}
	r.oneOrMore(name, maxValues, func(t json.Token) {
		text, ok := t.(string)
		if !ok {
			r.fail("%s has %s; allowed are texts", name, kind(t))
		}
		all = append(all, text)
	})
	return all
}

// oneOrMore reads a value or a list of them and calls each with the first token
// of each; each reads what follows it.
func (r *reader) oneOrMore(name string, most int, each func(json.Token)) {
	t := r.token()
	if r.err != nil {
		return
	}
	if t != json.Delim('[') {
		each(t)
		return
	}
	for n := 0; r.err == nil && r.d.More(); n++ {
		if n == most {
			r.fail("%s has more than %d values", name, most)
			return
		}
		if t := r.token(); r.err == nil {
			each(t)
		}
	}
	r.token() // the closing bracket
}

func (r *reader) text(name string) string {
	t := r.token()
	text, ok := t.(string)
	if !ok {
		r.fail("%s is %s, not a text", name, kind(t))
	}
	return text
}

// token reads the next one; after an error there is none.
func (r *reader) token() json.Token {
	if r.err != nil {
		return nil
	}
	t, err := r.d.Token()
	if err != nil {
		r.fail("it is not JSON: %v", err)
		return nil
	}
	return t
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		e := malformed(format, args...)
		e.Message = "Syntax errors in policy. " + e.Message + "."
		r.err = e
	}
}

func kind(t json.Token) string {
	switch t.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case json.Delim:
		return "an object or a list"
	}
	return "null"
}
