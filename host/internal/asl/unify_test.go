package asl_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// The recorded answers are compared as testdata/stepfunctions/FORMAT.md says:
// placeholders, members that may be missing, texts whose wording is free.

var (
	isoTime     = regexp.MustCompile(`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?(?:\d{2})?)`)
	wildcard    = regexp.MustCompile(`\{\{([*$])([^{}]*)\}\}`)
	anyValue    = regexp.MustCompile(`^\{\{\*[^{}]*\}\}$`)
	softKeys    = []string{"ResponseMetadata", "tracingConfiguration", "revisionId", "label", "inputDetails", "outputDetails", "redriveCount", "redriveStatus", "redriveStatusReason", "billingDetails", "encryptionConfiguration", "traceHeader", "mapRunArn", "stateMachineVersionArn", "stateMachineAliasArn", "loggingConfiguration", "variableReferences", "updateDate", "variables", "variablesDetails", "toleratedFailurePercentage", "toleratedFailureCount"}
	payloadKeys = []string{"input", "output", "parameters", "result"}
	runtimeKeys = []string{"stackTrace", "requestId"}
	textKeys    = []string{"cause", "message", "Cause", "location"}
)

// unifier compares an expectation with what came; {{$x}} stands for one text
// wherever it is met in a case.
type unifier struct {
	resolve func(string) string
	bound   map[string]string
	binding bool
	soft    []string // differences of wording
}

func newUnifier(resolve func(string) string) *unifier {
	return &unifier{resolve: resolve, bound: map[string]string{}, binding: true}
}

type mismatch struct {
	where     string
	want, got any
}

func (m *mismatch) Error() string {
	return fmt.Sprintf("%s: want %s, got %s", m.where, short(m.want), short(m.got))
}

func short(v any) string {
	text, ok := v.(string)
	if !ok {
		encoded, _ := json.Marshal(v)
		text = string(encoded)
	}
	if len(text) > 400 {
		text = text[:400] + "…"
	}
	return text
}

func asJSON(s string) (any, bool) {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return nil, false
	}
	return v, true
}

func structured(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

func (u *unifier) text(want, got string) bool {
	want = u.resolve(want)
	if want == got {
		return true
	}
	if strings.Contains(want, "{{") {
		var pattern strings.Builder
		var names []string
		at := 0
		for _, m := range wildcard.FindAllStringSubmatchIndex(want, -1) {
			pattern.WriteString(regexp.QuoteMeta(want[at:m[0]]))
			name := want[m[4]:m[5]]
			bound, ok := u.bound[name]
			switch {
			case want[m[2]:m[3]] == "*" || !u.binding:
				pattern.WriteString(".*?")
			case ok:
				pattern.WriteString(regexp.QuoteMeta(bound))
			default:
				pattern.WriteString("(.+?)")
				names = append(names, name)
			}
			at = m[1]
		}
		pattern.WriteString(regexp.QuoteMeta(want[at:]))
		if m := regexp.MustCompile(`(?s)^` + pattern.String() + `$`).FindStringSubmatch(got); m != nil {
			found := map[string]string{}
			for i, name := range names {
				if before, ok := found[name]; ok && before != m[i+1] {
					return false
				}
				found[name] = m[i+1]
			}
			maps.Copy(u.bound, found)
			return true
		}
	}
	if strings.Contains(want, "date") && isoTime.MatchString(got) {
		return u.text(want, isoTime.ReplaceAllString(got, "date"))
	}
	return false
}

func (u *unifier) walk(want, got any, where, key string, payload bool) error {
	if s, ok := want.(string); ok && anyValue.MatchString(s) {
		return nil
	}
	if text, ok := got.(string); ok && structured(want) {
		parsed, valid := asJSON(text)
		if !valid || fmt.Sprintf("%T", parsed) != fmt.Sprintf("%T", want) {
			return &mismatch{where, want, got}
		}
		return u.walk(want, parsed, where, key, true)
	}
	switch want := want.(type) {
	case map[string]any:
		return u.object(want, got, where, key, payload)
	case []any:
		items, ok := got.([]any)
		if !ok || len(items) != len(want) {
			return &mismatch{where, want, got}
		}
		for i := range want {
			if err := u.walk(want[i], items[i], fmt.Sprintf("%s[%d]", where, i), key, payload); err != nil {
				return err
			}
		}
		return nil
	case string:
		return u.string(want, got, where, key, payload)
	}
	if text, ok := got.(string); ok && (payload || slices.Contains(payloadKeys, key)) {
		if parsed, valid := asJSON(text); valid {
			if _, isText := parsed.(string); !isText {
				return u.walk(want, parsed, where, "", true)
			}
		}
	}
	a, aOK := want.(float64)
	b, bOK := got.(float64)
	if aOK && bOK && (a == b || math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b))) || !aOK && !bOK && !structured(got) && want == got {
		return nil
	}
	return &mismatch{where, want, got}
}

func (u *unifier) object(want map[string]any, v any, where, key string, payload bool) error {
	got, ok := v.(map[string]any)
	if !ok {
		return &mismatch{where, want, v}
	}
	inside := payload || slices.Contains(payloadKeys, key)
	_, typed := want["errorType"]
	_, messaged := want["errorMessage"]
	runtime := typed || messaged
	free := func(k string) bool {
		return runtime && slices.Contains(runtimeKeys, k) || !inside && slices.Contains(softKeys, k)
	}
	for k := range want {
		if _, ok := got[k]; !ok && !free(k) {
			return &mismatch{where + "." + k, want[k], "<absent>"}
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok && k != "ResponseMetadata" && !free(k) {
			return &mismatch{where + "." + k, "<absent>", got[k]}
		}
	}
	keys := make([]string, 0, len(want))
	for k := range want {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if _, ok := got[k]; !ok || runtime && slices.Contains(runtimeKeys, k) {
			continue
		}
		if err := u.walk(want[k], got[k], where+"."+k, k, inside || slices.Contains(payloadKeys, k)); err != nil {
			return err
		}
	}
	return nil
}

func (u *unifier) string(want string, v any, where, key string, payload bool) error {
	got, ok := v.(string)
	if !ok {
		if parsed, valid := asJSON(want); valid && structured(v) {
			return u.walk(parsed, v, where, key, payload)
		}
		return &mismatch{where, want, v}
	}
	if u.text(want, got) {
		return nil
	}
	a, _ := asJSON(u.resolve(want))
	b, _ := asJSON(got)
	if structured(a) && structured(b) {
		return u.walk(a, b, where, key, true)
	}
	if slices.Contains(textKeys, key) {
		u.soft = append(u.soft, (&mismatch{where, u.resolve(want), got}).Error())
		return nil
	}
	return &mismatch{where, u.resolve(want), got}
}
