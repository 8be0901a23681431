package auth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

const helloARN = "arn:aws:lambda:eu-north-1:111111111111:function:hello"

// comeAs authenticates a request that is signed with lent credentials.
func (f *fixture) comeAs(t *testing.T, l *Loan) (*Caller, error) {
	t.Helper()
	c := sigv4.Credentials{AccessKeyID: l.AccessKeyID, SecretAccessKey: l.SecretAccessKey, Token: l.SessionToken}
	return f.come(f.signed(t, c, "eu-north-1", "lambda", ""), "")
}

func TestLend(t *testing.T) {
	f := newFixture(t)
	r := f.role(t, "function", lambdaMay)
	hello := Borrower{Role: r.ARN(), Session: "hello", Service: "lambda.amazonaws.com", ARN: helloARN}
	lend := func(held *Loan) *Loan {
		t.Helper()
		l, err := f.Lend(t.Context(), hello, held)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	first := lend(nil)
	caller, err := f.comeAs(t, first)
	if err != nil || caller.ARN != "arn:aws:sts::111111111111:assumed-role/function/hello" || caller.Kind != policy.Session {
		t.Fatalf("%+v, %v", caller, err)
	}
	if got := caller.Values("lambda:sourcefunctionarn"); len(got) != 1 || got[0] != helloARN {
		t.Errorf("lambda:SourceFunctionArn is %q", got)
	}
	invoke := Access{Action: "lambda:InvokeFunction", Resource: helloARN, Owner: ours}
	wantCode(t, "without a policy", caller.Authorize(invoke), fault.AccessDenied,
		"User: arn:aws:sts::111111111111:assumed-role/function/hello is not authorized to perform: lambda:InvokeFunction on resource: "+helloARN+" because no identity-based policy allows the lambda:InvokeFunction action")

	// What a policy says counts at once, for credentials that were lent before.
	only := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*","Condition":{"ArnEquals":{"lambda:SourceFunctionArn":"` + helloARN + `"}}}]}`
	if err := f.PutRolePolicy(t.Context(), ours, "function", "invoke", only); err != nil {
		t.Fatal(err)
	}
	if caller, err = f.comeAs(t, first); err != nil || caller.Authorize(invoke) != nil {
		t.Errorf("%v, %v", err, caller.Authorize(invoke))
	}
	other := hello
	other.Session, other.ARN = "other", helloARN+"2"
	l, err := f.Lend(t.Context(), other, nil)
	if err != nil {
		t.Fatal(err)
	}
	if caller, err = f.comeAs(t, l); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "another function", caller.Authorize(invoke), fault.AccessDenied, "not authorized")

	// They are kept for half an hour, and renewed before they expire.
	f.now = f.now.Add(loanLasts/2 - time.Second)
	if lend(first) != first {
		t.Error("they were replaced before half of their time was over")
	}
	f.now = f.now.Add(time.Second)
	second := lend(first)
	if second == first || second.AccessKeyID == first.AccessKeyID || !second.Expiration.Equal(f.now.Add(loanLasts)) {
		t.Errorf("%v was to be replaced, %v has come", first, second)
	}
	if _, err := f.comeAs(t, first); err != nil {
		t.Errorf("those before: %v", err)
	}
	f.now = f.now.Add(loanLasts / 2)
	_, err = f.comeAs(t, first)
	wantSignature(t, "expired", err, sigv4.Expired, "The security token included in the request is expired")
	if _, err := f.comeAs(t, second); err != nil {
		t.Error(err)
	}

	// A role that is deleted takes them along, and another of its name does not
	// bring them back.
	second = lend(second)
	if err := f.DeleteRolePolicy(t.Context(), ours, "function", "invoke"); err != nil {
		t.Fatal(err)
	}
	if err := f.DeleteRole(t.Context(), ours, "function"); err != nil {
		t.Fatal(err)
	}
	_, err = f.comeAs(t, second)
	wantSignature(t, "a role that is gone", err, sigv4.Unknown, unknownKey)
	_, err = f.Lend(t.Context(), hello, second)
	wantCode(t, "a role that is gone", err, NoSuchEntity, "cannot be found")
	f.role(t, "function", lambdaMay)
	_, err = f.comeAs(t, second)
	wantSignature(t, "another role", err, sigv4.Unknown, unknownKey)
	if lend(second) == second {
		t.Error("credentials of a role that is gone were lent again")
	}
}

func TestLendRefuses(t *testing.T) {
	f := newFixture(t)
	r := f.role(t, "function", lambdaMay)
	others := f.role(t, "others", trusting(theirs))
	only := strings.Replace(lambdaMay, `"Action"`, `"Condition":{"StringEquals":{"aws:SourceAccount":"`+ours+`"},"ArnLike":{"aws:SourceArn":"arn:aws:lambda:*:*:function:hel*"}},"Action"`, 1)
	narrow := f.role(t, "narrow", only)
	for name, c := range map[string]struct {
		b    Borrower
		code fault.Code
	}{
		"no role":          {Borrower{Role: r.ARN() + "x"}, NoSuchEntity},
		"no ARN":           {Borrower{Role: "function"}, NoSuchEntity},
		"another path":     {Borrower{Role: "arn:aws:iam::111111111111:role/a/function"}, NoSuchEntity},
		"no trust":         {Borrower{Role: others.ARN()}, fault.AccessDenied},
		"another service":  {Borrower{Role: r.ARN(), Service: "states.amazonaws.com"}, fault.AccessDenied},
		"another account":  {Borrower{Role: r.ARN(), ARN: strings.Replace(helloARN, ours, theirs, 1)}, fault.AccessDenied},
		"another function": {Borrower{Role: narrow.ARN(), ARN: strings.Replace(helloARN, "hello", "other", 1)}, fault.AccessDenied},
	} {
		if c.b.Service == "" {
			c.b.Service = "lambda.amazonaws.com"
		}
		if c.b.ARN == "" {
			c.b.ARN = helloARN
		}
		l, err := f.Lend(t.Context(), c.b, nil)
		wantCode(t, name, err, c.code, "")
		if l != nil {
			t.Errorf("%s: lent", name)
		}
	}
	if _, err := f.Lend(t.Context(), Borrower{Role: narrow.ARN(), Session: "hello", Service: "lambda.amazonaws.com", ARN: helloARN}, nil); err != nil {
		t.Error(err)
	}
}

// TestCredentialsAreNotPrinted: neither they nor a loan of them tell a log more than
// their id.
func TestCredentialsAreNotPrinted(t *testing.T) {
	c := Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "hush", SessionToken: "tell nobody"}
	l := &Loan{Credentials: c}
	if text := fmt.Sprintf("%v %+v %#v %s %v %+v %#v", c, &c, c, c, l, *l, l); strings.Contains(text, "hush") || strings.Contains(text, "tell") || !strings.Contains(text, "ASIA1") {
		t.Error(text)
	}
}
