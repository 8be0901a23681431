package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

const ours, theirs = "111111111111", "222222222222"

// fixture is a Service with a clock that stands until it is moved.
type fixture struct {
	*Service
	dir string
	now time.Time
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{dir: t.TempDir(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	opened, err := store.Open(f.dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, err := OpenSealer(filepath.Join(f.dir, "secret.key"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f.Service, err = New(Config{Store: opened, Sealer: sealer, Account: ours, Region: "eu-north-1", Now: func() time.Time { return f.now }})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// header is a sigv4.Header.
type header struct{ http.Header }

func (h header) Fields(yield func(name, value []byte) bool) {
	for name, values := range h.Header {
		for _, value := range values {
			if !yield([]byte(name), []byte(value)) {
				return
			}
		}
	}
}

// signed is a request that was signed.
func (f *fixture) signed(t *testing.T, c sigv4.Credentials, region, service, body string) *sigv4.Request {
	t.Helper()
	r, err := http.NewRequest("POST", "http://localhost:9000/2015-03-31/functions/hello%3A1/invocations?Qualifier=1&a=b%20c", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Amz-Sdk-Invocation-Id", rand.Text())
	r.Header.Set("X-Amz-Log-Type", "Tail")
	if err := sigv4.Sign(r, []byte(body), c, region, service, f.now); err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Host", r.URL.Host)
	return &sigv4.Request{Method: "POST", Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: header{r.Header}}
}

// come authenticates a request.
func (f *fixture) come(r *sigv4.Request, body string) (*Caller, error) {
	claim, err := f.Begin(context.Background(), r, "lambda")
	if err != nil {
		return nil, err
	}
	caller, _, err := claim.Finish(r, []byte(body))
	return caller, err
}

func (f *fixture) key(t *testing.T, account, role string) sigv4.Credentials {
	t.Helper()
	k, secret, err := f.CreateKey(t.Context(), account, role)
	if err != nil {
		t.Fatal(err)
	}
	return sigv4.Credentials{AccessKeyID: k.ID, SecretAccessKey: secret}
}

func wantSignature(t *testing.T, what string, err error, kind sigv4.Kind, text string) {
	t.Helper()
	var refused *sigv4.Error
	if !errors.As(err, &refused) || refused.Kind != kind || !strings.Contains(refused.Message, text) {
		t.Errorf("%s: %v, want kind %d, %q", what, err, kind, text)
	}
}

func wantCode(t *testing.T, what string, err error, code fault.Code, text string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code || !strings.Contains(f.Message, text) {
		t.Errorf("%s: %v, want %s: %q", what, err, code, text)
	}
}

func TestKeys(t *testing.T) {
	f := newFixture(t)
	c := f.key(t, "", "")
	if len(c.AccessKeyID) != 20 || len(c.SecretAccessKey) != 40 || !strings.HasPrefix(c.AccessKeyID, "AKIA") {
		t.Errorf("%+v", c)
	}
	caller, err := f.come(f.signed(t, c, "eu-north-1", "lambda", "{}"), "{}")
	if err != nil || caller.ARN != "arn:aws:iam::111111111111:root" || caller.KeyID != c.AccessKeyID || caller.Account != ours {
		t.Fatalf("%+v, %v", caller, err)
	}
	other := f.key(t, theirs, "")
	if caller, err = f.come(f.signed(t, other, "eu-north-1", "lambda", ""), ""); err != nil || caller.Account != theirs {
		t.Errorf("%+v, %v", caller, err)
	}
	all, err := f.Keys(t.Context())
	if err != nil || len(all) != 2 || !slices.ContainsFunc(all, func(k AccessKey) bool { return k.ID == c.AccessKeyID && k.Created.Equal(f.now) }) {
		t.Errorf("%+v, %v", all, err)
	}
	if err := f.DeleteKey(t.Context(), c.AccessKeyID); err != nil {
		t.Fatal(err)
	}
	_, err = f.come(f.signed(t, c, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "a deleted key", err, sigv4.Unknown, unknownKey)
	wantCode(t, "deleting it again", f.DeleteKey(t.Context(), c.AccessKeyID), fault.ResourceNotFound, c.AccessKeyID)
	_, _, err = f.CreateKey(t.Context(), "12", "")
	wantCode(t, "no account", err, fault.InvalidParameterValue, "12 digits")
	_, _, err = f.CreateKey(t.Context(), "", "nobody")
	wantCode(t, "no role", err, NoSuchEntity, "nobody")
}

// TestSecretsAreNotInTheDatabase looks for them in all files but the key's.
func TestSecretsAreNotInTheDatabase(t *testing.T) {
	f := newFixture(t)
	c := f.key(t, "", "")
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(c.SecretAccessKey)) {
			t.Errorf("%s has the secret", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := f.config.Store.AccessKey(t.Context(), c.AccessKeyID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.config.Sealer.open(stored.Secret, purpose("another")); err == nil {
		t.Error("the secret of one key can be taken for that of another")
	}
}

func TestSealer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	first, err := OpenSealer(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := first.seal([]byte("hello"), "p")
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenSealer(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.open(sealed, "p"); err != nil || string(text) != "hello" {
		t.Errorf("%q, %v", text, err)
	}
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		if _, err := again.open(damaged, "p"); err == nil {
			t.Errorf("with a bit of byte %d flipped, it opens", i)
		}
	}
	if _, err := again.open(sealed[:3], "p"); err == nil {
		t.Error("a part of it opens")
	}
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenSealer(path, rand.Reader); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("readable by all: %v", err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSealer(path, rand.Reader); err == nil || !strings.Contains(err.Error(), "5 bytes, want 32") {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	f := newFixture(t)
	c := f.key(t, "", "")
	request := func() *sigv4.Request { return f.signed(t, c, "eu-north-1", "lambda", "{}") }
	_, err := f.come(request(), "{ }")
	wantSignature(t, "another body", err, sigv4.Invalid, "does not match")
	wrong := c
	wrong.SecretAccessKey += "x"
	_, err = f.come(f.signed(t, wrong, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "a wrong secret", err, sigv4.Invalid, "does not match")
	unknown := c
	unknown.AccessKeyID = "AKIAUNKNOWN"
	_, err = f.come(f.signed(t, unknown, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "an unknown key", err, sigv4.Unknown, unknownKey)
	with := c
	with.Token = "x"
	_, err = f.come(f.signed(t, with, "eu-north-1", "lambda", "{}"), "{}")
	wantSignature(t, "a token with a lasting key", err, sigv4.Unknown, unknownKey)
	_, err = f.come(f.signed(t, c, "us-east-1", "lambda", "{}"), "{}")
	wantSignature(t, "another region", err, sigv4.Invalid, "valid region")
	_, err = f.come(f.signed(t, c, "eu-north-1", "s3", "{}"), "{}")
	wantSignature(t, "another service", err, sigv4.Invalid, "correct service: 'lambda'")
	once := request()
	if _, err := f.come(once, "{}"); err != nil {
		t.Fatal(err)
	}
	_, err = f.come(once, "{}")
	wantSignature(t, "a replayed request", err, sigv4.Invalid, "used before")
	late := request()
	f.now = f.now.Add(6 * time.Minute)
	_, err = f.come(late, "{}")
	wantSignature(t, "an expired request", err, sigv4.Invalid, "Signature expired: 20260301T120000Z is now earlier than 20260301T120100Z (20260301T120600Z - 5 min.)")
	// What was refused was not remembered as used.
	_, err = f.Begin(t.Context(), f.signed(t, c, "us-east-1", "iam", ""), "iam")
	if err != nil {
		t.Errorf("a service without regions: %v", err)
	}
}

const lambdaMay = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func trusting(who string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + who + `"},"Action":"sts:AssumeRole"}]}`
}

func (f *fixture) role(t *testing.T, name, trust string) Role {
	t.Helper()
	r, err := f.CreateRole(t.Context(), Role{Account: ours, Name: name, RoleSettings: RoleSettings{Trust: trust}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func may(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
}

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
	session, c, err = f.AssumeRole(t.Context(), Root(ours), narrow)
	if err != nil {
		t.Fatal(err)
	}
	if caller, err = come(sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: c.SessionToken}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "what the session's policy does not allow", caller.Authorize(access("lambda:InvokeFunction")), fault.AccessDenied, "because no session policy allows")

	// The token is for its key alone, and cannot be altered.
	for _, wrong := range []sigv4.Credentials{
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey},
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: credentials.Token},
		{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, Token: "A" + c.SessionToken[1:]},
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

func TestKeyOfRole(t *testing.T) {
	f := newFixture(t)
	f.role(t, "ci", trusting(ours))
	c := f.key(t, "", "ci")
	caller, err := f.come(f.signed(t, c, "eu-north-1", "lambda", ""), "")
	if err != nil || caller.Role != "arn:aws:iam::111111111111:role/ci" {
		t.Fatalf("%+v, %v", caller, err)
	}
	if err := f.DeleteRole(t.Context(), ours, "ci"); err != nil {
		t.Fatal(err)
	}
	_, err = f.come(f.signed(t, c, "eu-north-1", "lambda", ""), "")
	wantSignature(t, "a key of a deleted role", err, sigv4.Unknown, unknownKey)
}

func TestManagedPolicies(t *testing.T) {
	f := newFixture(t)
	for path, text := range ofAWS {
		if _, err := policy.Parse([]byte(text), policy.Identity); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	p, err := f.CreatePolicy(t.Context(), ManagedPolicy{Account: ours, Name: "invoke", PolicySettings: PolicySettings{Path: "/team/", Document: may("lambda:InvokeFunction")}})
	if err != nil || p.ARN() != "arn:aws:iam::111111111111:policy/team/invoke" {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = f.CreatePolicy(t.Context(), p)
	wantCode(t, "again", err, EntityAlreadyExists, "invoke")
	f.role(t, "app", lambdaMay)
	if err := f.AttachRolePolicy(t.Context(), ours, "app", p.ARN()); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "attached", f.DeletePolicy(t.Context(), ours, p.ARN()), DeleteConflict, "attached to entities")
	wantCode(t, "another account's", f.AttachRolePolicy(t.Context(), ours, "app", strings.Replace(p.ARN(), ours, theirs, 1)), NoSuchEntity, "does not exist")
	wantCode(t, "another path", f.AttachRolePolicy(t.Context(), ours, "app", strings.Replace(p.ARN(), "team", "other", 1)), NoSuchEntity, "does not exist")
	wantCode(t, "AWS's, unknown", f.AttachRolePolicy(t.Context(), ours, "app", "arn:aws:iam::aws:policy/Nothing"), NoSuchEntity, "does not exist")
	if err := f.DetachRolePolicy(t.Context(), ours, "app", p.ARN()); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "detached again", f.DetachRolePolicy(t.Context(), ours, "app", p.ARN()), NoSuchEntity, "was not found")
	if err := f.DeletePolicy(t.Context(), ours, p.ARN()); err != nil {
		t.Fatal(err)
	}
	_, err = f.Policy(t.Context(), ours, p.ARN())
	wantCode(t, "deleted", err, NoSuchEntity, "does not exist")
	_, err = f.CreatePolicy(t.Context(), ManagedPolicy{Account: ours, Name: "x", PolicySettings: PolicySettings{Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"x"}]}`}})
	wantCode(t, "malformed", err, MalformedPolicy, "must be in ARN format")
}

// TestPolicyVersions has what a role may change with the version of its policy that
// counts.
func TestPolicyVersions(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	p, err := f.CreatePolicy(ctx, ManagedPolicy{Account: ours, Name: "p", PolicySettings: PolicySettings{Document: may("lambda:InvokeFunction")}})
	if err != nil || p.Default != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	f.role(t, "app", lambdaMay)
	if err := f.AttachRolePolicy(ctx, ours, "app", p.ARN()); err != nil {
		t.Fatal(err)
	}
	counts := func(number int, document string) {
		t.Helper()
		got, err := f.Policy(ctx, ours, p.ARN())
		if err != nil || got.Default != number || got.Document != document {
			t.Errorf("version %d counts, %s, %v; want %d", got.Default, got.Document, err, number)
		}
		r, err := f.Service.role(ctx, ours, "app")
		if want, _ := policy.Parse([]byte(document), policy.Identity); err != nil || !reflect.DeepEqual(r.documents, []*policy.Document{want}) {
			t.Errorf("the role may %+v, %v", r.documents, err)
		}
	}
	counts(1, may("lambda:InvokeFunction"))
	for n := 2; n <= maxVersions; n++ {
		v, err := f.CreatePolicyVersion(ctx, ours, p.ARN(), may("lambda:Get*"), n == 3)
		if err != nil || v.Number != n {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	counts(3, may("lambda:Get*"))
	_, err = f.CreatePolicyVersion(ctx, ours, p.ARN(), may("*"), true)
	wantCode(t, "too many", err, LimitExceeded, "up to 5 versions")
	wantCode(t, "what counts", f.DeletePolicyVersion(ctx, ours, p.ARN(), 3), DeleteConflict, "default version")
	wantCode(t, "what has versions", f.DeletePolicy(ctx, ours, p.ARN()), DeleteConflict, "more than one version")
	wantCode(t, "no version", f.SetDefaultPolicyVersion(ctx, ours, p.ARN(), 6), NoSuchEntity, "version v6 does not exist")
	if err := f.SetDefaultPolicyVersion(ctx, ours, p.ARN(), 1); err != nil {
		t.Error(err)
	}
	counts(1, may("lambda:InvokeFunction"))
	if err := f.DeletePolicyVersion(ctx, ours, p.ARN(), 5); err != nil {
		t.Error(err)
	}
	wantCode(t, "deleted before", f.DeletePolicyVersion(ctx, ours, p.ARN(), 5), NoSuchEntity, "version v5")
	if v, err := f.CreatePolicyVersion(ctx, ours, p.ARN(), may("*"), false); err != nil || v.Number != 6 {
		t.Errorf("a number is used again: %+v, %v", v, err)
	}
	_, err = f.CreatePolicyVersion(ctx, ours, p.ARN(), "{}", true)
	wantCode(t, "malformed", err, MalformedPolicy, "")
	_, err = f.CreatePolicyVersion(ctx, ours, "arn:aws:iam::aws:policy/AWSLambda_FullAccess", may("*"), true)
	wantCode(t, "AWS's", err, fault.AccessDenied, "AWS's policies")
	_, err = f.CreatePolicyVersion(ctx, theirs, p.ARN(), may("*"), true)
	wantCode(t, "another account's", err, NoSuchEntity, "does not exist")
}

func TestRolesAreChecked(t *testing.T) {
	f := newFixture(t)
	r := f.role(t, "app", lambdaMay)
	if r.Path != "/" || r.MaxSession != 3600 || !strings.HasPrefix(r.ID, "AROA") {
		t.Errorf("%+v", r)
	}
	for name, c := range map[string]struct {
		role Role
		code fault.Code
	}{
		"again":   {Role{Account: ours, Name: "app", RoleSettings: RoleSettings{Trust: lambdaMay}}, EntityAlreadyExists},
		"nobody":  {Role{Account: ours, Name: "Lambent", RoleSettings: RoleSettings{Trust: lambdaMay}}, InvalidInput},
		"name":    {Role{Account: ours, Name: "a b", RoleSettings: RoleSettings{Trust: lambdaMay}}, fault.Validation},
		"path":    {Role{Account: ours, Name: "x", RoleSettings: RoleSettings{Trust: lambdaMay, Path: "a"}}, fault.Validation},
		"trust":   {Role{Account: ours, Name: "x", RoleSettings: RoleSettings{Trust: "{}"}}, MalformedPolicy},
		"long":    {Role{Account: ours, Name: "x", RoleSettings: RoleSettings{Trust: lambdaMay + strings.Repeat(" ", maxTrust)}}, LimitExceeded},
		"session": {Role{Account: ours, Name: "x", RoleSettings: RoleSettings{Trust: lambdaMay, MaxSession: 60}}, fault.Validation},
	} {
		_, err := f.CreateRole(t.Context(), c.role)
		wantCode(t, name, err, c.code, "")
	}
	wantCode(t, "a policy that is too long", f.PutRolePolicy(t.Context(), ours, "app", "p", strings.Repeat(" ", maxInline)+may("*")), LimitExceeded, "Maximum policy size")
	wantCode(t, "a policy's name", f.PutRolePolicy(t.Context(), ours, "app", "a b", may("*")), fault.Validation, "policyName")
	wantCode(t, "no role", f.PutRolePolicy(t.Context(), ours, "x", "p", may("*")), NoSuchEntity, "The role with name x cannot be found.")
	_, err := f.RolePolicy(t.Context(), ours, "app", "p")
	wantCode(t, "no policy", err, NoSuchEntity, "The role policy with name p cannot be found.")
	all, err := f.Roles(t.Context(), ours, "", 10)
	if err != nil || len(all) != 1 || all[0].Name != "app" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestLink(t *testing.T) {
	f := newFixture(t)
	link := f.Link("code/0d3f")
	if !f.IsLink("code/0d3f", link) {
		t.Errorf("%s is not good", link)
	}
	for what, query := range map[string]string{"code/0d3e": link, "code/0d3f": strings.Replace(link, "Expires=1", "Expires=2", 1), "code/0d3f ": link} {
		if f.IsLink(what, query) {
			t.Errorf("%s is good for %s", query, what)
		}
	}
	for _, query := range []string{"", "Expires=x", "%zz", "Expires=99999999999&Signature=00"} {
		if f.IsLink("code/0d3f", query) {
			t.Errorf("%q is good", query)
		}
	}
	f.now = f.now.Add(linkLasts)
	if f.IsLink("code/0d3f", link) {
		t.Error("it is good for too long")
	}
}

// TestTagsOfRoles: no two are alike to conditions, however a role came to them.
func TestTagsOfRoles(t *testing.T) {
	s := newFixture(t)
	in := Role{Account: ours, Name: "tagged", RoleSettings: RoleSettings{
		Trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
		Tags:  map[string]string{"team": "blue", "Team": "red"},
	}}
	if _, err := s.CreateRole(t.Context(), in); err == nil {
		t.Error("a role with tags that are alike was made")
	}
	delete(in.Tags, "Team")
	if _, err := s.CreateRole(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	err := s.ChangeRole(t.Context(), ours, "tagged", func(r *Role) error {
		r.Tags["TEAM"] = "red"
		return nil
	})
	if err == nil {
		t.Error("a role came to tags that are alike")
	}
}
