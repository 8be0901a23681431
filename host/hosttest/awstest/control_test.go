package awstest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestControlPlane has AWS's SDK read the answers of operations around a function.
func TestControlPlane(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	c, ctx := client(h), t.Context()
	name := aws.String("hello")
	created, err := c.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: name, Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: zipOf(t, "hello")}, Timeout: aws.Int32(60),
	})
	if err != nil {
		t.Fatal(err)
	}
	get := &lambda.GetFunctionInput{FunctionName: name}
	if err := lambda.NewFunctionActiveV2Waiter(c, fastActive).Wait(ctx, get, patience); err != nil {
		t.Fatal(err)
	}

	stream, err := c.InvokeWithResponseStream(ctx, &lambda.InvokeWithResponseStreamInput{FunctionName: name, Payload: []byte(`{"name":"Ada"}`), LogType: types.LogTypeTail})
	if err != nil {
		t.Fatal(err)
	}
	var payload, log string
	for event := range stream.GetStream().Events() {
		switch event := event.(type) {
		case *types.InvokeWithResponseStreamResponseEventMemberPayloadChunk:
			payload += string(event.Value.Payload)
		case *types.InvokeWithResponseStreamResponseEventMemberInvokeComplete:
			log = aws.ToString(event.Value.LogResult)
		}
	}
	if err := stream.GetStream().Err(); err != nil || !strings.Contains(payload, "Ada") || log == "" {
		t.Errorf("streamed %q, log %q, %v", payload, log, err)
	}

	if _, err := c.TagResource(ctx, &lambda.TagResourceInput{Resource: created.FunctionArn, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
		t.Error(err)
	}
	if _, err := c.UntagResource(ctx, &lambda.UntagResourceInput{Resource: created.FunctionArn, TagKeys: []string{"a", "c"}}); err != nil {
		t.Error(err)
	}
	if _, err := c.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(0)}); err != nil {
		t.Error(err)
	}
	if got, err := c.GetFunction(ctx, get); err != nil || len(got.Tags) != 1 || got.Tags["b"] != "2" || *got.Concurrency.ReservedConcurrentExecutions != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	var throttled *types.TooManyRequestsException
	_, err = c.Invoke(ctx, &lambda.InvokeInput{FunctionName: name}, func(o *lambda.Options) { o.RetryMaxAttempts = 1 })
	if !errors.As(err, &throttled) || throttled.Reason != types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded {
		t.Errorf("with no concurrency: %v", err)
	}
	if _, err := c.DeleteFunctionConcurrency(ctx, &lambda.DeleteFunctionConcurrencyInput{FunctionName: name}); err != nil {
		t.Error(err)
	}

	mapping, err := c.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{FunctionName: name, EventSourceArn: aws.String("arn:aws:sqs:us-east-1:000000000000:q"), BatchSize: aws.Int32(5)})
	if err != nil {
		t.Fatal(err)
	}
	if time.Since(*mapping.LastModified) > time.Hour || *mapping.BatchSize != 5 || aws.ToString(mapping.State) != "Creating" {
		t.Errorf("mapped %+v", mapping)
	}
	if got, err := c.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: mapping.UUID}); err != nil || *got.State != "Enabled" {
		t.Errorf("mapping %+v, %v", got, err)
	}
	if _, err := c.PutFunctionEventInvokeConfig(ctx, &lambda.PutFunctionEventInvokeConfigInput{FunctionName: name, MaximumRetryAttempts: aws.Int32(1)}); err != nil {
		t.Error(err)
	}
	url, err := c.CreateFunctionUrlConfig(ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: name, AuthType: types.FunctionUrlAuthTypeNone, Cors: &types.Cors{AllowOrigins: []string{"*"}}})
	if err != nil || !strings.Contains(*url.FunctionUrl, ".lambda-url.us-east-1.localhost:") || !slices.Equal(url.Cors.AllowOrigins, []string{"*"}) {
		t.Errorf("url %+v, %v", url, err)
	}

	version, err := c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.PutProvisionedConcurrencyConfig(ctx, &lambda.PutProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: version.Version, ProvisionedConcurrentExecutions: aws.Int32(2)}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		p, err := c.GetProvisionedConcurrencyConfig(ctx, &lambda.GetProvisionedConcurrencyConfigInput{FunctionName: name, Qualifier: version.Version})
		if err != nil || p.Status == types.ProvisionedConcurrencyStatusEnumReady {
			if err != nil || *p.AvailableProvisionedConcurrentExecutions != 2 {
				t.Errorf("provisioned %+v, %v", p, err)
			}
			return
		}
	}
	t.Error("what was provisioned was never ready")
}
