package auth

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

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

// TestTagsOfRoles: no two are alike to conditions, however a role came to them.
func TestTagsOfRoles(t *testing.T) {
	s := newFixture(t)
	in := Role{Account: ours, Name: "tagged", RoleSettings: RoleSettings{
		Trust: lambdaMay,
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
