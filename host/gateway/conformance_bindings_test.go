package gateway_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// bindings are what the placeholders of a case stand for: NOTICE has what they
// mean. Those in parameters are chosen, those in answers are learnt where they
// are first seen and must be the same from then on.
type bindings struct{ of map[string]string }

// account is the recordings'; calls that were recorded by name have another.
const account, otherAccount = "111111111111", "123456789012"

func newBindings() *bindings {
	return &bindings{of: map[string]string{
		"<region>": "us-east-1", "<partition>": "aws", "<wrong-region>": "eu-west-1",
	}}
}

var (
	placeholder = regexp.MustCompile(`<[a-zA-Z][a-zA-Z0-9_-]*(?::\d+)?>|<[a-z]:len\(\d+\)>`)
	repeated    = regexp.MustCompile(`^<([a-z]):len\((\d+)\)>$`)
)

// real replaces placeholders in a parameter.
func (b *bindings) real(v any) any {
	switch v := v.(type) {
	case string:
		s := placeholder.ReplaceAllStringFunc(v, func(p string) string {
			if _, ok := b.of[p]; !ok {
				b.of[p] = invented(p)
			}
			return b.of[p]
		})
		return strings.ReplaceAll(s, otherAccount, account)
	case map[string]any:
		m := map[string]any{}
		for name, value := range v {
			m[name] = b.real(value)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i := range v {
			l[i] = b.real(v[i])
		}
		return l
	}
	return v
}

// invented is a value for a placeholder: its own words.
func invented(p string) string {
	if m := repeated.FindStringSubmatch(p); m != nil {
		n, _ := strconv.Atoi(m[2])
		return strings.Repeat(m[1], n)
	}
	return strings.ReplaceAll(strings.Trim(p, "<>"), ":", "-")
}

// same says how a value differs from the recorded one, "" if it does not.
func (b *bindings) same(at string, want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is no object", at)
		}
		for _, name := range slices.Sorted(mapKeys(want)) {
			value, ok := got[name]
			if !ok {
				return fmt.Sprintf("%s.%s is missing", at, name)
			}
			if d := b.same(at+"."+name, want[name], value); d != "" {
				return d
			}
		}
		for _, name := range slices.Sorted(mapKeys(got)) {
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

// date is the form of LastModified.
var date = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$`)

// sameText lets a placeholder stand for any text, but always for the same one.
func (b *bindings) sameText(at, want string, got any) string {
	text, ok := got.(string)
	switch {
	case want == "<code-size>":
		if _, ok := got.(float64); !ok {
			return fmt.Sprintf("%s is %v, want a number", at, got)
		}
		return ""
	case !ok:
		return fmt.Sprintf("%s is %v, want %q", at, got, want)
	case want == "date":
		if !date.MatchString(text) {
			return fmt.Sprintf("%s is %q, want a date", at, text)
		}
		return ""
	case want == "<location>": // AWS's is another each time
		if !strings.HasPrefix(text, "http://127.0.0.1:") {
			return fmt.Sprintf("%s is %q, want a URL of this host", at, text)
		}
		return ""
	case want == "code-sha256": // of any code
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
		return fmt.Sprintf("%s is %q, want %q", at, text, want)
	}
	for i, name := range names {
		b.of[name] = m[i+1]
	}
	return ""
}

func mapKeys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range m {
			if !yield(name) {
				return
			}
		}
	}
}

// withPackages puts deployment packages that Lambent can run where the recording
// has others.
func (r *replay) withPackages(params map[string]any) map[string]any {
	place := params
	if code, ok := params["Code"].(map[string]any); ok {
		place = code
	}
	switch given := place["ZipFile"].(type) {
	case map[string]any:
		place["ZipFile"] = base64.StdEncoding.EncodeToString(deploymentPackage(r.t, given))
	}
	return params
}

// deploymentPackage is a function that answers its event. What is recorded of the
// original makes packages differ that differed then.
func deploymentPackage(t *testing.T, recorded map[string]any) []byte {
	t.Helper()
	if size, ok := recorded["$bytes"].(float64); ok && size > 50<<20 {
		return make([]byte, int(size)) // one that is refused for its size
	}
	module, err := os.ReadFile("../../sandbox/testdata/guests/c/echo.wasm")
	if err != nil {
		t.Fatal(err)
	}
	h := fnv.New64()
	fmt.Fprint(h, recorded)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range []struct {
		name    string
		content []byte
	}{{"bootstrap", module}, {"recorded.txt", h.Sum(nil)}} {
		f, err := w.Create(file.name)
		if err == nil {
			_, err = f.Write(file.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// payload is the event of an Invoke. Of those that are not UTF-8, the bytes are
// in the name of the case.
func (r *replay) payload(v any) []byte {
	text, _ := v.(string)
	if m, ok := v.(map[string]any); ok {
		text, _ = m["$text"].(string)
	}
	if _, raw, ok := strings.Cut(r.test, "payload_encoding_error["); ok && strings.ContainsRune(text, '\uFFFD') {
		_, raw, _ = strings.Cut(strings.TrimSuffix(raw, "]"), "-")
		bytes, err := strconv.Unquote(`"` + raw + `"`)
		if err != nil {
			r.t.Fatal(err)
		}
		return []byte(bytes)
	}
	return []byte(text)
}
