package awstest

import (
	"crypto/sha256"
	"encoding/base64"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// tfFunction is aws_lambda_function.
type tfFunction struct {
	said     lambda.CreateFunctionInput
	zip      []byte // its package, or what is in the bucket
	reserved int32  // -1 for none

	arn, version string // as read
}

// functionState is what Terraform compares of a function.
type functionState struct {
	description, handler, runtime, role, kind, architecture, tracing, hash string
	timeout, memory, storage, reserved                                     int32
	logging                                                                types.LoggingConfig
	environment, tags                                                      map[string]string
	layers                                                                 []string
}

func (f *tfFunction) create(p *provider) {
	retry(p, is[*types.ResourceConflictException], func() (*lambda.CreateFunctionOutput, error) {
		return p.c.CreateFunction(p.t.Context(), &f.said)
	})
	f.wait(p, func(c *types.FunctionConfiguration) bool { return c.State != types.StatePending })
	if f.reserved >= 0 {
		_, err := p.c.PutFunctionConcurrency(p.t.Context(), &lambda.PutFunctionConcurrencyInput{
			FunctionName: f.said.FunctionName, ReservedConcurrentExecutions: &f.reserved})
		p.ok(err)
	}
	f.read(p)
}

func (f *tfFunction) get(p *provider) *lambda.GetFunctionOutput {
	out, err := p.c.GetFunction(p.t.Context(), &lambda.GetFunctionInput{FunctionName: f.said.FunctionName})
	p.ok(err)
	if out.Code == nil || out.Configuration == nil {
		p.t.Fatalf("%s has no code or no configuration: %+v", *f.said.FunctionName, out)
	}
	return out
}

func (f *tfFunction) wait(p *provider, done func(*types.FunctionConfiguration) bool) {
	for {
		c := f.get(p).Configuration
		if done(c) {
			if c.State != types.StateActive || c.LastUpdateStatus != types.LastUpdateStatusSuccessful {
				p.t.Fatalf("%s is %s and %s: %s %s", *c.FunctionName, c.State, c.LastUpdateStatus, c.StateReasonCode, c.LastUpdateStatusReasonCode)
			}
			return
		}
		p.pause()
	}
}

func (f *tfFunction) read(p *provider) {
	out := f.get(p)
	c := out.Configuration
	got := functionState{
		description: *c.Description, handler: *c.Handler, runtime: string(c.Runtime), role: *c.Role, kind: string(c.PackageType),
		architecture: string(c.Architectures[0]), tracing: string(c.TracingConfig.Mode), hash: *c.CodeSha256,
		timeout: *c.Timeout, memory: *c.MemorySize, storage: *c.EphemeralStorage.Size, reserved: -1,
		logging: *c.LoggingConfig, tags: out.Tags,
	}
	if c.Environment != nil {
		got.environment = c.Environment.Variables
	}
	if out.Concurrency != nil {
		got.reserved = *out.Concurrency.ReservedConcurrentExecutions
	}
	for _, layer := range c.Layers {
		got.layers = append(got.layers, *layer.Arn)
	}
	same(p.t, *f.said.FunctionName, got, f.state())
	if c.DeadLetterConfig != nil || c.KMSKeyArn != nil || c.FileSystemConfigs != nil || c.ImageConfigResponse != nil || c.VpcConfig != nil ||
		c.SnapStart.ApplyOn != types.SnapStartApplyOnNone || c.SigningJobArn != nil || c.CapacityProviderConfig != nil || c.DurableConfig != nil || c.TenancyConfig != nil {
		p.t.Errorf("%s has what it was not given: %+v", *f.said.FunctionName, c)
	}
	f.arn = *c.FunctionArn

	var newest *types.FunctionConfiguration
	for pages := lambda.NewListVersionsByFunctionPaginator(p.c, &lambda.ListVersionsByFunctionInput{FunctionName: f.said.FunctionName, MaxItems: aws.Int32(10000)}); pages.HasMorePages(); {
		page, err := pages.NextPage(p.t.Context())
		p.ok(err)
		newest = &page.Versions[len(page.Versions)-1]
	}
	f.version = *newest.Version
	if *newest.FunctionArn != f.arn+":"+f.version {
		p.t.Errorf("version %s is %s", f.version, *newest.FunctionArn)
	}
	signing, err := p.c.GetFunctionCodeSigningConfig(p.t.Context(), &lambda.GetFunctionCodeSigningConfigInput{FunctionName: f.said.FunctionName})
	p.ok(err)
	same(p.t, "who signs the code", aws.ToString(signing.CodeSigningConfigArn), "")
}

// state is what is to be read: what was said, and AWS's defaults.
func (f *tfFunction) state() functionState {
	sum := sha256.Sum256(f.zip)
	s := functionState{
		description: *f.said.Description, handler: *f.said.Handler, runtime: string(f.said.Runtime), role: *f.said.Role, kind: "Zip",
		architecture: "x86_64", tracing: "PassThrough", hash: base64.StdEncoding.EncodeToString(sum[:]),
		timeout: *f.said.Timeout, memory: *f.said.MemorySize, storage: 512, reserved: f.reserved,
		logging: types.LoggingConfig{LogFormat: types.LogFormatText, LogGroup: aws.String("/aws/lambda/" + *f.said.FunctionName)},
		tags:    f.said.Tags, layers: f.said.Layers,
	}
	if f.said.Architectures != nil {
		s.architecture = string(f.said.Architectures[0])
	}
	if f.said.TracingConfig != nil {
		s.tracing = string(f.said.TracingConfig.Mode)
	}
	if f.said.EphemeralStorage != nil {
		s.storage = *f.said.EphemeralStorage.Size
	}
	if f.said.LoggingConfig != nil {
		s.logging = *f.said.LoggingConfig
		s.logging.SystemLogLevel = types.SystemLogLevelInfo
	}
	if f.said.Environment != nil {
		s.environment = f.said.Environment.Variables
	}
	return s
}

// update makes it what is said now.
func (f *tfFunction) update(p *provider, now tfFunction) {
	was := *f
	now.arn = f.arn
	*f = now
	updateTags(p, f.arn, was.said.Tags, now.said.Tags)
	in := lambda.UpdateFunctionConfigurationInput{FunctionName: now.said.FunctionName}
	changed := false
	for _, member := range []string{"Description", "Environment", "EphemeralStorage", "Layers", "LoggingConfig", "Timeout", "TracingConfig"} {
		before, after := reflect.ValueOf(was.said).FieldByName(member), reflect.ValueOf(now.said).FieldByName(member)
		if !reflect.DeepEqual(before.Interface(), after.Interface()) {
			reflect.ValueOf(&in).Elem().FieldByName(member).Set(after)
			changed = true
		}
	}
	updated := func(c *types.FunctionConfiguration) bool {
		return c.LastUpdateStatus != types.LastUpdateStatusInProgress
	}
	if changed {
		retry(p, is[*types.ResourceConflictException], func() (*lambda.UpdateFunctionConfigurationOutput, error) {
			return p.c.UpdateFunctionConfiguration(p.t.Context(), &in)
		})
		f.wait(p, updated)
	}
	_, err := p.c.UpdateFunctionCode(p.t.Context(), &lambda.UpdateFunctionCodeInput{
		FunctionName: now.said.FunctionName, ZipFile: now.said.Code.ZipFile, S3Bucket: now.said.Code.S3Bucket, S3Key: now.said.Code.S3Key})
	p.ok(err)
	f.wait(p, updated)
	switch {
	case was.reserved == now.reserved:
	case now.reserved >= 0:
		_, err := p.c.PutFunctionConcurrency(p.t.Context(), &lambda.PutFunctionConcurrencyInput{
			FunctionName: now.said.FunctionName, ReservedConcurrentExecutions: &now.reserved})
		p.ok(err)
	default:
		_, err := p.c.DeleteFunctionConcurrency(p.t.Context(), &lambda.DeleteFunctionConcurrencyInput{FunctionName: now.said.FunctionName})
		p.ok(err)
	}
	if now.said.Publish {
		version := retry(p, saying[*types.ResourceConflictException]("in progress"), func() (*lambda.PublishVersionOutput, error) {
			return p.c.PublishVersion(p.t.Context(), &lambda.PublishVersionInput{FunctionName: now.said.FunctionName})
		})
		for {
			c, err := p.c.GetFunctionConfiguration(p.t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: version.FunctionArn, Qualifier: version.Version})
			p.ok(err)
			if c.LastUpdateStatus == types.LastUpdateStatusSuccessful {
				break
			}
			p.pause()
		}
	}
	f.read(p)
}

func (f *tfFunction) delete(p *provider) {
	_, err := p.c.DeleteFunction(p.t.Context(), &lambda.DeleteFunctionInput{FunctionName: f.said.FunctionName})
	p.ok(err)
}

func updateTags(p *provider, arn string, was, now map[string]string) {
	var gone []string
	added := map[string]string{}
	for key := range was {
		if _, ok := now[key]; !ok {
			gone = append(gone, key)
		}
	}
	for key, value := range now {
		if old, ok := was[key]; !ok || old != value {
			added[key] = value
		}
	}
	if len(gone) > 0 {
		slices.Sort(gone)
		_, err := p.c.UntagResource(p.t.Context(), &lambda.UntagResourceInput{Resource: &arn, TagKeys: gone})
		p.ok(err)
	}
	if len(added) > 0 {
		_, err := p.c.TagResource(p.t.Context(), &lambda.TagResourceInput{Resource: &arn, Tags: added})
		p.ok(err)
	}
}
