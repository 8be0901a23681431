package awstest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestTerraformGone is what Terraform's provider must be told, by the type of the
// error, of resources that somebody else has deleted: it makes them again then, and
// is content that what it was to delete is not there.
func TestTerraformGone(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	c, ctx := client(h), t.Context()
	name, qualifier, id := aws.String("gone"), aws.String("live"), aws.String("7f0a1c1e-6f4b-4c1c-8d53-0a6c1d0f5b11")
	notFound := is[*types.ResourceNotFoundException]
	wants := func(what string, such func(error) bool, err error) {
		t.Helper()
		if !such(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := c.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: id})
	wants("the mapping that is read", notFound, err)
	_, err = c.DeleteEventSourceMapping(ctx, &lambda.DeleteEventSourceMappingInput{UUID: id})
	wants("the mapping that is deleted", notFound, err)

	_, err = c.GetLayerVersion(ctx, &lambda.GetLayerVersionInput{LayerName: name, VersionNumber: aws.Int64(1)})
	wants("the layer that is read", notFound, err)
	if _, err := c.DeleteLayerVersion(ctx, &lambda.DeleteLayerVersionInput{LayerName: name, VersionNumber: aws.Int64(1)}); err != nil {
		t.Errorf("the layer that is deleted: %v", err)
	}

	// Of a function that is gone, too, and of one that is there and has none.
	around := func() {
		_, err := c.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: name, Name: qualifier})
		wants("the alias", notFound, err)
		_, err = c.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: name})
		wants("the policy", notFound, err)
		_, err = c.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: name, StatementId: aws.String("s")})
		wants("the statement", notFound, err)
		_, err = c.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: name})
		wants("the URL that is read", notFound, err)
		_, err = c.DeleteFunctionUrlConfig(ctx, &lambda.DeleteFunctionUrlConfigInput{FunctionName: name})
		wants("the URL that is deleted", notFound, err)
		_, err = c.GetFunctionEventInvokeConfig(ctx, &lambda.GetFunctionEventInvokeConfigInput{FunctionName: name})
		wants("the configuration of events that is read", notFound, err)
		_, err = c.DeleteFunctionEventInvokeConfig(ctx, &lambda.DeleteFunctionEventInvokeConfigInput{FunctionName: name})
		wants("the configuration of events that is deleted", notFound, err)
		provisioned := func(err error) bool {
			return notFound(err) || is[*types.ProvisionedConcurrencyConfigNotFoundException](err)
		}
		_, err = c.GetProvisionedConcurrencyConfig(ctx, &lambda.GetProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: aws.String("1")})
		wants("the concurrency that is read", provisioned, err)
	}
	_, err = c.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: name})
	wants("the function that is read", notFound, err)
	_, err = c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name})
	wants("the function that is deleted", notFound, err)
	around()
	_, err = c.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: name, StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("s3.amazonaws.com")})
	wants("a permission too early", notFound, err)

	f := &tfFunction{zip: zipOf(t, "hello"), reserved: -1, said: lambda.CreateFunctionInput{
		FunctionName: name, Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), Publish: true,
		Description: aws.String(""), Timeout: aws.Int32(3), MemorySize: aws.Int32(128), Code: &types.FunctionCode{ZipFile: zipOf(t, "hello")}}}
	f.create(&provider{t, c})
	around()
	for _, absent := range []struct {
		what string
		err  error
	}{
		{"an alias", second(c.DeleteAlias(ctx, &lambda.DeleteAliasInput{FunctionName: name, Name: qualifier}))},
		{"concurrency", second(c.DeleteFunctionConcurrency(ctx, &lambda.DeleteFunctionConcurrencyInput{FunctionName: name}))},
		{"provisioned concurrency", second(c.DeleteProvisionedConcurrencyConfig(ctx, &lambda.DeleteProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: aws.String("1")}))},
	} {
		if absent.err != nil && !notFound(absent.err) && !is[*types.ProvisionedConcurrencyConfigNotFoundException](absent.err) {
			t.Errorf("deleting %s that is not there: %v", absent.what, absent.err)
		}
	}
}

// TestTerraformNewer makes the calls that newer versions of the provider add to those
// that were written down: they wait until an alias has no weights and until a
// function is gone, and permit invocations that come through a URL only.
func TestTerraformNewer(t *testing.T) {
	t.Parallel()
	p := &provider{t, client(hosttest.New(t))}
	name := aws.String("newer")
	f := &tfFunction{zip: zipOf(t, "hello"), reserved: -1, said: lambda.CreateFunctionInput{
		FunctionName: name, Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), Publish: true,
		Description: aws.String(""), Timeout: aws.Int32(3), MemorySize: aws.Int32(128), Code: &types.FunctionCode{ZipFile: zipOf(t, "hello")}}}
	f.create(p)
	now := *f
	now.said.Description = aws.String("another version")
	f.update(p, now)
	if f.version != "2" {
		t.Errorf("the newest version is %s", f.version)
	}

	alias := &tfAlias{lambda.CreateAliasInput{FunctionName: name, Name: aws.String("live"), Description: aws.String(""), FunctionVersion: aws.String("1"),
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.5}}}}
	alias.create(p)
	still := alias.said
	still.RoutingConfig = &types.AliasRoutingConfiguration{}
	alias.update(p, still) // which reads that it has none

	url := &tfPermission{lambda.AddPermissionInput{FunctionName: name, StatementId: aws.String("url"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("*"), InvokedViaFunctionUrl: aws.Bool(true)}}
	url.create(p)
	url.delete(p)

	f.delete(p)
	if _, err := p.c.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: name}); !is[*types.ResourceNotFoundException](err) {
		t.Errorf("the function that was deleted: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
