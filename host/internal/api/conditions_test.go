package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// attached is a fake whose function has what conditions ask for.
type attached struct{ *fake }

func (attached) Tags(_ context.Context, arn string) (map[string]string, error) {
	if strings.Contains(arn, ":event-source-mapping:") {
		return map[string]string{"team": "red"}, nil
	}
	return map[string]string{"team": "blue", "Team": "green", "level": "3"}, nil
}

func (attached) Tag(context.Context, string, map[string]string) error { return nil }
func (attached) Untag(context.Context, string, []string) error        { return nil }

func (attached) URL(context.Context, function.Ref) (function.URL, error) {
	auth := "AWS_IAM"
	return function.URL{URLSettings: function.URLSettings{AuthType: &auth}}, nil
}

func (attached) CreateURL(_ context.Context, _ function.Ref, in function.URLSettings) (function.URL, error) {
	return function.URL{URLSettings: in}, nil
}

func (a attached) UpdateURL(_ context.Context, _ function.Ref, in function.URLSettings) (function.URL, error) {
	return function.URL{URLSettings: in}, nil
}

func (attached) DeleteURL(context.Context, function.Ref) error { return nil }

func (a attached) Mapping(_ context.Context, uuid string) (function.Mapping, error) {
	return function.Mapping{UUID: uuid, FunctionARN: a.ARN(function.Ref{Name: "there"})}, nil
}

func (a attached) CreateMapping(ctx context.Context, _ function.MappingInput) (function.Mapping, error) {
	return a.Mapping(ctx, mappingID)
}

func (a attached) UpdateMapping(ctx context.Context, uuid string, _ *function.Ref, _ *bool, _ function.MappingSettings) (function.Mapping, error) {
	return a.Mapping(ctx, uuid)
}

func (a attached) DeleteMapping(ctx context.Context, uuid string) (function.Mapping, error) {
	return a.Mapping(ctx, uuid)
}

func (attached) Policy(context.Context, function.Ref) (function.Policy, error) {
	return function.Policy{Document: `{"Version":"2012-10-17","Id":"default","Statement":[
		{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"x"},
		{"Sid":"account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"lambda:InvokeFunction","Resource":"x"},
		{"Sid":"url","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"x","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}]}`}, nil
}

func (attached) RemovePermission(context.Context, function.RemovePermissionInput) error { return nil }

const mappingID = "a1b2c3d4-0000-4000-8000-000000000001"

// TestConditions: what a request asks for, and what it is about, decides.
func TestConditions(t *testing.T) {
	s, _ := newAuth(t)
	f, a := newFake()
	a.functions = attached{f}
	a.Protect(Protection{Auth: s, Enforced: true})
	const (
		functions = "/2015-03-31/functions"
		there     = functions + "/there"
		tags      = "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:there"
		mappings  = "/2015-03-31/event-source-mappings"
		url       = "/2021-10-31/functions/there/url"
	)
	created := func(more string) string {
		return `{"FunctionName":"new","Runtime":"provided.al2023","Handler":"h","Role":"arn:aws:iam::000000000000:role/lambent","Code":{"ZipFile":"UEs="}` + more + `}`
	}
	source := `"EventSourceArn":"arn:aws:sqs:us-east-1:000000000000:q"`
	for _, c := range []struct {
		method, target, body, condition string
		want                            bool
	}{
		// Tags of the request.
		{"POST", functions, created(`,"Tags":{"team":"blue"}`), `"StringEquals":{"aws:RequestTag/team":"blue"}`, true},
		{"POST", functions, created(`,"Tags":{"Team":"blue"}`), `"StringEquals":{"aws:RequestTag/team":"blue"}`, true},
		{"POST", functions, created(`,"Tags":{"team":"red"}`), `"StringEquals":{"aws:RequestTag/team":"blue"}`, false},
		{"POST", functions, created(``), `"StringEquals":{"aws:RequestTag/team":"blue"}`, false},
		{"POST", functions, created(``), `"Null":{"aws:RequestTag/team":"true"}`, true},
		{"POST", functions, created(`,"Tags":{"team":"blue"}`), `"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, true},
		{"POST", functions, created(`,"Tags":{"team":"blue","more":"x"}`), `"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, false},
		{"POST", tags, `{"Tags":{"team":"blue"}}`, `"StringEquals":{"aws:RequestTag/team":"blue"}`, true},
		{"POST", tags, `{"Tags":{"team":"red"}}`, `"StringEquals":{"aws:RequestTag/team":"blue"}`, false},
		{"POST", tags, `{"Tags":{"team":"red","other":"x"}}`, `"ForAnyValue:StringEquals":{"aws:TagKeys":["other"]}`, true},
		{"DELETE", tags + "?tagKeys=team", ``, `"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, true},
		{"DELETE", tags + "?tagKeys=team&tagKeys=x", ``, `"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, false},
		{"POST", mappings, `{"FunctionName":"there",` + source + `,"Tags":{"team":"blue"}}`, `"StringEquals":{"aws:RequestTag/team":"blue"}`, true},
		{"POST", mappings, `{"FunctionName":"there",` + source + `}`, `"StringEquals":{"aws:RequestTag/team":"blue"}`, false},

		// Tags of the resource.
		{"POST", tags, `{"Tags":{"a":"b"}}`, `"StringEquals":{"aws:ResourceTag/level":"3"}`, true},
		{"POST", tags, `{"Tags":{"a":"b"}}`, `"StringEquals":{"aws:ResourceTag/level":"4"}`, false},
		{"GET", there, ``, `"StringEquals":{"aws:ResourceTag/LEVEL":"3"}`, true},
		{"GET", mappings + "/" + mappingID, ``, `"StringEquals":{"aws:ResourceTag/team":"red"}`, true},
		{"GET", mappings + "/" + mappingID, ``, `"StringEquals":{"aws:ResourceTag/team":"blue"}`, false},

		// The function of an event source mapping: the one that it is for, and the
		// one that it comes to be for.
		{"POST", mappings, `{"FunctionName":"there",` + source + `}`, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:there"}`, true},
		{"POST", mappings, `{"FunctionName":"other",` + source + `}`, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:there"}`, false},
		{"PUT", mappings + "/" + mappingID, `{"Enabled":true}`, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:there"}`, true},
		{"PUT", mappings + "/" + mappingID, `{"FunctionName":"other"}`, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:there"}`, false},
		{"PUT", mappings + "/" + mappingID, `{"FunctionName":"other"}`, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:other"}`, false},
		{"DELETE", mappings + "/" + mappingID, ``, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:there"}`, true},
		{"DELETE", mappings + "/" + mappingID, ``, `"ArnEquals":{"lambda:FunctionArn":"arn:aws:lambda:*:*:function:other"}`, false},

		// Whom a permission is for.
		{"POST", there + "/policy", `{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"s3.amazonaws.com"}`, `"StringEquals":{"lambda:Principal":"s3.amazonaws.com"}`, true},
		{"POST", there + "/policy", `{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"*"}`, `"StringEquals":{"lambda:Principal":"s3.amazonaws.com"}`, false},
		{"POST", there + "/policy", `{"StatementId":"s","Action":"lambda:InvokeFunctionUrl","Principal":"*","FunctionUrlAuthType":"NONE"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`, false},
		{"DELETE", there + "/policy/s3", ``, `"StringEquals":{"lambda:Principal":"s3.amazonaws.com"}`, true},
		{"DELETE", there + "/policy/account", ``, `"StringEquals":{"lambda:Principal":"222222222222"}`, true},
		{"DELETE", there + "/policy/account", ``, `"StringEquals":{"lambda:Principal":"s3.amazonaws.com"}`, false},
		{"DELETE", there + "/policy/url", ``, `"StringEquals":{"lambda:Principal":"*","lambda:FunctionUrlAuthType":"NONE"}`, true},
		{"DELETE", there + "/policy/nobody", ``, `"StringLike":{"lambda:Principal":"*"}`, false},

		// Who may use a function URL: as it is to be, and as it is, whatever else a
		// request says.
		{"POST", url, `{"AuthType":"AWS_IAM"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`, true},
		{"POST", url, `{"AuthType":"NONE"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`, false},
		{"PUT", url, `{"AuthType":"NONE"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`, false},
		{"PUT", url, `{"InvokeMode":"BUFFERED"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`, true},
		{"GET", url, ``, `"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}`, true},
		{"DELETE", url, `{"AuthType":"NONE"}`, `"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}`, false},

		// What a function is to have.
		{"POST", functions, created(`,"VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1"]}`), `"ForAllValues:StringEquals":{"lambda:SubnetIds":["subnet-1"],"lambda:SecurityGroupIds":["sg-1"]}`, true},
		{"POST", functions, created(`,"VpcConfig":{"SubnetIds":["subnet-1","subnet-2"]}`), `"ForAllValues:StringEquals":{"lambda:SubnetIds":["subnet-1"]}`, false},
		{"PUT", there + "/configuration", `{"Layers":["arn:aws:lambda:us-east-1:000000000000:layer:a:1"]}`, `"ForAllValues:StringLike":{"lambda:Layer":["arn:aws:lambda:*:000000000000:layer:*"]}`, true},
		{"PUT", there + "/configuration", `{"Layers":["arn:aws:lambda:us-east-1:222222222222:layer:a:1"]}`, `"ForAllValues:StringLike":{"lambda:Layer":["arn:aws:lambda:*:000000000000:layer:*"]}`, false},

		// What cannot be known is absent.
		{"GET", there, ``, `"StringLike":{"aws:PrincipalOrgID":"*"}`, false},
		{"GET", there, ``, `"StringLike":{"aws:SourceArn":"*"}`, false},
		{"GET", there, ``, `"StringLike":{"aws:SourceAccount":"*"}`, false},
		{"POST", there + "/invocations", `{}`, `"StringLike":{"lambda:EventSourceToken":"*"}`, false},
		{"POST", functions, created(``), `"StringLike":{"lambda:CodeSigningConfigArn":"*"}`, false},
		{"POST", functions, created(`,"VpcConfig":{"SubnetIds":["subnet-1"]}`), `"StringLike":{"lambda:VpcIds":"*"}`, false},
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			statements := `{"Effect":"` + effect + `","Action":"lambda:*","Resource":"*","Condition":{` + c.condition + `}}`
			want := c.want
			if effect == "Deny" {
				statements += `,{"Effect":"Allow","Action":"*","Resource":"*"}`
				want = !want
			}
			if err := s.PutRolePolicy(t.Context(), home, "app", "p", `{"Version":"2012-10-17","Statement":[`+statements+`]}`); err != nil {
				t.Fatal(err)
			}
			m, err := a.Find(c.method, c.target)
			if err != nil {
				t.Fatal(c.target, err)
			}
			r := &Request{ID: "id", Header: http.Header{}, Body: []byte(c.body), Query: after(c.target, "?"), Caller: session(t, s)}
			got := a.Serve(t.Context(), m, r)
			if refused := got.Status == 403; refused == want && !(effect == "Deny" && isTwoChecks(c.method, c.body)) {
				t.Errorf("%s %s %s, %s if %s: %d %s", c.method, c.target, c.body, effect, c.condition, got.Status, got.Body)
			}
		}
	}
}

// TestUnclearTags: where names of tags differ in case only, no policy that asks for one
// of them lets anybody do anything.
func TestUnclearTags(t *testing.T) {
	s, _ := newAuth(t)
	f, a := newFake()
	a.functions = attached{f}
	a.Protect(Protection{Auth: s, Enforced: true})
	const tags = "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:there"
	for _, c := range []struct{ effect, body, key, value string }{
		{"Allow", `{"Tags":{"Team":"blue","team":"red"}}`, "aws:RequestTag/team", "blue"},
		{"Allow", `{"Tags":{"Team":"blue","team":"red"}}`, "aws:RequestTag/team", "red"},
		{"Deny", `{"Tags":{"Team":"blue","team":"red"}}`, "aws:RequestTag/team", "green"},
		{"Allow", `{"Tags":{"a":"b"}}`, "aws:ResourceTag/Team", "blue"},
		{"Allow", `{"Tags":{"a":"b"}}`, "aws:ResourceTag/team", "green"},
		{"Deny", `{"Tags":{"a":"b"}}`, "aws:ResourceTag/team", "red"},
	} {
		statements := `{"Effect":"` + c.effect + `","Action":"*","Resource":"*","Condition":{"StringEquals":{"` + c.key + `":"` + c.value + `"}}}`
		if c.effect == "Deny" {
			statements += `,{"Effect":"Allow","Action":"*","Resource":"*"}`
		}
		if err := s.PutRolePolicy(t.Context(), home, "app", "p", `{"Version":"2012-10-17","Statement":[`+statements+`]}`); err != nil {
			t.Fatal(err)
		}
		m, err := a.Find("POST", tags)
		if err != nil {
			t.Fatal(err)
		}
		r := &Request{ID: "id", Header: http.Header{}, Body: []byte(c.body), Caller: session(t, s)}
		if got := a.Serve(t.Context(), m, r); got.Status != 403 || !strings.Contains(string(got.Body), "more than one tag") {
			t.Errorf("%+v: %d %s", c, got.Status, got.Body)
		}
	}
}

// isTwoChecks reports whether a request is about two functions, or about a function
// and a layer: a policy that denies either denies it.
func isTwoChecks(method, body string) bool {
	return method == "PUT" && (strings.Contains(body, `"FunctionName"`) || strings.Contains(body, `"Layers"`))
}

func after(s, sep string) string {
	_, rest, _ := strings.Cut(s, sep)
	return rest
}

// TestPassRoleConditions: to whom a role may be given.
func TestPassRoleConditions(t *testing.T) {
	s, _ := newAuth(t)
	f, a := newFake()
	a.functions = attached{f}
	a.Protect(Protection{Auth: s, Enforced: true})
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:lambda:*:*:function:new"}}}]}`
	if _, err := s.CreateRole(t.Context(), auth.Role{Account: home, Name: "function", RoleSettings: auth.RoleSettings{Trust: trust}}); err != nil {
		t.Fatal(err)
	}
	create := func(name, condition string) Response {
		t.Helper()
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{` + condition + `}}]}`
		if err := s.PutRolePolicy(t.Context(), home, "app", "p", text); err != nil {
			t.Fatal(err)
		}
		m, err := a.Find("POST", "/2015-03-31/functions")
		if err != nil {
			t.Fatal(err)
		}
		body := `{"FunctionName":"` + name + `","Runtime":"provided.al2023","Handler":"h","Role":"arn:aws:iam::000000000000:role/function","Code":{"ZipFile":"UEs="}}`
		return a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(body), Caller: session(t, s)})
	}
	for condition, want := range map[string]int{
		`"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`:                     201,
		`"StringEquals":{"iam:PassedToService":"states.amazonaws.com"}`:                     403,
		`"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:lambda:us-east-1:*:function:new"}`: 201,
		`"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:lambda:us-east-1:*:function:old"}`: 403,
	} {
		if got := create("new", condition); got.Status != want {
			t.Errorf("%s: %d %s", condition, got.Status, got.Body)
		}
	}
	if got := create("old", `"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`); got.Status != 400 || !strings.Contains(string(got.Body), "cannot be assumed by Lambda") {
		t.Errorf("for another function than the role is for: %d %s", got.Status, got.Body)
	}
}

// TestGetObject: who has code fetched must be allowed to read it, whatever the host
// may.
func TestGetObject(t *testing.T) {
	s, _ := newAuth(t)
	f, a := newFake()
	a.Protect(Protection{Auth: s, Enforced: true})
	ask := func(method, target, body, action, resource string) Response {
		t.Helper()
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"},{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}]}`
		if err := s.PutRolePolicy(t.Context(), home, "app", "p", text); err != nil {
			t.Fatal(err)
		}
		m, err := a.Find(method, target)
		if err != nil {
			t.Fatal(err)
		}
		f.created, f.updatedCode = nil, nil
		return a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(body), Caller: session(t, s)})
	}
	for _, c := range []struct {
		code, action, resource string
		want                   bool
	}{
		{`"S3Bucket":"code","S3Key":"a/f.zip"`, "s3:GetObject", "arn:aws:s3:::code/a/*", true},
		{`"S3Bucket":"code","S3Key":"b/f.zip"`, "s3:GetObject", "arn:aws:s3:::code/a/*", false},
		{`"S3Bucket":"code","S3Key":"a/f.zip"`, "s3:PutObject", "*", false},
		{`"S3Bucket":"code","S3Key":"a/f.zip","S3ObjectVersion":"2"`, "s3:GetObject", "*", false},
		{`"S3Bucket":"code","S3Key":"a/f.zip","S3ObjectVersion":"2"`, "s3:GetObjectVersion", "*", true},
		{`"ZipFile":"UEs="`, "s3:PutObject", "*", true},
	} {
		created := ask("POST", "/2015-03-31/functions", `{"FunctionName":"new","Runtime":"provided.al2023","Handler":"h","Role":"arn:aws:iam::000000000000:role/lambent","Code":{`+c.code+`}}`, c.action, c.resource)
		if (f.created != nil) != c.want {
			t.Errorf("CreateFunction of %s, with %s on %s: %d %s", c.code, c.action, c.resource, created.Status, created.Body)
		}
		updated := ask("PUT", "/2015-03-31/functions/there/code", `{`+c.code+`}`, c.action, c.resource)
		if (f.updatedCode != nil) != c.want {
			t.Errorf("UpdateFunctionCode to %s, with %s on %s: %d %s", c.code, c.action, c.resource, updated.Status, updated.Body)
		}
		if c.want {
			continue
		}
		for _, r := range []Response{created, updated} {
			for _, part := range []string{
				"Your access has been denied by S3, please make sure your request credentials have permission to GetObject for code/", ". S3 Error Code: AccessDenied. S3 Error Message: User: arn:aws:sts::000000000000:assumed-role/app/test is not authorized to perform: s3:GetObject",
				" on resource: arn:aws:s3:::code/", " because no identity-based policy allows the s3:GetObject",
			} {
				if r.Status != 403 || !strings.Contains(string(r.Body), part) {
					t.Errorf("%s: %d %s, want %q", c.code, r.Status, r.Body, part)
				}
			}
		}
	}
}
