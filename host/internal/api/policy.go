package api

import (
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// permission reads the statement that is to be added.
func (c *call) permission() (in function.AddPermissionInput, err *fault.Error) {
	var revision *string
	s := newScanner(c.request.Body)
	s.object("AddPermissionRequest", func(m string) {
		switch m {
		case "StatementId":
			s.string(m, &in.StatementID)
		case "Action":
			s.string(m, &in.Action)
		case "Principal":
			s.string(m, &in.Principal)
		case "SourceArn":
			s.string(m, &in.SourceARN)
		case "SourceAccount":
			s.string(m, &in.SourceAccount)
		case "EventSourceToken":
			s.string(m, &in.EventSourceToken)
		case "PrincipalOrgID":
			s.string(m, &in.PrincipalOrgID)
		case "FunctionUrlAuthType":
			s.string(m, &in.FunctionURLAuthType)
		case "InvokedViaFunctionUrl":
			s.boolean(m, &in.InvokedViaFunctionURL)
		case "RevisionId":
			s.string(m, &revision)
		default:
			s.skip()
		}
	})
	s.end()
	in.RevisionID = value(revision)
	return in, s.err
}

func (c *call) addPermission() Response {
	in, failed := c.permission()
	if failed != nil {
		return c.fail(failed)
	}
	if in.Ref, failed = c.target(true, in.Violations()...); failed != nil {
		return c.fail(failed)
	}
	statement, err := c.api.functions.AddPermission(c.ctx, in)
	if err != nil {
		return c.fail(err)
	}
	return c.json(201, struct{ Statement string }{statement})
}

func (c *call) removePermission() Response {
	query, failed := parseQuery(c.request.Query)
	if failed != nil {
		return c.fail(failed)
	}
	in := function.RemovePermissionInput{StatementID: c.part, RevisionID: value(query.get("RevisionId"))}
	if in.Ref, failed = c.target(true, in.Violations()...); failed != nil {
		return c.fail(failed)
	}
	return c.done(c.api.functions.RemovePermission(c.ctx, in))
}

func (c *call) getPolicy() Response {
	ref, failed := c.target(true)
	if failed != nil {
		return c.fail(failed)
	}
	p, err := c.api.functions.Policy(c.ctx, ref)
	if err != nil {
		return c.fail(err)
	}
	return c.json(200, struct{ Policy, RevisionId string }{p.Document, p.RevisionID})
}
