package awstest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// patience bounds waits for a function to become ready.
const patience = 5 * time.Minute

func client(h *hosttest.Host, configure ...func(*lambda.Options)) *lambda.Client {
	return lambda.New(lambda.Options{
		BaseEndpoint: aws.String(h.Endpoint),
		Region:       h.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: h.AccessKeyID, SecretAccessKey: h.SecretAccessKey}, nil
		}),
	}, configure...)
}

// TestSDK is the life of a function as AWS's SDK for Go sees it.
func TestSDK(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	c, ctx := client(h), t.Context()
	zip := zipOf(t, "thumbnail")

	created, err := c.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("thumbnail"), Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: zip}, Timeout: aws.Int32(60), MemorySize: aws.Int32(256),
		Environment: &types.Environment{Variables: map[string]string{"A": "<1>"}}, Tags: map[string]string{"team": "blue"},
	})
	if err == nil || !isValidation(err) { // AWS wants two characters at least
		t.Errorf("a variable with a name of one character: %+v, %v", created, err)
	}
	created, err = c.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("thumbnail"), Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: zip}, Timeout: aws.Int32(60), MemorySize: aws.Int32(256),
		Environment: &types.Environment{Variables: map[string]string{"AB": "<1>"}}, Tags: map[string]string{"team": "blue"},
	})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(zip)
	if created.State != types.StatePending || created.LastUpdateStatus != "" || *created.CodeSha256 != base64.StdEncoding.EncodeToString(sum[:]) || created.CodeSize != int64(len(zip)) {
		t.Errorf("created: %+v", created)
	}
	name := &lambda.GetFunctionInput{FunctionName: aws.String("thumbnail")}
	if err := lambda.NewFunctionActiveV2Waiter(c, fastActive).Wait(ctx, name, patience); err != nil {
		t.Fatal(err)
	}

	invoked, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: created.FunctionArn, Payload: event(t), LogType: types.LogTypeTail})
	if err != nil {
		t.Fatal(err)
	}
	log, err := base64.StdEncoding.DecodeString(aws.ToString(invoked.LogResult))
	if err != nil || invoked.FunctionError != nil || invoked.StatusCode != 200 || *invoked.ExecutedVersion != "$LATEST" || !strings.Contains(string(log), "REPORT RequestId: ") {
		t.Errorf("invoked: %+v, log %q, %v", invoked, log, err)
	}
	checkThumbnail(t, invoked.Payload)

	failed, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("thumbnail"), Payload: []byte(`{"width":0}`)})
	if err != nil || aws.ToString(failed.FunctionError) != "Unhandled" || !strings.Contains(string(failed.Payload), "width is 0") {
		t.Errorf("a failure: %+v, %v", failed, err)
	}
	dry, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("thumbnail"), InvocationType: types.InvocationTypeDryRun})
	if err != nil || dry.StatusCode != 204 {
		t.Errorf("a dry run: %+v, %v", dry, err)
	}

	got, err := c.GetFunction(ctx, name)
	if err != nil || got.Tags["team"] != "blue" || got.Configuration.Environment.Variables["AB"] != "<1>" || got.Configuration.State != types.StateActive || got.Configuration.LastUpdateStatus != types.LastUpdateStatusSuccessful {
		t.Fatalf("got: %+v, %v", got, err)
	}
	if code := download(t, *got.Code.Location); !bytes.Equal(code, zip) {
		t.Errorf("Code.Location has %d bytes, the package %d", len(code), len(zip))
	}
	signing, err := c.GetFunctionCodeSigningConfig(ctx, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: aws.String("thumbnail")})
	if err != nil || aws.ToString(signing.CodeSigningConfigArn) != "" {
		t.Errorf("code signing: %+v, %v", signing, err)
	}
	tags, err := c.ListTags(ctx, &lambda.ListTagsInput{Resource: created.FunctionArn})
	if err != nil || tags.Tags["team"] != "blue" {
		t.Errorf("tags: %+v, %v", tags, err)
	}
	account, err := c.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil || account.AccountUsage.FunctionCount != 1 || account.AccountUsage.TotalCodeSize != int64(len(zip)) {
		t.Errorf("account: %+v, %v", account, err)
	}

	_, err = c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("thumbnail"), Description: aws.String("smaller & smaller")})
	if err != nil {
		t.Fatal(err)
	}
	if err := lambda.NewFunctionUpdatedV2Waiter(c, fastUpdated).Wait(ctx, name, patience); err != nil {
		t.Fatal(err)
	}
	updated, err := c.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: aws.String("thumbnail"), ZipFile: zipOf(t, "hello")})
	if err != nil || updated.LastUpdateStatus != types.LastUpdateStatusInProgress || *updated.Description != "smaller & smaller" {
		t.Fatalf("updated: %+v, %v", updated, err)
	}
	if err := lambda.NewFunctionUpdatedV2Waiter(c, fastUpdated).Wait(ctx, name, patience); err != nil {
		t.Fatal(err)
	}
	hello, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("thumbnail:$LATEST"), Payload: []byte(`{"name":"Ada"}`)})
	if err != nil || !strings.Contains(string(hello.Payload), "Ada") {
		t.Errorf("after the update: %+v, %v", hello, err)
	}

	var names []string
	for pages := lambda.NewListFunctionsPaginator(c, &lambda.ListFunctionsInput{MaxItems: aws.Int32(1)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Functions {
			names = append(names, *f.FunctionName)
		}
	}
	if len(names) != 1 || names[0] != "thumbnail" {
		t.Errorf("listed: %v", names)
	}
	versions, err := c.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: aws.String("thumbnail")})
	if err != nil || len(versions.Versions) != 1 || *versions.Versions[0].Version != "$LATEST" {
		t.Errorf("versions: %+v, %v", versions, err)
	}

	if _, err := c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: aws.String("thumbnail")}); err != nil {
		t.Fatal(err)
	}
	var absent *types.ResourceNotFoundException
	if _, err := c.GetFunction(ctx, name); !errors.As(err, &absent) || !strings.HasPrefix(*absent.Message, "Function not found: arn:aws:lambda:us-east-1:") {
		t.Errorf("after deletion: %v", err)
	}
}

// TestWhatIsLacking has an SDK show which operation it is, at once.
func TestWhatIsLacking(t *testing.T) {
	t.Parallel()
	c := client(hosttest.New(t))
	_, err := c.ListCodeSigningConfigs(t.Context(), &lambda.ListCodeSigningConfigsInput{})
	var fault smithy.APIError
	if !errors.As(err, &fault) || fault.ErrorCode() != "NotImplementedException" || !strings.Contains(fault.ErrorMessage(), "ListCodeSigningConfigs") {
		t.Errorf("%v", err)
	}
	if err != nil && strings.Contains(err.Error(), "exceeded maximum number of attempts") {
		t.Errorf("it was tried again: %v", err)
	}
}

func isValidation(err error) bool {
	var fault smithy.APIError
	return errors.As(err, &fault) && fault.ErrorCode() == "ValidationException"
}

func fastActive(o *lambda.FunctionActiveV2WaiterOptions) {
	o.MinDelay, o.MaxDelay = 50*time.Millisecond, time.Second
}

func fastUpdated(o *lambda.FunctionUpdatedV2WaiterOptions) {
	o.MinDelay, o.MaxDelay = 50*time.Millisecond, time.Second
}

func download(t *testing.T, url string) []byte {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	content, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%s: %d %v", url, r.StatusCode, err)
	}
	return content
}
