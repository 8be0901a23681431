package awstest

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// tfPermission is aws_lambda_permission. It is never changed, only replaced.
type tfPermission struct {
	said lambda.AddPermissionInput
}

// statement is what the provider reads of a policy.
type statement struct {
	Sid, Effect, Action, Resource string
	Principal                     any
	Condition                     map[string]map[string]string
}

func (m *tfPermission) create(p *provider) {
	again := func(err error) bool {
		return is[*types.ResourceConflictException](err) || is[*types.ResourceNotFoundException](err)
	}
	retry(p, again, func() (*lambda.AddPermissionOutput, error) { return p.c.AddPermission(p.t.Context(), &m.said) })
	m.read(p)
}

// find returns the statement, nil if there is none.
func (m *tfPermission) find(p *provider) *statement {
	out, err := p.c.GetPolicy(p.t.Context(), &lambda.GetPolicyInput{FunctionName: m.said.FunctionName, Qualifier: m.said.Qualifier})
	if is[*types.ResourceNotFoundException](err) {
		return nil
	}
	if err != nil {
		p.t.Fatal(err)
	}
	var policy struct{ Statement []statement }
	if err := json.Unmarshal([]byte(*out.Policy), &policy); err != nil {
		p.t.Fatalf("%s: %v", *out.Policy, err)
	}
	for _, s := range policy.Statement {
		if s.Sid == *m.said.StatementId {
			return &s
		}
	}
	return nil
}

func (m *tfPermission) read(p *provider) {
	s := m.find(p)
	if s == nil {
		p.t.Fatalf("there is no statement %s", *m.said.StatementId)
	}
	principal, ok := s.Principal.(string)
	if of, is := s.Principal.(map[string]any); is {
		if principal, ok = of["AWS"].(string); !ok {
			principal, ok = of["Service"].(string)
		}
	}
	name, qualifier := *m.said.FunctionName, aws.ToString(m.said.Qualifier)
	if !strings.HasPrefix(name, "arn:") {
		name = "arn:aws:lambda:us-east-1:000000000000:function:" + name
	}
	resource := strings.TrimSuffix(name+":"+qualifier, ":")
	want := map[string]map[string]string{}
	for _, c := range []struct {
		operator, key string
		said          *string
	}{{"ArnLike", "AWS:SourceArn", m.said.SourceArn}, {"StringEquals", "AWS:SourceAccount", m.said.SourceAccount}} {
		if c.said != nil {
			want[c.operator] = map[string]string{c.key: *c.said}
		}
	}
	if m.said.InvokedViaFunctionUrl != nil {
		want["Bool"] = map[string]string{"lambda:InvokedViaFunctionUrl": "true"}
	}
	if !ok || principal != *m.said.Principal || s.Resource != resource || s.Effect != "Allow" || s.Action != *m.said.Action || !maps.EqualFunc(s.Condition, want, maps.Equal) {
		p.t.Errorf("statement %+v; want %s, %s, %s, %s", *s, *m.said.Action, *m.said.Principal, resource, want)
	}
}

func (m *tfPermission) delete(p *provider) {
	_, err := p.c.RemovePermission(p.t.Context(), &lambda.RemovePermissionInput{
		FunctionName: m.said.FunctionName, Qualifier: m.said.Qualifier, StatementId: m.said.StatementId})
	p.ok(err)
	for m.find(p) != nil {
		p.pause()
	}
}
