package awstest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestTerraformCalls makes the calls that TestTerraform wrote down, in their order:
// every answer is such that Terraform would go on, and find nothing to change in what
// it has just made.
func TestTerraformCalls(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t, forTerraform(t))
	made := &calls{}
	p := &provider{t, client(h, func(o *lambda.Options) { o.HTTPClient = &http.Client{Transport: made} })}
	packages := packagesForTerraform(t)
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:greeter"
	greeter, live := aws.String("greeter"), aws.String("live")

	layer := &tfLayer{said: lambda.PublishLayerVersionInput{LayerName: aws.String("words"), Description: aws.String("What is said"), LicenseInfo: aws.String("Apache-2.0"),
		Content:            &types.LayerVersionContentInput{ZipFile: packages["layer-1.zip"]},
		CompatibleRuntimes: []types.Runtime{types.RuntimeProvidedal2023}, CompatibleArchitectures: []types.Architecture{types.ArchitectureX8664}}}
	function := &tfFunction{zip: packages["hello.zip"], reserved: 10, said: lambda.CreateFunctionInput{
		FunctionName: greeter, Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), PackageType: types.PackageTypeZip, Publish: true,
		Code:        &types.FunctionCode{ZipFile: packages["hello.zip"]},
		Description: aws.String(""), Timeout: aws.Int32(10), MemorySize: aws.Int32(256),
		Layers:      []string{"arn:aws:lambda:us-east-1:000000000000:layer:words:1"},
		Environment: &types.Environment{Variables: map[string]string{"GREETING": "Hello"}}, Tags: map[string]string{"team": "red", "owner": "ada"},
	}}
	counter := &tfFunction{zip: packages["hello.zip"], reserved: -1, said: lambda.CreateFunctionInput{
		FunctionName: aws.String("counter"), Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), PackageType: types.PackageTypeZip,
		Code:        &types.FunctionCode{S3Bucket: aws.String("code"), S3Key: aws.String("hello.zip")},
		Description: aws.String("Greets"), Timeout: aws.Int32(3), MemorySize: aws.Int32(128), Architectures: []types.Architecture{types.ArchitectureArm64},
		EphemeralStorage: &types.EphemeralStorage{Size: aws.Int32(1024)}, TracingConfig: &types.TracingConfig{Mode: types.TracingModeActive},
		LoggingConfig: &types.LoggingConfig{LogFormat: types.LogFormatJson, LogGroup: aws.String("counters"), ApplicationLogLevel: types.ApplicationLogLevelDebug},
	}}
	alias := &tfAlias{lambda.CreateAliasInput{FunctionName: greeter, Name: live, Description: aws.String("Stands"), FunctionVersion: aws.String("1"), RoutingConfig: &types.AliasRoutingConfiguration{}}}
	uploads := &tfPermission{lambda.AddPermissionInput{FunctionName: greeter, Qualifier: live, StatementId: aws.String("uploads"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("s3.amazonaws.com"), SourceArn: aws.String("arn:aws:s3:::uploads")}}
	partner := &tfPermission{lambda.AddPermissionInput{FunctionName: aws.String(arn), StatementId: aws.String("partner"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("arn:aws:iam::123456789012:root")}}
	provisioned := &tfProvisioned{lambda.PutProvisionedConcurrencyConfigInput{FunctionName: greeter, Qualifier: aws.String("1"), ProvisionedConcurrentExecutions: aws.Int32(1)}}
	url := &tfURL{lambda.CreateFunctionUrlConfigInput{FunctionName: greeter, Qualifier: live, AuthType: types.FunctionUrlAuthTypeNone, InvokeMode: types.InvokeModeBuffered,
		Cors: &types.Cors{AllowCredentials: aws.Bool(false), AllowMethods: []string{"GET"}, AllowOrigins: []string{"https://example.com"}, MaxAge: aws.Int32(60)}}}
	events := &tfEventInvoke{lambda.PutFunctionEventInvokeConfigInput{FunctionName: greeter, MaximumEventAgeInSeconds: aws.Int32(60), MaximumRetryAttempts: aws.Int32(1)}}
	queue := &tfMapping{said: lambda.CreateEventSourceMappingInput{FunctionName: aws.String(arn), EventSourceArn: aws.String("arn:aws:sqs:us-east-1:000000000000:queue"), BatchSize: aws.Int32(10), Enabled: aws.Bool(true)}}

	all := []interface {
		create(*provider)
		read(*provider)
		delete(*provider)
	}{layer, function, counter, alias, uploads, partner, provisioned, url, events, queue}
	refresh := func() {
		for _, r := range all {
			r.read(p)
		}
	}

	made.title(parts[0].title)
	for _, r := range all {
		r.create(p)
	}
	made.title(parts[1].title)
	refresh()

	made.title(parts[2].title)
	refresh()
	uploads.delete(p) // what is replaced goes before what it depends on is changed
	layer.delete(p)   // which the function still has
	layer.said.Content = &types.LayerVersionContentInput{ZipFile: packages["layer-2.zip"]}
	layer.create(p)
	now := *function
	now.zip, now.reserved = packages["word-count.zip"], -1
	now.said.Code, now.said.Timeout = &types.FunctionCode{ZipFile: now.zip}, aws.Int32(30)
	now.said.Layers = []string{layer.arn}
	now.said.Environment = &types.Environment{Variables: map[string]string{"GREETING": "Good evening"}}
	now.said.Tags = map[string]string{"team": "blue", "stage": "test"}
	function.update(p, now)
	now = *counter
	now.zip, now.reserved = packages["word-count.zip"], 0
	now.said.Code = &types.FunctionCode{S3Bucket: aws.String("code"), S3Key: aws.String("word-count.zip")}
	now.said.Description, now.said.EphemeralStorage = aws.String("Counts words"), &types.EphemeralStorage{Size: aws.Int32(2048)}
	now.said.TracingConfig = &types.TracingConfig{Mode: types.TracingModePassThrough}
	now.said.LoggingConfig = &types.LoggingConfig{LogFormat: types.LogFormatJson, LogGroup: aws.String("counters"), ApplicationLogLevel: types.ApplicationLogLevelWarn,
		SystemLogLevel: types.SystemLogLevelInfo} // which was not said, and has been read
	counter.update(p, now)
	shifted := alias.said
	shifted.Description, shifted.RoutingConfig = aws.String("Shifts"), &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{function.version: 0.1}}
	alias.update(p, shifted)
	uploads.said.SourceAccount = aws.String("000000000000")
	uploads.create(p)
	more := provisioned.said
	more.ProvisionedConcurrentExecutions = aws.Int32(2)
	provisioned.update(p, more)
	url.update(p, types.FunctionUrlAuthTypeAwsIam)
	fewer := events.said
	fewer.MaximumRetryAttempts = aws.Int32(0)
	events.update(p, fewer)
	queue.update(p, 5)
	made.title(parts[3].title)
	refresh()

	made.title(parts[4].title)
	refresh()
	for _, r := range slices.Backward(all) {
		r.delete(p)
	}
	sameCalls(t, made)
}
