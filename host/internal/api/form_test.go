package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// post sends a form as the account itself.
func post(t testing.TB, a *API, service, form string) (int, string) {
	t.Helper()
	m, err := a.FindForm()
	if err != nil {
		t.Fatal(err)
	}
	r := a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(form), Caller: auth.Root(home), Service: service})
	if got := r.Get("Content-Type"); got != "text/xml" {
		t.Errorf("%s: the answer is %s", form, got)
	}
	return r.Status, string(r.Body)
}

func TestForms(t *testing.T) {
	s, _ := newAuth(t)
	_, a := newFake()
	a.Protect(Protection{Auth: s, Enforced: true})
	mayInvoke := url.QueryEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]}`)
	const sts, iam = `xmlns="https://sts.amazonaws.com/doc/2011-06-15/"`, `xmlns="https://iam.amazonaws.com/doc/2010-05-08/"`
	for _, c := range []struct {
		service, form string
		status        int
		want          []string
	}{
		{"sts", "Action=GetCallerIdentity&Version=2011-06-15", 200, []string{"<GetCallerIdentityResponse " + sts + "><GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:root</Arn><UserId>000000000000</UserId><Account>000000000000</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>"}},
		{"", "Action=GetCallerIdentity", 200, []string{"<Account>000000000000</Account>"}},
		{"iam", "Action=GetCallerIdentity", 400, []string{"<ErrorResponse " + iam, "<Code>InvalidAction</Code>"}},
		{"sts", "Action=%3Cx%3E", 400, []string{"<Code>InvalidAction</Code>", "&lt;x&gt;"}},
		{"sts", "Version=1", 400, []string{"<Code>MissingAction</Code>"}},
		{"sts", "Action=%zz", 400, []string{"<Code>MalformedQueryString</Code>"}},
		{"sts", "Action=%ff", 400, []string{"<Code>MalformedQueryString</Code>"}},
		{"sts", "Action=x" + strings.Repeat("&a", maxFormParameters), 400, []string{"<Code>ValidationError</Code>"}},
		{"sts", "Action=AssumeRole", 400, []string{"<Code>ValidationError</Code>", "Value null at &#39;roleArn&#39;"}},
		{"sts", "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/app&RoleSessionName=s1&DurationSeconds=x", 400, []string{"<Code>ValidationError</Code>", "durationSeconds"}},
		{"sts", "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/app&RoleSessionName=s1", 200, []string{"<AccessKeyId>ASIA", "<Arn>arn:aws:sts::000000000000:assumed-role/app/s1</Arn>"}},
		{"sts", "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/app&RoleSessionName=s1&PolicyArns.member.1.arn=x", 501, []string{"<Code>NotImplemented</Code>", "PolicyArns"}},
		{"sts", "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/nobody&RoleSessionName=s1", 403, []string{"<Type>Sender</Type><Code>AccessDenied</Code>"}},
		{"sts", "Action=GetSessionToken", 200, []string{"<SessionToken>"}},
		{"iam", "Action=ListRoles&MaxItems=1", 200, []string{"<IsTruncated>true</IsTruncated><Marker>app</Marker>"}},
		{"iam", "Action=ListRoles&MaxItems=0", 400, []string{"<Code>ValidationError</Code>"}},
		{"iam", "Action=ListRoles&PathPrefix=/x/", 200, []string{"<Roles></Roles>"}},
		{"iam", "Action=UpdateRole&RoleName=app&Description=a%26b&MaxSessionDuration=7200", 200, []string{"<UpdateRoleResult></UpdateRoleResult>"}},
		{"iam", "Action=GetRole&RoleName=app", 200, []string{"<Description>a&amp;b</Description>", "<MaxSessionDuration>7200</MaxSessionDuration>", "<AssumeRolePolicyDocument>%7B%22Version"}},
		{"iam", "Action=UpdateRoleDescription&RoleName=app&Description=c", 200, []string{"<UpdateRoleDescriptionResult><Role>", "<Description>c</Description>"}},
		{"iam", "Action=CreatePolicy&PolicyName=p&PolicyDocument=" + mayInvoke, 200, []string{"<DefaultVersionId>v1</DefaultVersionId>"}},
		{"iam", "Action=CreatePolicyVersion&SetAsDefault=true&PolicyArn=arn:aws:iam::000000000000:policy/p&PolicyDocument=" + mayInvoke, 200, []string{"<VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion>"}},
		{"iam", "Action=GetPolicy&PolicyArn=arn:aws:iam::000000000000:policy/p", 200, []string{"<DefaultVersionId>v2</DefaultVersionId>"}},
		{"iam", "Action=ListPolicyVersions&PolicyArn=arn:aws:iam::000000000000:policy/p", 200, []string{"<Versions><member><VersionId>v2</VersionId><IsDefaultVersion>true<", "<VersionId>v1</VersionId><IsDefaultVersion>false<"}},
		{"iam", "Action=SetDefaultPolicyVersion&VersionId=v1&PolicyArn=arn:aws:iam::000000000000:policy/p", 200, []string{"<SetDefaultPolicyVersionResponse"}},
		{"iam", "Action=DeletePolicyVersion&VersionId=v1&PolicyArn=arn:aws:iam::000000000000:policy/p", 409, []string{"<Code>DeleteConflict</Code>"}},
		{"iam", "Action=DeletePolicyVersion&VersionId=v02&PolicyArn=arn:aws:iam::000000000000:policy/p", 404, []string{"version v02 does not exist"}},
		{"iam", "Action=DeletePolicyVersion&VersionId=v2&PolicyArn=arn:aws:iam::000000000000:policy/p", 200, []string{"<DeletePolicyVersionResponse"}},
		{"iam", "Action=TagPolicy&PolicyArn=arn:aws:iam::000000000000:policy/p&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b&Tags.member.2.Value=2", 200, []string{"<TagPolicyResponse"}},
		{"iam", "Action=UntagPolicy&PolicyArn=arn:aws:iam::000000000000:policy/p&TagKeys.member.1=a", 200, []string{"<UntagPolicyResponse"}},
		{"iam", "Action=ListPolicyTags&PolicyArn=arn:aws:iam::000000000000:policy/p", 200, []string{"<Tags><member><Key>b</Key><Value>2</Value></member></Tags>"}},
		{"iam", "Action=GetPolicyVersion&VersionId=v2&PolicyArn=arn:aws:iam::000000000000:policy/p", 404, []string{"<Code>NoSuchEntity</Code>"}},
		{"iam", "Action=CreateRole&RoleName=b&AssumeRolePolicyDocument=%7B%7D&PermissionsBoundary=x", 501, []string{"permissions boundaries"}},
		{"iam", "Action=CreateUser&UserName=ada", 400, []string{"<Code>InvalidAction</Code>", "Could not find operation CreateUser"}},
	} {
		status, body := post(t, a, c.service, c.form)
		for _, want := range c.want {
			if status != c.status || !strings.Contains(body, want) {
				t.Errorf("%.100s: %d %s; want %d, %s", c.form, status, body, c.status, want)
			}
		}
	}
	_, plain := newFake()
	if _, err := plain.FindForm(); err == nil || err.Code != fault.UnknownOperation {
		t.Errorf("without keys: %v", err)
	}
}

// TestNotBelieved is what requests without a good signature get, by protocol.
func TestNotBelieved(t *testing.T) {
	s, _ := newAuth(t)
	a := newStates(t)
	a.Protect(Protection{Auth: s, Enforced: true})
	form, _ := a.FindForm()
	machines, _ := a.FindTarget("AWSStepFunctions.ListStateMachines")
	functions, _ := a.Find("GET", "/2015-03-31/functions")
	for _, c := range []struct {
		m           Match
		status      int
		kind, wants string
	}{
		{functions, 403, "application/json", `{"message":"Missing Authentication Token"}`},
		{machines, 400, asJSON10, `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
		{form, 403, "text/xml", "<Code>MissingAuthenticationToken</Code><Message>Missing Authentication Token</Message>"},
	} {
		r := &Request{Signed: unsignedRequest()}
		_, err := a.Claim(context.Background(), c.m, r)
		if err == nil {
			t.Errorf("%s is let in", c.m.Operation.Name)
			continue
		}
		answer := c.m.Operation.Fail("id", err)
		if answer.Status != c.status || answer.Get("Content-Type") != c.kind || !strings.Contains(string(answer.Body), c.wants) {
			t.Errorf("%s: %d %s", c.m.Operation.Name, answer.Status, answer.Body)
		}
	}
}
