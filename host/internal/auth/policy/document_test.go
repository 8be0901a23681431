package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	statement := func(elements string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"` + elements + `}]}`
	}
	condition := func(c string) string { return statement(`,"Condition":` + c) }
	many := strings.TrimSuffix(strings.Repeat(`{"Effect":"Allow","Action":"*","Resource":"*"},`, MaxStatements+1), ",")
	for _, c := range []struct {
		text string
		of   Type
		want string
	}{
		{``, Identity, "it is not JSON"},
		{`[]`, Identity, "the policy is an object or a list, not an object"},
		{`{"Version":"2012-10-17"}`, Identity, "it has no Statement"},
		{`{"Version":"2012-10-17","Statement":[]} x`, Identity, "something follows the policy"},
		{`{"Version":"2012-10-17","Statement":[],"Statement":[]}`, Identity, `the policy has "Statement" twice`},
		{`{"Version":"2013-10-17","Statement":[]}`, Identity, "Policy document must be version 2012-10-17 or greater"},
		{`{"Version":"2012-10-17","Statement":["x"]}`, Identity, "Statement has a text"},
		{`{"Version":"2012-10-17","Rules":[]}`, Identity, `the element "Rules"`},
		{"{\"Version\":\"\xff\"}", Identity, "not UTF-8"},
		{`{"Version":"2012-10-17","Statement":[` + many + `]}`, Identity, "Statement has more than 200 values"},
		{strings.Repeat(" ", MaxDocument+1), Identity, "at most 20480 are allowed"},
		{statement(`,"Efect":"Deny"`), Identity, `the element "Efect"`},
		{statement(`,"Action":"*"`), Identity, `a statement has "Action" twice`},
		{statement(`,"NotAction":"*"`), Identity, "and its Not form"},
		{statement(`,"Sid":7`), Identity, "Sid is a number, not a text"},
		{statement(`,"Principal":"*"`), Identity, "Policy document should not specify a principal."},
		{statement(``), Resource, "Missing required field Principal"},
		{statement(`,"Principal":"*"`), Trust, "Has prohibited field Resource"},
		{statement(`,"Principal":"x"`), Resource, `Principal is neither`},
		{statement(`,"Principal":{}`), Resource, `names nobody`},
		{statement(`,"Principal":{"AWS":"x"}`), Resource, `Invalid principal in policy: "AWS":"x"`},
		{statement(`,"Principal":{"AWS":"arn:aws:iam::111111111111:role/*"}`), Resource, `Invalid principal in policy`},
		{statement(`,"Principal":{"AWS":"arn:aws:iam::1:root"}`), Resource, `Invalid principal in policy`},
		{statement(`,"Principal":{"AWS":"arn:aws:s3::111111111111:root"}`), Resource, `Invalid principal in policy`},
		{statement(`,"Principal":{"Service":"*"}`), Resource, `Invalid principal in policy`},
		{statement(`,"Principal":{"Somebody":"x"}`), Resource, `Invalid principal in policy`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"*","Resource":"*"}}`, Identity, `Effect is "allow"`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}}`, Identity, `Policy statement must contain actions.`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*"}}`, Identity, `Policy statement must contain resources.`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"x","Resource":"*"}}`, Identity, `must be prefaced by a vendor`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*",7],"Resource":"*"}}`, Identity, `Action has a number`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"hello"}}`, Identity, `Resource hello must be in ARN format or "*".`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:${aws:username"}}`, Identity, `no closing brace`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:${}"}}`, Identity, `must name a condition key`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:${a:b, c}"}}`, Identity, `in single quotes`},
		{`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"}]}`, Identity, `must be unique`},
		{condition(`{"StringSame":{"aws:SourceArn":"x"}}`), Identity, "Invalid Condition type : StringSame."},
		{condition(`{"ForSome:StringEquals":{"aws:SourceArn":"x"}}`), Identity, "Invalid Condition type : ForSome:StringEquals."},
		{condition(`{"NullIfExists":{"aws:SourceArn":"true"}}`), Identity, "Invalid Condition type : NullIfExists."},
		{condition(`{"StringEquals":{"SourceArn":"x"}}`), Identity, "must be prefaced by a vendor"},
		{condition(`{"StringEquals":{"aws:SourceArn":[]}}`), Identity, "has no value"},
		{condition(`{"StringEquals":{"aws:SourceArn":null}}`), Identity, "has null"},
		{condition(`{"StringEquals":{"aws:SourceArn":{"a":"b"}}}`), Identity, "has an object"},
		{condition(`{"StringEquals":"x"}`), Identity, "StringEquals is a text"},
		{condition(`{"Bool":{"aws:SecureTransport":"yes"}}`), Identity, "neither true nor false"},
		{condition(`{"NumericEquals":{"a:b":"0x10"}}`), Identity, "not a number"},
		{condition(`{"NumericEquals":{"a:b":"Inf"}}`), Identity, "not a number"},
		{condition(`{"DateEquals":{"a:b":"tomorrow"}}`), Identity, "neither a date"},
		{condition(`{"IpAddress":{"a:b":"1.2.3"}}`), Identity, "neither an address"},
		{condition(`{"BinaryEquals":{"a:b":"?"}}`), Identity, "not base64"},
		{condition(`{"ArnLike":{"a:b":"x"}}`), Identity, "is not an ARN"},
	} {
		d, err := Parse([]byte(c.text), c.of)
		var wrong *Error
		if !errors.As(err, &wrong) || !strings.Contains(wrong.Message, c.want) || d != nil {
			t.Errorf("%.200s: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestParseARN(t *testing.T) {
	for _, s := range []string{hello, "arn:aws:s3:::bucket/a:b", "arn:aws:iam::aws:policy/AdministratorAccess"} {
		if a, err := ParseARN(s); err != nil || a.String() != s {
			t.Errorf("%s: %+v, %v", s, a, err)
		}
	}
	for _, s := range []string{"", "x", "arn:aws:s3", "arn::s3:::b", "arn:aws::::b", "arn:aws:s3:::", "arn:aws:iam::12:root", "arn:aws:s3:::a b", "arn:aws:s3:::é", "arn:aws:s3:::" + strings.Repeat("a", 3000)} {
		if a, err := ParseARN(s); err == nil {
			t.Errorf("%q: %+v", s, a)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	text := func(condition string) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:GetFunction","lambda:InvokeFunction"],
			"Resource":"arn:aws:lambda:us-east-1:111111111111:function:h*"%s}]}`, condition)
	}
	for name, condition := range map[string]string{"plain": "", "condition": `,"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`} {
		b.Run(name, func(b *testing.B) {
			d, err := Parse([]byte(text(condition)), Identity)
			if err != nil {
				b.Fatal(err)
			}
			r := &Request{Caller: session, Action: "lambda:InvokeFunction", Resource: hello, Owner: ours, Keys: Map{"aws:sourceip": {"203.0.113.9"}}}
			g := Grants{Identity: []*Document{d}}
			b.ReportAllocs()
			for b.Loop() {
				if !Decide(r, g).Allowed() {
					b.Fatal("refused")
				}
			}
		})
	}
}
