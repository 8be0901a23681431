package auth

import (
	"reflect"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

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
