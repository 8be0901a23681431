package policy

import (
	"strings"
	"testing"
)

// FuzzParse reads hostile documents and asks those that are accepted. Whatever
// they say, a denial of everything wins.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"}]}`,
		`{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com","AWS":["*","111111111111"]},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111111111111:function:hello","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::${aws:username, 'b'}*"},"ForAnyValue:NumericLessThanIfExists":{"a:b":[1,"2"]}}}]}`,
		`{"Statement":{"Effect":"Deny","NotPrincipal":"*","NotAction":"?:*","NotResource":["arn:${*}","*"],"Condition":{"IpAddress":{"aws:SourceIp":"::/0"},"DateLessThan":{"aws:CurrentTime":"0"},"Null":{"a:b":true},"Bool":{"a:b":false}}}}`,
	} {
		for of := range uint8(3) {
			f.Add(s, of, hello, "lambda:InvokeFunction")
		}
	}
	no, err := Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`), Identity)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, of uint8, resource, action string) {
		d, err := Parse([]byte(text), Type(of%3))
		if err != nil {
			if d != nil || err.Error() == "" {
				t.Fatalf("%v, %v", d, err)
			}
			return
		}
		keys := Map{"aws:sourcearn": {resource}, "aws:username": {action}, "a:b": {"1", text}, "aws:sourceip": {"::1"}}
		for _, caller := range []Principal{root, session, foreign, events, anonymous} {
			r := &Request{Caller: caller, Action: action, Resource: resource, Owner: ours, Keys: keys}
			Decide(r, Grants{Identity: []*Document{d}, Resource: d}).Message(r)
			if Decide(r, Grants{Identity: []*Document{d, no}, Resource: d}).Allowed() {
				t.Errorf("%s allows what is denied", text)
			}
		}
	})
}

// FuzzParseARN takes apart and puts together.
func FuzzParseARN(f *testing.F) {
	f.Add(hello)
	f.Add("arn:aws:s3:::b/k:e:y")
	f.Add("arn:aws:iam::aws:policy/x")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseARN(s)
		if err == nil && a.String() != s {
			t.Errorf("%q became %q", s, a)
		}
	})
}

// FuzzGlob compares with matching by trying everything.
func FuzzGlob(f *testing.F) {
	f.Add("a*b?c**", "axxbxcyy")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 12 || len(s) > 24 || strings.ContainsFunc(pattern+s, func(r rune) bool { return r >= 0x7f }) {
			return
		}
		p, err := compile(pattern, syntax{wildcards: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.match(s, nil), slowGlob(pattern, s); got != want {
			t.Errorf("%q matches %q: %t, want %t", pattern, s, got, want)
		}
	})
}

func slowGlob(pattern, s string) bool {
	switch {
	case pattern == "":
		return s == ""
	case pattern[0] == '*':
		return slowGlob(pattern[1:], s) || s != "" && slowGlob(pattern, s[1:])
	case s == "":
		return false
	}
	return (pattern[0] == '?' || pattern[0] == s[0]) && slowGlob(pattern[1:], s[1:])
}
