package replay

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// bindings are what the placeholders of a case stand for: NOTICE has what they
// mean. Those in parameters are chosen, those in answers are learnt where they
// are first seen and must be the same from then on.
type bindings struct {
	of map[string]string

	made     []string          // UUIDs of event source mappings, as answered, that no parameter had yet
	revision string            // the last RevisionId that was answered
	named    map[string]string // UUIDs of parameters that were recorded as they were → those of this run
	computed bool              // the recorded function did not answer its event, as the one here does
}

// account is the recordings'; calls that were recorded by name have another.
const account, otherAccount = "111111111111", "123456789012"

func newBindings() *bindings {
	return &bindings{
		of:    map[string]string{"<region>": "us-east-1", "<partition>": "aws", "<wrong-region>": "eu-west-1"},
		named: map[string]string{},
	}
}

var (
	placeholder = regexp.MustCompile(`<[a-zA-Z][a-zA-Z0-9_-]*(?::\d+)?>|<[a-z]:len\(\d+\)>`)
	repeated    = regexp.MustCompile(`^<([a-z]):len\((\d+)\)>$`)
	uuid        = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	// stood is a placeholder as it was made a parameter of when the calls were
	// recorded: resourcev2h1585f0d88e is <resource:2>.
	stood = regexp.MustCompile(`([a-z]+)v(\d+)h[0-9a-f]{10}`)
)

// real replaces placeholders in a parameter.
func (b *bindings) real(name string, v any) any {
	switch v := v.(type) {
	case string:
		return b.realText(name, v)
	case map[string]any:
		m := map[string]any{}
		for name, value := range v {
			m[name] = b.real(name, value)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i := range v {
			l[i] = b.real(name, v[i])
		}
		return l
	}
	return v
}

func (b *bindings) realText(name, s string) string {
	s = placeholder.ReplaceAllStringFunc(s, func(p string) string {
		if _, ok := b.of[p]; !ok {
			b.of[p] = invented(p)
		}
		return b.of[p]
	})
	s = stood.ReplaceAllStringFunc(s, func(text string) string {
		m := stood.FindStringSubmatch(text)
		for p, value := range b.of {
			if strings.ReplaceAll(strings.Trim(p, "<>"), "-", "") == m[1]+":"+m[2] {
				return value
			}
		}
		return text
	})
	switch {
	case name == "RevisionId" && uuid.MatchString(s) && !b.bound(s):
		return b.revision
	case name == "UUID" || name == "Resource":
		s = uuid.ReplaceAllStringFunc(s, b.mapping)
	}
	return strings.ReplaceAll(s, otherAccount, account)
}

// bound reports whether a text is what a placeholder stands for.
func (b *bindings) bound(s string) bool { return slices.Contains(slices.Collect(maps.Values(b.of)), s) }

// mapping turns the UUID of an event source mapping when it was recorded into that
// of this run: they were made in the same order.
func (b *bindings) mapping(recorded string) string {
	if now, ok := b.named[recorded]; ok || b.bound(recorded) {
		if ok {
			return now
		}
		return recorded
	}
	if len(b.made) == 0 {
		return recorded
	}
	b.named[recorded], b.made = b.made[0], b.made[1:]
	return b.named[recorded]
}

// learn notes what later parameters refer to.
func (b *bindings) learn(operation string, body map[string]any) {
	if id, ok := body["UUID"].(string); ok && operation == "CreateEventSourceMapping" {
		b.made = append(b.made, id)
	}
	if configuration, ok := body["Configuration"].(map[string]any); ok {
		body = configuration
	}
	if id, ok := body["RevisionId"].(string); ok {
		b.revision = id
	}
}

// invented is a value for a placeholder: its own words.
func invented(p string) string {
	if m := repeated.FindStringSubmatch(p); m != nil {
		n, _ := strconv.Atoi(m[2])
		return strings.Repeat(m[1], n)
	}
	if p == "<resource-name>" {
		return "00000000-0000-4000-8000-000000000000" // it stands for the ids of event source mappings, too
	}
	return strings.ReplaceAll(strings.Trim(p, "<>"), ":", "-")
}

// same says how a value differs from the recorded one, "" if it does not.
func (b *bindings) same(at string, want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		if text, ok := got.(string); ok { // a policy is JSON in a string
			var object map[string]any
			if err := json.Unmarshal([]byte(text), &object); err == nil {
				got = object
			}
		}
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is no object", at)
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			value, ok := got[name]
			if !ok {
				return fmt.Sprintf("%s.%s is missing", at, name)
			}
			if d := b.same(at+"."+name, want[name], value); d != "" {
				return d
			}
		}
		for _, name := range slices.Sorted(maps.Keys(got)) {
			if _, ok := want[name]; !ok {
				return fmt.Sprintf("%s.%s is too much", at, name)
			}
		}
		return ""
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			return fmt.Sprintf("%s is %v, want %v", at, got, want)
		}
		for i := range want {
			if d := b.same(fmt.Sprintf("%s[%d]", at, i), want[i], got[i]); d != "" {
				return d
			}
		}
		return ""
	case string:
		return b.sameText(at, want, got)
	}
	if want != got {
		return fmt.Sprintf("%s is %v, want %v", at, got, want)
	}
	return ""
}

var functionURL = regexp.MustCompile(`^https?://[a-z0-9]+\.lambda-url\.us-east-1\.[a-z0-9.]+(:\d+)?/$`)

// kinds are the forms of values that are another each time.
var kinds = map[string]*regexp.Regexp{
	"date":       regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+0000|Z)$`),
	"lambda-url": functionURL, "function-url": functionURL,
	"<location>": regexp.MustCompile(`^http://127\.0\.0\.1:\d+/`),
}

// sameText lets a placeholder stand for any text, but always for the same one.
func (b *bindings) sameText(at, want string, got any) string {
	if want == "<code-size>" || want == "datetime" {
		if n, ok := got.(float64); !ok || n <= 0 {
			return fmt.Sprintf("%s is %v, want a number", at, got)
		}
		return ""
	}
	text, ok := got.(string)
	if !ok {
		return fmt.Sprintf("%s is %v, want %q", at, got, want)
	}
	if kind := kinds[want]; kind != nil {
		if !kind.MatchString(text) {
			return fmt.Sprintf("%s is %q, want a %s", at, text, want)
		}
		return ""
	}
	if want == "code-sha256" { // of any code
		if sum, err := base64.StdEncoding.DecodeString(text); err != nil || len(sum) != sha256.Size {
			return fmt.Sprintf("%s is %q, want a digest", at, text)
		}
		return ""
	}
	want = strings.ReplaceAll(want, otherAccount, account)
	var (
		expression strings.Builder
		names      []string
		end        int
	)
	for _, m := range placeholder.FindAllStringIndex(want, -1) {
		name := want[m[0]:m[1]]
		expression.WriteString(regexp.QuoteMeta(want[end:m[0]]))
		if value, ok := b.of[name]; ok {
			expression.WriteString(regexp.QuoteMeta(value))
		} else {
			expression.WriteString("(.+?)")
			names = append(names, name)
		}
		end = m[1]
	}
	expression.WriteString(regexp.QuoteMeta(want[end:]))
	m := regexp.MustCompile(`(?s)\A` + expression.String() + `\z`).FindStringSubmatch(text)
	if m == nil {
		return fmt.Sprintf("%s is %.300q, want %.300q", at, text, want)
	}
	for i, name := range names {
		if other := b.another(name, m[i+1]); other != "" {
			return fmt.Sprintf("%s is %.300q, which has the same for %s as for %s", at, text, name, other)
		}
		b.of[name] = m[i+1]
	}
	return ""
}

// another returns the placeholder of the same kind that has a value already: those
// that count are of values that were distinct.
func (b *bindings) another(name, value string) string {
	kind, _, counts := strings.Cut(name, ":")
	if !counts {
		return ""
	}
	for other, taken := range b.of {
		if taken == value && other != name && strings.HasPrefix(other, kind+":") {
			return other
		}
	}
	return ""
}
