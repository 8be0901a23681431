package function_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

func grant(name, statement, principal string) function.AddLayerPermissionInput {
	return function.AddLayerPermissionInput{Name: name, Version: 1, StatementID: &statement, Action: ptr("lambda:GetLayerVersion"), Principal: &principal}
}

func TestLayerPermissions(t *testing.T) {
	s := newService(t, function.Config{})
	v := publishLayer(t, s, "l", "a", "")
	_, err := s.LayerPolicy(t.Context(), "l", 1)
	wantFault(t, "no policy", err, fault.ResourceNotFound, "No policy is associated with the given resource.")
	wantFault(t, "removing from none", s.RemoveLayerPermission(t.Context(), "l", 1, "s", ""), fault.ResourceNotFound, "No policy is associated with the given resource.")

	first, one, err := s.AddLayerPermission(t.Context(), grant("l", "s1", "*"))
	want := `{"Sid":"s1","Effect":"Allow","Principal":"*","Action":"lambda:GetLayerVersion","Resource":"` + v.ARN + `"}`
	if err != nil || first != want {
		t.Fatalf("added %s, %v\nwant %s", first, err, want)
	}
	org := grant("l", "s2", "111111111111")
	org.OrganizationID, org.RevisionID = ptr("o-0123456789"), one
	second, two, err := s.AddLayerPermission(t.Context(), org)
	want = `{"Sid":"s2","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"lambda:GetLayerVersion","Resource":"` + v.ARN +
		`","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-0123456789"}}}`
	if err != nil || second != want || two == one {
		t.Fatalf("added %s with revision %s after %s, %v\nwant %s", second, two, one, err, want)
	}
	p, err := s.LayerPolicy(t.Context(), "l", 1)
	if want := `{"Version":"2012-10-17","Id":"default","Statement":[` + first + "," + second + `]}`; err != nil || p.Document != want || p.RevisionID != two {
		t.Errorf("policy %+v, %v\nwant %s", p, err, want)
	}

	for name, c := range map[string]struct {
		change func(*function.AddLayerPermissionInput)
		code   fault.Code
		want   string
	}{
		"the same":     {func(in *function.AddLayerPermissionInput) { in.StatementID = ptr("s1") }, fault.ResourceConflict, "The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement."},
		"revision":     {func(in *function.AddLayerPermissionInput) { in.RevisionID = one }, fault.PreconditionFailed, "Call the GetLayerPolicy API to retrieve the latest Revision Id"},
		"action":       {func(in *function.AddLayerPermissionInput) { in.Action = ptr("*") }, fault.Validation, "1 validation error detected: Value '*' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: lambda:GetLayerVersion"},
		"principal":    {func(in *function.AddLayerPermissionInput) { in.Principal = ptr("me") }, fault.Validation, `at 'principal' failed to satisfy constraint: Member must satisfy regular expression pattern: \d{12}|\*|arn:(aws`},
		"organisation": {func(in *function.AddLayerPermissionInput) { in.OrganizationID = ptr("x") }, fault.Validation, "at 'organizationId'"},
		"nothing": {func(in *function.AddLayerPermissionInput) {
			*in = function.AddLayerPermissionInput{Name: "l", Version: 1}
		}, fault.Validation, "3 validation errors detected"},
		"layer":   {func(in *function.AddLayerPermissionInput) { in.Name = "none" }, fault.ResourceNotFound, "Layer version " + strings.Replace(v.ARN, ":l:", ":none:", 1) + " does not exist."},
		"version": {func(in *function.AddLayerPermissionInput) { in.Version = 2 }, fault.ResourceNotFound, "Layer version " + v.LayerARN + ":2 does not exist."},
		"no":      {func(in *function.AddLayerPermissionInput) { in.Version = 0 }, fault.InvalidParameterValue, "Layer Version Cannot be less than 1"},
	} {
		in := grant("l", "s3", "*")
		c.change(&in)
		_, _, err := s.AddLayerPermission(t.Context(), in)
		wantFault(t, name, err, c.code, c.want)
	}
	for name, c := range map[string]struct {
		err  error
		code fault.Code
		want string
	}{
		"statement": {s.RemoveLayerPermission(t.Context(), "l", 1, "s3", ""), fault.ResourceNotFound, "Statement s3 is not found in resource policy."},
		"revision":  {s.RemoveLayerPermission(t.Context(), "l", 1, "s1", one), fault.PreconditionFailed, "GetLayerPolicy"},
		"layer":     {s.RemoveLayerPermission(t.Context(), "none", 1, "s1", ""), fault.ResourceNotFound, "does not exist."},
		"id":        {s.RemoveLayerPermission(t.Context(), "l", 1, "s.1", ""), fault.Validation, "statementId"},
	} {
		wantFault(t, "remove: "+name, c.err, c.code, c.want)
	}
	if err := s.RemoveLayerPermission(t.Context(), "l", 1, "s1", two); err != nil {
		t.Fatal(err)
	}
	if p, err := s.LayerPolicy(t.Context(), "l", 1); err != nil || strings.Contains(p.Document, `"s1"`) || p.RevisionID == two {
		t.Errorf("after one was removed: %+v, %v", p, err)
	}
}

// TestLayerPolicySize: policies are not larger than AWS lets them be, and one that was
// refused changes nothing.
func TestLayerPolicySize(t *testing.T) {
	s := newService(t, function.Config{})
	publishLayer(t, s, "l", "a", "")
	var err error
	n := 0
	for ; n < 1000 && err == nil; n++ {
		_, _, err = s.AddLayerPermission(t.Context(), grant("l", strings.Repeat("s", 90)+strings.Repeat("1", n%10)+string(rune('a'+n/10)), "*"))
	}
	wantFault(t, "too many", err, fault.PolicyLengthExceeded, "is bigger than the limit (20480)")
	p, err := s.LayerPolicy(t.Context(), "l", 1)
	var document struct{ Statement []json.RawMessage }
	if err != nil || json.Unmarshal([]byte(p.Document), &document) != nil || len(document.Statement) != n-1 || len(p.Document) > 20480 {
		t.Errorf("%d bytes with %d statements, %v; want %d", len(p.Document), len(document.Statement), err, n-1)
	}
}

// TestLayerResourcePolicy: another account's Service decides by it.
func TestLayerResourcePolicy(t *testing.T) {
	st := openStore(t, t.TempDir())
	s, other := newService(t, function.Config{Store: st}), newService(t, function.Config{Store: st, Account: "111111111111"})
	v := publishLayer(t, s, "l", "a.txt", "shared")
	arn, _ := function.ParseLayerVersion(v.ARN)
	if p, err := other.LayerResourcePolicy(t.Context(), arn); p != nil || err != nil {
		t.Errorf("without a policy: %v, %v", p, err)
	}
	if _, _, err := s.AddLayerPermission(t.Context(), grant("l", "s", "111111111111")); err != nil {
		t.Fatal(err)
	}
	document, err := other.LayerResourcePolicy(t.Context(), arn)
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]bool{"111111111111": true, "222222222222": false} {
		request := &policy.Request{
			Caller: policy.Principal{Kind: policy.Root, Account: account, ARN: "arn:aws:iam::" + account + ":root"},
			Action: "lambda:GetLayerVersion", Resource: v.ARN, Owner: "000000000000",
		}
		if got := policy.Decide(request, policy.Grants{Resource: document}).Allowed(); got != want {
			t.Errorf("account %s may: %t, want %t", account, got, want)
		}
	}
	layered(t, other, "f", v.ARN)
	if got := opt(t, other, function.Ref{Name: "f"}, "a.txt")["a.txt"]; got != "shared" {
		t.Errorf("the other account's function read %v", got)
	}
}
