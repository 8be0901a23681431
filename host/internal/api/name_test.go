package api

import (
	"regexp"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// groups of AWS's patterns that parse answers.
const regionGroup, accountGroup, nameGroup, qualifierGroup = 3, 9, 11, 13

// FuzzName holds parse against the regular expressions that it stands for.
func FuzzName(f *testing.F) {
	for _, s := range []string{
		"", "n", "n:1", "function", "function:n", "function:n:$LATEST", "n:$LATEST.PUBLISHED", "a.b", "arn", "arn:aws:lambda:n", "arn::lambda:n",
		"123456789012", "123456789012:n", "123456789012:function:n:q", "us-east-1:n", "us-gov-west-1:123456789012:n", "us-iso-east-1:n",
		"us-isob-east-1:n", "eusc-de-east-1:n", "us-gov-1:n", "us-iso-1:n", "eusc-gov-1:n:1", "arn:aws-cn:lambda:cn-north-1:123456789012:function:n:live",
		"arn:aws:lambda:us-east-1:123456789012:function", "arn:aws:lambda:us-east-1:123456789012:function:n:1:2", "arn:aws:lambda", "n:", ":n", "n\n",
	} {
		f.Add(s)
	}
	for _, k := range []*nameKind{&plainName, &namespacedName} {
		if strings.Contains(k.pattern, `\.PUBLISHED`) != k.namespaced {
			f.Fatal("a kind has the other's pattern")
		}
	}
	plain, namespaced := regexp.MustCompile(`\A(?:`+namePattern+`)\z`), regexp.MustCompile(`\A(?:`+namespacedPattern+`)\z`)
	qualifier := regexp.MustCompile(`\A(?:` + qualifierPattern + `)\z`)
	f.Fuzz(func(t *testing.T, s string) {
		for kind, re := range map[*nameKind]*regexp.Regexp{&plainName: plain, &namespacedName: namespaced} {
			got, ok := kind.parse(s)
			m := re.FindStringSubmatch(s)
			if ok != (m != nil) {
				t.Fatalf("%q: parsed is %v, the pattern %s matches is %v", s, ok, kind.pattern, m != nil)
			}
			if !ok {
				continue
			}
			want := parsedName{
				region: strings.TrimSuffix(m[regionGroup], ":"), account: strings.TrimSuffix(m[accountGroup], ":"),
				name: m[nameGroup], qualifier: m[qualifierGroup],
			}
			if got != want {
				t.Fatalf("%q: parsed %+v, the pattern has %+v", s, got, want)
			}
		}
		if got, want := isQualifier(s), qualifier.MatchString(s); got != want {
			t.Fatalf("qualifier %q: %v, the pattern has %v", s, got, want)
		}
	})
}

func TestRef(t *testing.T) {
	_, a := newFake()
	const latest, one = "$LATEST", "1"
	at := func(s string) *string { return &s }
	for _, c := range []struct {
		name      string
		qualifier *string
		want      function.Ref
		code      fault.Code
	}{
		{"n", nil, function.Ref{Name: "n"}, ""},
		{"n", at(one), function.Ref{Name: "n", Qualifier: one}, ""},
		{"n:1", nil, function.Ref{Name: "n", Qualifier: one}, ""},
		{"n:1", at(one), function.Ref{Name: "n", Qualifier: one}, ""},
		{"n:1", at(latest), function.Ref{}, fault.InvalidParameterValue},
		{"000000000000:function:n:$LATEST", nil, function.Ref{Name: "n", Qualifier: latest}, ""},
		{"111111111111:function:n", nil, function.Ref{}, fault.AccessDenied},
		{"us-east-1:n", nil, function.Ref{Name: "n"}, ""},
		{"eu-west-1:n", nil, function.Ref{}, fault.ResourceNotFound},
		{"arn:aws:lambda:us-east-1:000000000000:function", nil, function.Ref{Name: "function"}, ""},
	} {
		p, ok := namespacedName.parse(c.name)
		if !ok {
			t.Fatalf("%s: not a name", c.name)
		}
		got, err := a.ref(p, c.qualifier)
		if code := codeOf(err); got != c.want || code != c.code {
			t.Errorf("%s: %+v, %v; want %+v, %v", c.name, got, err, c.want, c.code)
		}
	}
}

func codeOf(err *fault.Error) fault.Code {
	if err == nil {
		return ""
	}
	return err.Code
}
