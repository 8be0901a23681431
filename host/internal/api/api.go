package api

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// Functions is what the API is spoken for; *function.Service is one.
type Functions interface {
	Create(context.Context, function.CreateInput) (function.Configuration, error)
	UpdateCode(context.Context, function.UpdateCodeInput) (function.Configuration, error)
	UpdateConfiguration(context.Context, function.UpdateConfigurationInput) (function.Configuration, error)
	Get(context.Context, function.Ref) (function.Description, error)
	Configuration(context.Context, function.Ref) (function.Configuration, error)
	Versions(ctx context.Context, name, marker string, max int) (function.Page, error)
	List(ctx context.Context, marker string, max int) (function.Page, error)
	ListAll(ctx context.Context, marker string, max int) (function.Page, error)
	Delete(context.Context, function.Ref) error
	Publish(context.Context, function.PublishInput) (function.Configuration, error)
	CreateAlias(context.Context, function.CreateAliasInput) (function.Alias, error)
	UpdateAlias(context.Context, function.UpdateAliasInput) (function.Alias, error)
	Alias(ctx context.Context, ref function.Ref, name string) (function.Alias, error)
	Aliases(ctx context.Context, ref function.Ref, version *string, marker string, max int) (function.AliasPage, error)
	DeleteAlias(ctx context.Context, ref function.Ref, name string) error
	AddPermission(context.Context, function.AddPermissionInput) (statement string, err error)
	RemovePermission(context.Context, function.RemovePermissionInput) error
	Policy(context.Context, function.Ref) (function.Policy, error)
	ResourcePolicy(context.Context, function.Ref) (*policy.Document, error)
	Code(ctx context.Context, digest string) ([]byte, error)
	AccountUsage(context.Context) (function.Usage, error)
	Invoke(context.Context, function.InvokeInput) (function.InvokeOutput, error)
	ARN(function.Ref) string
	Attached
	Layered
}

// API answers requests. It is safe for concurrent use.
type API struct {
	functions                  Functions
	machines                   *workflow.Service
	partition, region, account string
	routes                     routes
	targets                    map[string]*Operation // of AWS Step Functions, by name
	protection                 Protection
	root                       *auth.Caller // the account itself
}

// New makes the API of the account and region that the ARNs of functions have;
// machines are those of the same, or nil: then only AWS Lambda's API is spoken.
func New(functions Functions, machines *workflow.Service) *API {
	arn := strings.Split(functions.ARN(function.Ref{Name: "n"}), ":")
	return &API{
		functions: functions, machines: machines, partition: arn[1], region: arn[3], account: arn[4],
		routes: newRoutes(lambda, own), targets: newTargets(),
	}
}

// call is one request being answered.
type call struct {
	ctx     context.Context
	api     *API
	request *Request
	name    string // the part of the path that stands for the resource
	part    string // the part that stands for something of the resource's
	third   string // the part that stands for something of that

	operation *Operation
}

// Serve answers a request for the operation that was found. An operation that
// Lambent lacks is answered without a look at the body.
func (a *API) Serve(ctx context.Context, m Match, r *Request) Response {
	c := &call{ctx, a, r, m.first, m.second, m.third, m.Operation}
	if m.Operation.serve == nil {
		return c.fail(fault.New(fault.NotImplemented, "Lambent does not have the operation %s yet.", m.Operation.Name))
	}
	if a.protection.Enforced || a.protection.Of != nil && c.mayBeElsewhere() {
		if other, err := c.admit(); err != nil {
			return c.fail(err)
		} else if other != nil {
			return other.Serve(ctx, m, r)
		}
	}
	return m.Operation.serve(c)
}

// json answers with a value that encodes to JSON.
func (c *call) json(status int, v any) Response {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return c.fail(err)
	}
	return Response{
		Status: status,
		Header: []Field{{contentType, asJSON}, {requestID, c.request.ID}},
		Body:   bytes.TrimSuffix(b.Bytes(), []byte("\n")),
	}
}

// empty answers without a body.
func (c *call) empty(status int) Response {
	return Response{Status: status, Header: []Field{{contentType, asJSON}, {requestID, c.request.ID}}}
}

func (c *call) fail(err error) Response { return c.operation.Fail(c.request.ID, err) }
