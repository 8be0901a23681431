package function_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// permission is what a bucket of S3 asks for.
func permission(name, qualifier, id string) function.AddPermissionInput {
	return function.AddPermissionInput{
		Ref: ref(name, qualifier), StatementID: &id, Action: ptr("lambda:InvokeFunction"), Principal: ptr("s3.amazonaws.com"), SourceARN: ptr("arn:aws:s3:::bucket"),
	}
}

// TestStatements has every field become what AWS makes of it, to the order of
// members; and what was made decides.
func TestStatements(t *testing.T) {
	s, ctx := newService(t, function.Config{Account: "111111111111"}), t.Context()
	active(t, s, "f", packGuest(t, "echo"))
	const resource = `"Resource":"arn:aws:lambda:us-east-1:111111111111:function:f"`
	for _, c := range []struct {
		id   string
		set  func(*function.AddPermissionInput)
		want string
	}{
		{"s3", func(*function.AddPermissionInput) {},
			`{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction",` + resource + `,"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::bucket"}}}`},
		{"session", func(in *function.AddPermissionInput) {
			in.Principal, in.SourceARN = ptr("arn:aws:sts::123456789012:user/moto"), nil
		}, `{"Sid":"session","Effect":"Allow","Principal":{"AWS":"arn:aws:sts::123456789012:user/moto"},"Action":"lambda:InvokeFunction",` + resource + `}`},
		{"all", func(in *function.AddPermissionInput) { in.Principal, in.SourceARN = ptr("*"), nil },
			`{"Sid":"all","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction",` + resource + `}`},
		{"account", func(in *function.AddPermissionInput) {
			in.Principal, in.SourceARN, in.Action = ptr("222222222222"), nil, ptr("lambda:*")
		}, `{"Sid":"account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"lambda:*",` + resource + `}`},
		{"role", func(in *function.AddPermissionInput) {
			in.Principal, in.SourceARN, in.SourceAccount = ptr("arn:aws:iam::222222222222:role/r"), nil, ptr("111111111111")
		}, `{"Sid":"role","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:role/r"},"Action":"lambda:InvokeFunction",` + resource + `,"Condition":{"StringEquals":{"AWS:SourceAccount":"111111111111"}}}`},
		{"url", func(in *function.AddPermissionInput) {
			in.Action, in.Principal, in.SourceAccount, in.PrincipalOrgID, in.FunctionURLAuthType = ptr("lambda:InvokeFunctionUrl"), ptr("*"), ptr("111111111111"), ptr("o-1234567890"), ptr("NONE")
		}, `{"Sid":"url","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl",` + resource + `,"Condition":{"StringEquals":{"AWS:SourceAccount":"111111111111","lambda:FunctionUrlAuthType":"NONE","aws:PrincipalOrgID":"o-1234567890"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::bucket"}}}`},
		{"alexa", func(in *function.AddPermissionInput) {
			in.Principal, in.SourceARN, in.EventSourceToken = ptr("alexa-appkit.amazon.com"), nil, ptr("amzn1.ask.skill.x")
		}, `{"Sid":"alexa","Effect":"Allow","Principal":{"Service":"alexa-appkit.amazon.com"},"Action":"lambda:InvokeFunction",` + resource + `,"Condition":{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.x"}}}`},
		{"via-url", func(in *function.AddPermissionInput) {
			in.Principal, in.SourceARN, in.InvokedViaFunctionURL = ptr("*"), nil, true
		}, `{"Sid":"via-url","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction",` + resource + `,"Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}`},
		{"html", func(in *function.AddPermissionInput) { in.SourceARN = ptr("arn:aws:s3:::a&b<c>") },
			`{"Sid":"html","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction",` + resource + `,"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::a&b<c>"}}}`},
	} {
		in := permission("f", "", c.id)
		c.set(&in)
		got, err := s.AddPermission(ctx, in)
		if err != nil || got != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.id, err, got, c.want)
		}
		whole := `{"Version":"2012-10-17","Id":"default","Statement":[` + got + `]}`
		if p, err := s.Policy(ctx, ref("f", "")); err != nil || p.Document != whole {
			t.Errorf("%s: %v\nthe policy is %s", c.id, err, p.Document)
		}
		if _, err := policy.Parse([]byte(whole), policy.Resource); err != nil {
			t.Errorf("%s: %v", c.id, err)
		}
		if err := s.RemovePermission(ctx, function.RemovePermissionInput{Ref: ref("f", ""), StatementID: c.id}); err != nil {
			t.Errorf("%s: %v", c.id, err)
		}
	}
	_, err := s.Policy(ctx, ref("f", ""))
	wantFault(t, "a policy without statements", err, fault.ResourceNotFound, "The resource you requested does not exist.")
}

// TestPolicies has a policy for each qualifier.
func TestPolicies(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	three(t, s)
	live := createAlias(t, s, "live", "1", nil)
	sids := func(qualifier string) string {
		t.Helper()
		p, err := s.Policy(ctx, ref("f", qualifier))
		if err != nil {
			wantFault(t, qualifier, err, fault.ResourceNotFound, "The resource you requested does not exist.")
			return ""
		}
		var document struct {
			Statement []struct{ Sid, Resource string }
		}
		if err := json.Unmarshal([]byte(p.Document), &document); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, one := range document.Statement {
			if one.Resource != s.ARN(ref("f", qualifier)) {
				t.Errorf("the policy of %q has a statement for %s", qualifier, one.Resource)
			}
			all = append(all, one.Sid)
		}
		return strings.Join(all, " ")
	}
	// decides reports whether S3 may invoke, as the policy in force has it.
	decides := func(qualifier string, want policy.Effect) {
		t.Helper()
		d, err := s.ResourcePolicy(ctx, ref("f", qualifier))
		got := policy.Evaluate(&policy.Request{
			Caller: policy.Principal{Kind: policy.Service, ARN: "s3.amazonaws.com"}, Action: "lambda:InvokeFunction", Resource: s.ARN(ref("f", qualifier)),
			Keys: policy.Map{"aws:sourcearn": {"arn:aws:s3:::bucket"}},
		}, d)
		if err != nil || got != want {
			t.Errorf("S3 may invoke %q: %v, %v; want %v", qualifier, got, err, want)
		}
	}
	for _, qualifier := range []string{"", "1", "live"} {
		decides(qualifier, policy.Silent)
		for _, id := range []string{"a", "b"} {
			if _, err := s.AddPermission(ctx, permission("f", qualifier, id+qualifier)); err != nil {
				t.Error(err)
			}
		}
		if got, want := sids(qualifier), "a"+qualifier+" b"+qualifier; got != want {
			t.Errorf("the policy of %q has %s, want %s", qualifier, got, want)
		}
		decides(qualifier, policy.Allows)
	}
	decides("2", policy.Silent)
	decides(function.Latest, policy.Silent)

	// Its revision is that of what it is for, and changes with it.
	p, err := s.Policy(ctx, ref("f", "live"))
	if a, failed := s.Alias(ctx, ref("f", ""), "live"); failed != nil || err != nil || a.RevisionID != p.RevisionID || a.RevisionID == live.RevisionID {
		t.Errorf("alias %+v, policy %+v, %v, %v", a, p, failed, err)
	}
	for _, revision := range []string{live.RevisionID, "other"} {
		in := permission("f", "live", "c")
		in.RevisionID = revision
		_, err := s.AddPermission(ctx, in)
		wantFault(t, "revision", err, fault.PreconditionFailed, "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id")
		err = s.RemovePermission(ctx, function.RemovePermissionInput{Ref: in.Ref, StatementID: "alive", RevisionID: revision})
		wantFault(t, "revision", err, fault.PreconditionFailed, "Call the GetPolicy API")
	}
	if err := s.RemovePermission(ctx, function.RemovePermissionInput{Ref: ref("f", "live"), StatementID: "alive", RevisionID: p.RevisionID}); err != nil {
		t.Error(err)
	}
	if got := sids("live"); got != "blive" {
		t.Errorf("after a statement was removed: %s", got)
	}
	// They go with what they are for.
	if err := s.DeleteAlias(ctx, ref("f", ""), "live"); err != nil {
		t.Error(err)
	}
	decides("live", policy.Silent)
	createAlias(t, s, "live", "2", nil)
	if err := s.Delete(ctx, ref("f", "1")); err != nil {
		t.Error(err)
	}
	if got := sids("live") + sids("1"); got != "" {
		t.Errorf("of what was deleted: %s", got)
	}
	decides("1", policy.Silent)
	if err := s.Delete(ctx, ref("f", "")); err != nil {
		t.Error(err)
	}
	active(t, s, "f", packGuest(t, "echo"))
	if got := sids(""); got != "" {
		t.Errorf("of the function before: %s", got)
	}
	decides("", policy.Silent)
}

// TestPermissionRefused asks for what AWS would not give.
func TestPermissionRefused(t *testing.T) {
	s, ctx := newService(t, function.Config{}), t.Context()
	active(t, s, "f", packGuest(t, "echo"))
	if _, err := s.AddPermission(ctx, permission("f", "", "taken")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what    string
		set     func(*function.AddPermissionInput)
		code    fault.Code
		message string
	}{
		{"nothing", func(in *function.AddPermissionInput) { in.StatementID, in.Action, in.Principal = nil, nil, nil }, fault.Validation, "3 validation errors detected: Value null at 'statementId'"},
		{"id", func(in *function.AddPermissionInput) { in.StatementID = ptr("example.com") }, fault.Validation,
			"1 validation error detected: Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"},
		{"action", func(in *function.AddPermissionInput) { in.Action = ptr("s3:Get") }, fault.Validation, "Value 's3:Get' at 'action'"},
		{"source", func(in *function.AddPermissionInput) { in.SourceARN = ptr("bucket") }, fault.Validation, "Value 'bucket' at 'sourceArn'"},
		{"account", func(in *function.AddPermissionInput) { in.SourceAccount = ptr("1") }, fault.Validation, "Value '1' at 'sourceAccount'"},
		{"token", func(in *function.AddPermissionInput) { in.EventSourceToken = ptr("a b") }, fault.Validation, "Value 'a b' at 'eventSourceToken'"},
		{"organisation", func(in *function.AddPermissionInput) { in.PrincipalOrgID = ptr("o-1") }, fault.Validation, "Value 'o-1' at 'principalOrgID'"},
		{"type", func(in *function.AddPermissionInput) { in.FunctionURLAuthType = ptr("SOME") }, fault.Validation, "Member must satisfy enum value set: [NONE, AWS_IAM]"},
		{"type of another action", func(in *function.AddPermissionInput) { in.FunctionURLAuthType = ptr("NONE") }, fault.InvalidParameterValue, "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"},
		{"principal", func(in *function.AddPermissionInput) { in.Principal = ptr("invalid.nonaws.com") }, fault.InvalidParameterValue, "The provided principal was invalid. Please check the principal and try again."},
		{"quoted principal", func(in *function.AddPermissionInput) { in.Principal = ptr(`"s3.amazonaws.com`) }, fault.InvalidParameterValue, "The provided principal was invalid."},
		{"all of an account", func(in *function.AddPermissionInput) { in.Principal = ptr("arn:aws:iam::123456789012:*") }, fault.InvalidParameterValue, "The provided principal was invalid."},
		{"open variable", func(in *function.AddPermissionInput) { in.SourceARN = ptr("arn:aws:s3:::${") }, fault.InvalidParameterValue, "it has no closing brace"},
		{"$LATEST", func(in *function.AddPermissionInput) { in.Ref.Qualifier = function.Latest }, fault.InvalidParameterValue, "We currently do not support adding policies for $LATEST."},
		{"alias", func(in *function.AddPermissionInput) { in.Ref.Qualifier = "nobody" }, fault.ResourceNotFound, "Cannot find alias arn: " + s.ARN(ref("f", "nobody"))},
		{"version", func(in *function.AddPermissionInput) { in.Ref.Qualifier = "42" }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("f", "42"))},
		{"neither", func(in *function.AddPermissionInput) { in.Ref.Qualifier = "a-$-b" }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("f", "a-$-b"))},
		{"function", func(in *function.AddPermissionInput) { in.Ref.Name = "nobody" }, fault.ResourceNotFound, "Function not found: " + s.ARN(ref("nobody", ""))},
		{"taken", func(in *function.AddPermissionInput) { in.StatementID = ptr("taken") }, fault.ResourceConflict,
			"The statement id (taken) provided already exists. Please provide a new statement id, or remove the existing statement."},
	} {
		in := permission("f", "", "new")
		c.set(&in)
		_, err := s.AddPermission(ctx, in)
		wantFault(t, c.what, err, c.code, c.message)
	}
	for _, c := range []struct {
		ref         function.Ref
		id, message string
	}{
		{ref("f", ""), "nobody", "Statement nobody is not found in resource policy."},
		{ref("f", function.Latest), "taken", "No policy is associated with the given resource."},
		{ref("f", "nobody"), "taken", "Cannot find alias arn: " + s.ARN(ref("f", "nobody"))},
		{ref("nobody", ""), "taken", "No policy found for: " + s.ARN(ref("nobody", ""))},
	} {
		err := s.RemovePermission(ctx, function.RemovePermissionInput{Ref: c.ref, StatementID: c.id})
		wantFault(t, "remove "+c.id, err, fault.ResourceNotFound, c.message)
	}
	err := s.RemovePermission(ctx, function.RemovePermissionInput{Ref: ref("f", ""), StatementID: "a b"})
	wantFault(t, "remove", err, fault.Validation, "Value 'a b' at 'statementId'")

	// A policy has an end.
	added := 1
	for ; ; added++ {
		in := permission("f", "", fmt.Sprintf("%0100d", added))
		if _, err = s.AddPermission(ctx, in); err != nil {
			break
		}
	}
	wantFault(t, "one too many", err, fault.PolicyLengthExceeded, "is bigger than the limit (20480).")
	if p, err := s.Policy(ctx, ref("f", "")); err != nil || len(p.Document) > 20480 || len(p.Document) < 20000 {
		t.Errorf("%d statements, a policy of %d bytes, %v", added, len(p.Document), err)
	}
}
