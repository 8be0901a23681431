package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

func TestSessions(t *testing.T) {
	f := newFixture(t)
	r := f.role(t, "app", trusting(ours))
	if err := f.PutRolePolicy(t.Context(), ours, "app", "invoke", may("lambda:InvokeFunction")); err != nil {
		t.Fatal(err)
	}
	in := AssumeRoleInput{RoleARN: r.ARN(), Session: "s1"}
	session, c, err := f.AssumeRole(t.Context(), Root(ours), in)
	if err != nil || session.ARN != "arn:aws:sts::111111111111:assumed-role/app/s1" || !c.Expiration.Equal(f.now.Add(time.Hour)) || !strings.HasPrefix(c.AccessKeyID, "ASIA") {
		t.Fatalf("%+v, %+v, %v", session, c, err)
	}
	credentials := sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: c.SessionToken}
	come := func(c sigv4.Credentials) (*Caller, error) {
		return f.come(f.signed(t, c, "eu-north-1", "lambda", "{}"), "{}")
	}
	caller, err := come(credentials)
	if err != nil || caller.ARN != session.ARN || caller.Role != r.ARN() || caller.UserID != r.ID+":s1" {
		t.Fatalf("%+v, %v", caller, err)
	}
	access := func(action string) Access {
		return Access{Action: action, Resource: "arn:aws:lambda:eu-north-1:111111111111:function:hello", Owner: ours}
	}
	if err := caller.Authorize(access("lambda:InvokeFunction")); err != nil {
		t.Error(err)
	}
	long := access("lambda:InvokeFunction")
	long.Resource += strings.Repeat("x", maxResource)
	wantCode(t, "a very long name", caller.Authorize(long), fault.AccessDenied, "at most 2048 are allowed")
	wantCode(t, "what it may not", caller.Authorize(access("lambda:DeleteFunction")), fault.AccessDenied,
		"User: arn:aws:sts::111111111111:assumed-role/app/s1 is not authorized to perform: lambda:DeleteFunction on resource: arn:aws:lambda:eu-north-1:111111111111:function:hello because no identity-based policy allows the lambda:DeleteFunction action")

	// A change of its policies counts at once.
	if err := f.AttachRolePolicy(t.Context(), ours, "app", "arn:aws:iam::aws:policy/AWSLambda_FullAccess"); err != nil {
		t.Fatal(err)
	}
	if caller, err = come(credentials); err != nil {
		t.Fatal(err)
	}
	if err := caller.Authorize(access("lambda:DeleteFunction")); err != nil {
		t.Error(err)
	}
	narrow := in
	narrow.Policy = may("lambda:GetFunction")
	_, c, err = f.AssumeRole(t.Context(), Root(ours), narrow)
	if err != nil {
		t.Fatal(err)
	}
	if caller, err = come(sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: c.SessionToken}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "what the session's policy does not allow", caller.Authorize(access("lambda:InvokeFunction")), fault.AccessDenied, "because no session policy allows")

	// The token is for its key alone, and cannot be altered.
	altered := "A"
	if c.SessionToken[0] == 'A' {
		altered = "B"
	}
	for _, wrong := range []sigv4.Credentials{
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey},
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: credentials.Token},
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: altered + c.SessionToken[1:]},
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: "%"},
	} {
		_, err := come(wrong)
		wantSignature(t, "another token", err, sigv4.Unknown, unknownKey)
	}
	f.now = f.now.Add(time.Hour)
	_, err = come(credentials)
	wantSignature(t, "an expired session", err, sigv4.Expired, expired)
	f.now = f.now.Add(-30 * time.Minute)

	// A role of the same name is another role.
	wantCode(t, "with policies", f.DeleteRole(t.Context(), ours, "app"), DeleteConflict, "must detach all policies first")
	if err := f.DetachRolePolicy(t.Context(), ours, "app", "arn:aws:iam::aws:policy/AWSLambda_FullAccess"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "with a policy", f.DeleteRole(t.Context(), ours, "app"), DeleteConflict, "must delete policies first")
	if err := f.DeleteRolePolicy(t.Context(), ours, "app", "invoke"); err != nil {
		t.Fatal(err)
	}
	if err := f.DeleteRole(t.Context(), ours, "app"); err != nil {
		t.Fatal(err)
	}
	_, err = come(credentials)
	wantSignature(t, "a session of a deleted role", err, sigv4.Unknown, unknownKey)
	f.role(t, "app", trusting(ours))
	_, err = come(credentials)
	wantSignature(t, "a session of a role made anew", err, sigv4.Unknown, unknownKey)
}

func TestAssumeRoleRefuses(t *testing.T) {
	f := newFixture(t)
	app := f.role(t, "app", trusting(ours))
	function := f.role(t, "function", lambdaMay)
	arn := "arn:aws:iam::111111111111:role/app"
	for _, c := range []struct {
		name   string
		caller *Caller
		in     AssumeRoleInput
		code   fault.Code
		text   string
	}{
		{"a role that trusts services", Root(ours), AssumeRoleInput{RoleARN: function.ARN(), Session: "s1"}, fault.AccessDenied, "is not authorized to perform: sts:AssumeRole on resource: " + function.ARN()},
		{"another account", Root(theirs), AssumeRoleInput{RoleARN: arn, Session: "s1"}, fault.AccessDenied, "User: arn:aws:iam::222222222222:root is not authorized"},
		{"no role", Root(ours), AssumeRoleInput{RoleARN: arn + "x", Session: "s1"}, fault.AccessDenied, "is not authorized"},
		{"another path", Root(ours), AssumeRoleInput{RoleARN: "arn:aws:iam::111111111111:role/a/app", Session: "s1"}, fault.AccessDenied, "is not authorized"},
		{"no ARN", Root(ours), AssumeRoleInput{RoleARN: "app", Session: "s1"}, fault.Validation, "app is invalid"},
		{"no session", Root(ours), AssumeRoleInput{RoleARN: arn, Session: "a b"}, fault.Validation, "roleSessionName"},
		{"too long", Root(ours), AssumeRoleInput{RoleARN: arn, Session: "s1", Lasts: 2 * time.Hour}, fault.Validation, "MaxSessionDuration"},
		{"too short", Root(ours), AssumeRoleInput{RoleARN: arn, Session: "s1", Lasts: time.Minute}, fault.Validation, "900"},
		{"a malformed policy", Root(ours), AssumeRoleInput{RoleARN: arn, Session: "s1", Policy: "{}"}, MalformedPolicy, "Statement"},
		{"a role without permission", asRole(&role{Role: app, trust: nil}, "s2"), AssumeRoleInput{RoleARN: arn, Session: "s1"}, fault.AccessDenied, "because no identity-based policy allows"},
	} {
		_, _, err := f.AssumeRole(t.Context(), c.caller, c.in)
		wantCode(t, c.name, err, c.code, c.text)
	}
}

func TestSessionToken(t *testing.T) {
	f := newFixture(t)
	c, err := f.SessionToken(Root(ours), 0)
	if err != nil || !c.Expiration.Equal(f.now.Add(time.Hour)) {
		t.Fatalf("%+v, %v", c, err)
	}
	caller, err := f.come(f.signed(t, sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: c.SessionToken}, "eu-north-1", "lambda", ""), "")
	if err != nil || caller.ARN != Root(ours).ARN {
		t.Fatalf("%+v, %v", caller, err)
	}
	_, err = f.SessionToken(caller, 0)
	wantCode(t, "with a session", err, fault.AccessDenied, "Cannot call GetSessionToken with session credentials")
}
