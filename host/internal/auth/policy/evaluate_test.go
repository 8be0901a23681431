package policy

import (
	"strings"
	"testing"
)

const (
	ours, theirs = "111111111111", "222222222222"
	hello        = "arn:aws:lambda:us-east-1:111111111111:function:hello"
)

var (
	root      = Principal{Kind: Root, Account: ours, ARN: "arn:aws:iam::111111111111:root"}
	session   = Principal{Kind: Session, Account: ours, ARN: "arn:aws:sts::111111111111:assumed-role/app/s1", Role: "arn:aws:iam::111111111111:role/app"}
	foreign   = Principal{Kind: Session, Account: theirs, ARN: "arn:aws:sts::222222222222:assumed-role/app/s1", Role: "arn:aws:iam::222222222222:role/app"}
	alien     = Principal{Kind: Root, Account: theirs, ARN: "arn:aws:iam::222222222222:root"}
	events    = Principal{Kind: Service, ARN: "events.amazonaws.com"}
	anonymous = Principal{}
)

func parse(t *testing.T, text string, of Type) *Document {
	t.Helper()
	if text == "" {
		return nil
	}
	if !strings.HasPrefix(text, `{"Version`) {
		text = `{"Version":"2012-10-17","Statement":` + text + `}`
	}
	d, err := Parse([]byte(text), of)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func TestDecide(t *testing.T) {
	const (
		may    = `{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}`
		mayNot = `{"Effect":"Deny","Action":"lambda:*","Resource":"*"}`
	)
	lets := func(principal string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"lambda:InvokeFunction","Resource":"` + hello + `"}`
	}
	bars := func(principal string) string { return strings.Replace(lets(principal), "Allow", "Deny", 1) }
	for _, c := range []struct {
		name                        string
		caller                      Principal
		identity, session, resource string
		want                        string // the end of the message; "" if it is allowed
	}{
		{"the account itself", root, "", "", "", ""},
		{"the account itself, denied by the function", root, "", "", bars(`{"AWS":"111111111111"}`), "with an explicit deny in a resource-based policy"},
		{"no policy", session, "", "", "", "because no identity-based policy allows the lambda:InvokeFunction action"},
		{"its policy", session, may, "", "", ""},
		{"its policy, and a denial", session, "[" + may + "," + mayNot + "]", "", "", "with an explicit deny in an identity-based policy"},
		{"the function's policy, by role", session, "", "", lets(`{"AWS":"arn:aws:iam::111111111111:role/app"}`), ""},
		{"the function's policy, by session", session, "", "", lets(`{"AWS":["arn:aws:sts::111111111111:assumed-role/app/s1"]}`), ""},
		{"the function's policy, by another role", session, "", "", lets(`{"AWS":"arn:aws:iam::111111111111:role/other"}`), "because no identity-based policy allows the lambda:InvokeFunction action"},
		{"the function's policy, for everybody", session, "", "", lets(`"*"`), ""},
		{"the account delegates, the role may not", session, "", "", lets(`{"AWS":"111111111111"}`), "because no identity-based policy allows the lambda:InvokeFunction action"},
		{"its policy, the function's denial", session, may, "", bars(`{"AWS":"arn:aws:iam::111111111111:role/app"}`), "with an explicit deny in a resource-based policy"},
		{"the session narrows", session, may, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, "", "because no session policy allows the lambda:InvokeFunction action"},
		{"the session denies", session, may, mayNot, "", "with an explicit deny in a session policy"},
		{"the session allows", session, may, may, "", ""},
		{"the session cannot add", session, "", may, "", "because no identity-based policy allows the lambda:InvokeFunction action"},
		{"another account, its policy alone", foreign, may, "", "", "because no resource-based policy allows the lambda:InvokeFunction action"},
		{"another account, the function's policy alone", foreign, "", "", lets(`{"AWS":"222222222222"}`), "because no identity-based policy allows the lambda:InvokeFunction action"},
		{"another account, both", foreign, may, "", lets(`{"AWS":"arn:aws:iam::222222222222:root"}`), ""},
		{"another account, both, by role", foreign, may, "", lets(`{"AWS":"arn:aws:iam::222222222222:role/app"}`), ""},
		{"another account, both, and a denial", foreign, may, "", "[" + lets(`"*"`) + "," + bars(`{"AWS":"222222222222"}`) + "]", "with an explicit deny in a resource-based policy"},
		{"another account itself", alien, "", "", lets(`{"AWS":"222222222222"}`), ""},
		{"another account itself, not let", alien, "", "", lets(`{"AWS":"111111111111"}`), "because no resource-based policy allows the lambda:InvokeFunction action"},
		{"a service", events, "", "", lets(`{"Service":"events.amazonaws.com"}`), ""},
		{"another service", events, "", "", lets(`{"Service":"s3.amazonaws.com"}`), "because no resource-based policy allows the lambda:InvokeFunction action"},
		{"a service is no account", events, "", "", lets(`{"AWS":"111111111111"}`), "because no resource-based policy allows the lambda:InvokeFunction action"},
		{"nobody", anonymous, "", "", "", "User: anonymous is not authorized to perform: lambda:InvokeFunction on resource: " + hello + " because no resource-based policy allows the lambda:InvokeFunction action"},
		{"nobody, for everybody", anonymous, "", "", lets(`{"AWS":"*"}`), ""},
		{"nobody, for everybody in the other spelling", anonymous, "", "", lets(`{"*":"*"}`), ""},
		{"nobody, by account", anonymous, "", "", lets(`{"AWS":"111111111111"}`), "because no resource-based policy allows the lambda:InvokeFunction action"},
		{"all but one", foreign, may, "", strings.Replace(lets(`{"AWS":"arn:aws:iam::222222222222:role/app"}`), "Principal", "NotPrincipal", 1), "because no resource-based policy allows the lambda:InvokeFunction action"},
		{"all but another", session, "", "", strings.Replace(lets(`{"AWS":"arn:aws:iam::222222222222:role/app"}`), "Principal", "NotPrincipal", 1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &Request{Caller: c.caller, Action: "lambda:InvokeFunction", Resource: hello, Owner: ours}
			g := Grants{Session: parse(t, c.session, Identity), Resource: parse(t, c.resource, Resource)}
			if d := parse(t, c.identity, Identity); d != nil {
				g.Identity = append(g.Identity, d)
			}
			v := Decide(r, g)
			if v.Allowed() != (c.want == "") {
				t.Fatalf("allowed: %t, %s", v.Allowed(), v.Message(r))
			}
			if got := v.Message(r); c.want != "" && !strings.HasSuffix(got, c.want) {
				t.Errorf("%q, want …%q", got, c.want)
			}
			if v.denied != strings.Contains(c.want, "explicit") {
				t.Errorf("explicitly denied: %t", v.denied)
			}
		})
	}
}

func TestActionsAndResources(t *testing.T) {
	for _, c := range []struct {
		elements, action, resource string
		want                       Effect
	}{
		{`"Action":"lambda:invokefunction","Resource":"*"`, "lambda:InvokeFunction", hello, Allows},
		{`"Action":"LAMBDA:Invoke*","Resource":"*"`, "lambda:InvokeFunction", hello, Allows},
		{`"Action":"lambda:Get?unction","Resource":"*"`, "lambda:GetFunction", hello, Allows},
		{`"Action":["s3:*","lambda:Get*"],"Resource":"*"`, "lambda:InvokeFunction", hello, Silent},
		{`"Action":"*","Resource":"arn:aws:lambda:*:*:function:he*"`, "lambda:InvokeFunction", hello, Allows},
		{`"Action":"*","Resource":"arn:aws:lambda:us-east-1:111111111111:function:HELLO"`, "lambda:InvokeFunction", hello, Silent},
		{`"Action":"*","Resource":["arn:aws:s3:::b","arn:aws:lambda:*"]`, "lambda:InvokeFunction", hello, Allows},
		{`"Action":"*","NotResource":"arn:aws:lambda:*"`, "lambda:InvokeFunction", hello, Silent},
		{`"Action":"*","NotResource":"arn:aws:s3:::*"`, "lambda:InvokeFunction", hello, Allows},
		{`"NotAction":"iam:*","Resource":"*"`, "lambda:InvokeFunction", hello, Allows},
		{`"NotAction":["iam:*","lambda:*"],"Resource":"*"`, "lambda:InvokeFunction", hello, Silent},
		{`"Action":"*","Resource":"arn:aws:lambda:*:${aws:PrincipalAccount}:function:*"`, "lambda:InvokeFunction", hello, Allows},
		{`"Action":"*","Resource":"arn:aws:lambda:*:*:function:${aws:username}"`, "lambda:InvokeFunction", hello, Silent},
		{`"Action":"*","Resource":"arn:aws:lambda:*:*:function:${aws:username, 'hello'}"`, "lambda:InvokeFunction", hello, Allows},
		{`"Action":"*","Resource":"arn:aws:lambda:*:*:function:${test:Star}"`, "lambda:InvokeFunction", hello, Silent}, // its value is no wildcard
		{`"Action":"*","Resource":"arn:aws:lambda:*:*:function:${test:Star}"`, "lambda:InvokeFunction", strings.Replace(hello, "hello", "h*", 1), Allows},
		{`"Action":"*","Resource":"arn:aws:s3:::${*}${?}${$}"`, "s3:GetObject", "arn:aws:s3:::*?$", Allows},
		{`"Action":"*","Resource":"arn:aws:s3:::${*}"`, "s3:GetObject", "arn:aws:s3:::x", Silent},
	} {
		d := parse(t, `{"Effect":"Allow",`+c.elements+`}`, Identity)
		keys := Map{"aws:principalaccount": {ours}, "test:star": {"h*"}, "aws:username": {"two", "values"}}
		if got := Evaluate(&Request{Caller: session, Action: c.action, Resource: c.resource, Owner: ours, Keys: keys}, d); got != c.want {
			t.Errorf("%s: %s of %s is %d, want %d", c.elements, c.action, c.resource, got, c.want)
		}
	}
}

// TestOldVersionHasNoVariables: what looks like one is text.
func TestOldVersionHasNoVariables(t *testing.T) {
	d, err := Parse([]byte(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}"}}`), Identity)
	if err != nil {
		t.Fatal(err)
	}
	for resource, want := range map[string]Effect{"arn:aws:s3:::ada": Silent, "arn:aws:s3:::${aws:username}": Allows} {
		r := &Request{Action: "s3:GetObject", Resource: resource, Keys: Map{"aws:username": {"ada"}}}
		if got := Evaluate(r, d); got != want {
			t.Errorf("%s: %d, want %d", resource, got, want)
		}
	}
}

// TestGlobTakesTimeInProportion would not end if stars were tried in all
// combinations.
func TestGlobTakesTimeInProportion(t *testing.T) {
	p, err := compile(strings.Repeat("a*", 1000)+"b", syntax{wildcards: true})
	if err != nil {
		t.Fatal(err)
	}
	if p.match(strings.Repeat("a", 2000), nil) {
		t.Error("it matches")
	}
	if !p.match(strings.Repeat("a", 2000)+"b", nil) {
		t.Error("it does not match")
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "a:b/c", true}, {"**", "x", true}, {"?", "", false}, {"?", "é", true}, {"?", "ab", false},
		{"a*c", "abc", true}, {"a*c", "abcb", false}, {"a*c", "acc", true}, {"*a*b", "xaxbxb", true}, {"*a?b", "aab", true}, {"*ab", "aab", true}, {"a*b*c", "a-c-b", false},
		{"?*", "", false}, {"?*", "é", true}, {"*?", "é", true}, {"*\xff", "\xff", true}, {"abc", "abcd", false},
	} {
		p, err := compile(c.pattern, syntax{wildcards: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.match(c.text, nil); got != c.want {
			t.Errorf("%q matches %q: %t", c.pattern, c.text, got)
		}
	}
}
