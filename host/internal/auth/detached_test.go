package auth

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/store"
)

type identities = store.Identities // which has a method of that name

// latePolicies is a store that reads policies late, once.
type latePolicies struct {
	identities
	until func() // what it waits for; nil for nothing
}

func (s *latePolicies) Identity(ctx context.Context, key store.IdentityKey) (store.Identity, error) {
	if until := s.until; until != nil && key.Kind == store.Policy {
		s.until = nil
		until()
	}
	return s.identities.Identity(ctx, key)
}

// TestDetachedWhileRead detaches a policy from a role and deletes it while the role is
// read, which was then taken for one that is not there: what it was lent to lost its
// credentials.
func TestDetachedWhileRead(t *testing.T) {
	f := newFixture(t)
	late := &latePolicies{identities: f.config.Store}
	f.config.Store = late
	f.role(t, "r", lambdaMay)
	p, err := f.CreatePolicy(t.Context(), ManagedPolicy{Account: ours, Name: "p", PolicySettings: PolicySettings{Document: may("lambda:Get*")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.AttachRolePolicy(t.Context(), ours, "r", p.ARN()); err != nil {
		t.Fatal(err)
	}
	late.until = func() {
		if err := f.DetachRolePolicy(t.Context(), ours, "r", p.ARN()); err != nil {
			t.Error(err)
		}
		if err := f.DeletePolicy(t.Context(), ours, p.ARN()); err != nil {
			t.Error(err)
		}
	}
	r, err := f.Service.role(t.Context(), ours, "r")
	if err != nil || len(r.documents) != 0 || len(r.Attached) != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	// A policy that is gone by no change of ours is a failure, and no role that is not
	// there.
	if p, err = f.CreatePolicy(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := f.AttachRolePolicy(t.Context(), ours, "r", p.ARN()); err != nil {
		t.Fatal(err)
	}
	if err := f.config.Store.DeleteIdentity(t.Context(), policyKey(ours, "p"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err = f.Service.role(t.Context(), ours, "r"); err == nil || isNotFound(err) {
		t.Errorf("without its policy: %v", err)
	}
}
