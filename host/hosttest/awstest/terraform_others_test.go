package awstest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// tfLayer is aws_lambda_layer_version. It is never changed, only replaced.
type tfLayer struct {
	said lambda.PublishLayerVersionInput

	arn     string
	version int64
}

func (l *tfLayer) create(p *provider) {
	out, err := p.c.PublishLayerVersion(p.t.Context(), &l.said)
	p.ok(err)
	l.arn, l.version = *out.LayerVersionArn, out.Version
	l.read(p)
}

func (l *tfLayer) read(p *provider) {
	out, err := p.c.GetLayerVersion(p.t.Context(), &lambda.GetLayerVersionInput{LayerName: l.said.LayerName, VersionNumber: &l.version})
	p.ok(err)
	sum := sha256.Sum256(l.said.Content.ZipFile)
	same(p.t, "layer "+l.arn, []string{
		*out.LayerVersionArn, *out.LayerArn, *out.Description, *out.LicenseInfo, *out.Content.CodeSha256, fmt.Sprint(out.Content.CodeSize, out.Version, out.CompatibleRuntimes, out.CompatibleArchitectures),
	}, []string{
		l.arn, strings.TrimSuffix(l.arn, fmt.Sprint(":", l.version)), *l.said.Description, *l.said.LicenseInfo, base64.StdEncoding.EncodeToString(sum[:]),
		fmt.Sprint(len(l.said.Content.ZipFile), l.version, l.said.CompatibleRuntimes, l.said.CompatibleArchitectures),
	})
	if _, err := time.Parse("2006-01-02T15:04:05.000-0700", *out.CreatedDate); err != nil {
		p.t.Error(err)
	}
}

func (l *tfLayer) delete(p *provider) {
	_, err := p.c.DeleteLayerVersion(p.t.Context(), &lambda.DeleteLayerVersionInput{LayerName: l.said.LayerName, VersionNumber: &l.version})
	p.ok(err)
}

// tfAlias is aws_lambda_alias.
type tfAlias struct {
	said lambda.CreateAliasInput
}

func (a *tfAlias) create(p *provider) {
	_, err := p.c.CreateAlias(p.t.Context(), &a.said)
	p.ok(err)
	a.read(p)
}

func (a *tfAlias) read(p *provider) {
	out, err := p.c.GetAlias(p.t.Context(), &lambda.GetAliasInput{FunctionName: a.said.FunctionName, Name: a.said.Name})
	p.ok(err)
	var weights map[string]float64
	if out.RoutingConfig != nil {
		weights = out.RoutingConfig.AdditionalVersionWeights
	}
	same(p.t, "alias "+*a.said.Name, []any{*out.Name, *out.Description, *out.FunctionVersion, weights},
		[]any{*a.said.Name, *a.said.Description, *a.said.FunctionVersion, a.said.RoutingConfig.AdditionalVersionWeights})
}

func (a *tfAlias) update(p *provider, now lambda.CreateAliasInput) {
	a.said = now
	_, err := p.c.UpdateAlias(p.t.Context(), &lambda.UpdateAliasInput{Description: now.Description, FunctionName: now.FunctionName,
		FunctionVersion: now.FunctionVersion, Name: now.Name, RoutingConfig: now.RoutingConfig})
	p.ok(err)
	a.read(p)
}

func (a *tfAlias) delete(p *provider) {
	_, err := p.c.DeleteAlias(p.t.Context(), &lambda.DeleteAliasInput{FunctionName: a.said.FunctionName, Name: a.said.Name})
	p.ok(err)
}

// tfProvisioned is aws_lambda_provisioned_concurrency_config.
type tfProvisioned struct {
	said lambda.PutProvisionedConcurrencyConfigInput
}

func (r *tfProvisioned) create(p *provider) {
	_, err := p.c.PutProvisionedConcurrencyConfig(p.t.Context(), &r.said)
	p.ok(err)
	for r.get(p).Status == types.ProvisionedConcurrencyStatusEnumInProgress {
		p.pause()
	}
	r.read(p)
}

func (r *tfProvisioned) get(p *provider) *lambda.GetProvisionedConcurrencyConfigOutput {
	out, err := p.c.GetProvisionedConcurrencyConfig(p.t.Context(), &lambda.GetProvisionedConcurrencyConfigInput{FunctionName: r.said.FunctionName, Qualifier: r.said.Qualifier})
	p.ok(err)
	return out
}

func (r *tfProvisioned) read(p *provider) {
	out := r.get(p)
	same(p.t, "provisioned concurrency", []any{out.Status, *out.AllocatedProvisionedConcurrentExecutions},
		[]any{types.ProvisionedConcurrencyStatusEnumReady, *r.said.ProvisionedConcurrentExecutions})
}

func (r *tfProvisioned) update(p *provider, now lambda.PutProvisionedConcurrencyConfigInput) {
	r.said = now
	r.create(p)
}

func (r *tfProvisioned) delete(p *provider) {
	_, err := p.c.DeleteProvisionedConcurrencyConfig(p.t.Context(), &lambda.DeleteProvisionedConcurrencyConfigInput{FunctionName: r.said.FunctionName, Qualifier: r.said.Qualifier})
	p.ok(err)
}

// tfURL is aws_lambda_function_url.
type tfURL struct {
	said lambda.CreateFunctionUrlConfigInput
}

func (u *tfURL) create(p *provider) {
	_, err := p.c.CreateFunctionUrlConfig(p.t.Context(), &u.said)
	p.ok(err)
	if u.said.AuthType == types.FunctionUrlAuthTypeNone { // then it is for everybody
		_, err := p.c.AddPermission(p.t.Context(), &lambda.AddPermissionInput{Action: aws.String("lambda:InvokeFunctionUrl"), FunctionName: u.said.FunctionName,
			Qualifier: u.said.Qualifier, FunctionUrlAuthType: u.said.AuthType, Principal: aws.String("*"), StatementId: aws.String("FunctionURLAllowPublicAccess")})
		p.ok(err)
	}
	u.read(p)
}

func (u *tfURL) read(p *provider) {
	out, err := p.c.GetFunctionUrlConfig(p.t.Context(), &lambda.GetFunctionUrlConfigInput{FunctionName: u.said.FunctionName, Qualifier: u.said.Qualifier})
	p.ok(err)
	same(p.t, "url", []any{out.AuthType, *out.Cors, out.InvokeMode}, []any{u.said.AuthType, *u.said.Cors, u.said.InvokeMode})
	if !strings.HasSuffix(*out.FunctionArn, ":"+*u.said.Qualifier) || !strings.Contains(*out.FunctionUrl, ".lambda-url.") {
		p.t.Errorf("url %s of %s", *out.FunctionUrl, *out.FunctionArn)
	}
}

func (u *tfURL) update(p *provider, auth types.FunctionUrlAuthType) {
	u.said.AuthType = auth
	_, err := p.c.UpdateFunctionUrlConfig(p.t.Context(), &lambda.UpdateFunctionUrlConfigInput{FunctionName: u.said.FunctionName, Qualifier: u.said.Qualifier, AuthType: auth})
	p.ok(err)
	u.read(p)
}

func (u *tfURL) delete(p *provider) {
	_, err := p.c.DeleteFunctionUrlConfig(p.t.Context(), &lambda.DeleteFunctionUrlConfigInput{FunctionName: u.said.FunctionName, Qualifier: u.said.Qualifier})
	p.ok(err)
}

// tfEventInvoke is aws_lambda_function_event_invoke_config.
type tfEventInvoke struct {
	said lambda.PutFunctionEventInvokeConfigInput
}

func (e *tfEventInvoke) create(p *provider) {
	_, err := p.c.PutFunctionEventInvokeConfig(p.t.Context(), &e.said)
	p.ok(err)
	e.read(p)
}

func (e *tfEventInvoke) read(p *provider) {
	out, err := p.c.GetFunctionEventInvokeConfig(p.t.Context(), &lambda.GetFunctionEventInvokeConfigInput{FunctionName: e.said.FunctionName})
	p.ok(err)
	same(p.t, "event invoke config", []int32{*out.MaximumEventAgeInSeconds, *out.MaximumRetryAttempts}, []int32{*e.said.MaximumEventAgeInSeconds, *e.said.MaximumRetryAttempts})
	if d := out.DestinationConfig; d != nil && (d.OnFailure != nil && d.OnFailure.Destination != nil || d.OnSuccess != nil && d.OnSuccess.Destination != nil) {
		p.t.Errorf("it has destinations: %+v", d)
	}
}

func (e *tfEventInvoke) update(p *provider, now lambda.PutFunctionEventInvokeConfigInput) {
	e.said = now
	e.create(p)
}

func (e *tfEventInvoke) delete(p *provider) {
	_, err := p.c.DeleteFunctionEventInvokeConfig(p.t.Context(), &lambda.DeleteFunctionEventInvokeConfigInput{FunctionName: e.said.FunctionName})
	p.ok(err)
}

// tfMapping is aws_lambda_event_source_mapping.
type tfMapping struct {
	said lambda.CreateEventSourceMappingInput

	id *string
}

// settle waits until it is in one of the states, and returns it.
func (m *tfMapping) settle(p *provider, passing ...string) *lambda.GetEventSourceMappingOutput {
	for {
		out, err := p.c.GetEventSourceMapping(p.t.Context(), &lambda.GetEventSourceMappingInput{UUID: m.id})
		if is[*types.ResourceNotFoundException](err) {
			return nil
		}
		p.ok(err)
		if !slices.Contains(passing, *out.State) {
			return out
		}
		p.pause()
	}
}

func (m *tfMapping) create(p *provider) {
	out, err := p.c.CreateEventSourceMapping(p.t.Context(), &m.said)
	p.ok(err)
	m.id = out.UUID
	m.settle(p, "Creating", "Enabling", "Disabling")
	m.read(p)
}

func (m *tfMapping) read(p *provider) {
	out := m.settle(p)
	same(p.t, "mapping", []any{*out.EventSourceArn, *out.FunctionArn, *out.BatchSize, *out.State, *out.MaximumBatchingWindowInSeconds},
		[]any{*m.said.EventSourceArn, *m.said.FunctionName, *m.said.BatchSize, "Enabled", int32(0)})
	tags, err := p.c.ListTags(p.t.Context(), &lambda.ListTagsInput{Resource: out.EventSourceMappingArn})
	p.ok(err)
	same(p.t, "tags of the mapping", len(tags.Tags), 0)
}

func (m *tfMapping) update(p *provider, batch int32) {
	m.said.BatchSize = &batch
	_, err := p.c.UpdateEventSourceMapping(p.t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: m.id, BatchSize: &batch})
	p.ok(err)
	m.settle(p, "Updating", "Enabling", "Disabling")
	m.read(p)
}

func (m *tfMapping) delete(p *provider) {
	_, err := p.c.DeleteEventSourceMapping(p.t.Context(), &lambda.DeleteEventSourceMappingInput{UUID: m.id})
	p.ok(err)
	if out := m.settle(p, "Deleting"); out != nil {
		p.t.Errorf("mapping %+v is there", out)
	}
}
