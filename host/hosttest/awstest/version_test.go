package awstest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// The life of a function with versions, in each client: create → publish → update →
// publish → alias → shift a tenth → permissions → invoke by name, ARN, version and
// alias. Version 1 greets, version 2 counts words.

const (
	greetEvent = `{"name":"Ada"}`
	wordEvent  = `{"text":"to be or not to be"}`
)

// TestSDKVersions is that life as AWS's SDK for Go sees it.
func TestSDKVersions(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	c, ctx := client(h), t.Context()
	name := aws.String("shifting")
	created, err := c.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: name, Role: aws.String(role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: zipOf(t, "hello")}, Timeout: aws.Int32(60), Publish: true,
	})
	if err != nil || *created.Version != "1" || created.State != types.StatePending {
		t.Fatalf("created: %+v, %v", created, err)
	}
	one := &lambda.GetFunctionConfigurationInput{FunctionName: name, Qualifier: aws.String("1")}
	if err := lambda.NewPublishedVersionActiveWaiter(c, func(o *lambda.PublishedVersionActiveWaiterOptions) {
		o.MinDelay, o.MaxDelay = 50*time.Millisecond, time.Second
	}).Wait(ctx, one, patience); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: name, ZipFile: zipOf(t, "word-count")}); err != nil {
		t.Fatal(err)
	}
	if err := lambda.NewFunctionUpdatedV2Waiter(c, fastUpdated).Wait(ctx, &lambda.GetFunctionInput{FunctionName: name}, patience); err != nil {
		t.Fatal(err)
	}
	two, err := c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: name, Description: aws.String("counts")})
	if err != nil || *two.Version != "2" || *two.FunctionArn != *created.FunctionArn+":2" || *two.Description != "counts" {
		t.Fatalf("published: %+v, %v", two, err)
	}
	alias, err := c.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: name, Name: aws.String("live"), FunctionVersion: aws.String("1")})
	if err != nil || *alias.AliasArn != *created.FunctionArn+":live" {
		t.Fatalf("alias: %+v, %v", alias, err)
	}
	invokes(t, c, "shifting:live", "", greetEvent, "Ada", "1")
	shifted, err := c.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: name, Name: aws.String("live"), RevisionId: alias.RevisionId,
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.1}}})
	if err != nil || shifted.RoutingConfig.AdditionalVersionWeights["2"] != 0.1 {
		t.Fatalf("shifted: %+v, %v", shifted, err)
	}
	var stale *types.PreconditionFailedException
	if _, err := c.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: name, Name: aws.String("live"), RevisionId: alias.RevisionId}); !errors.As(err, &stale) {
		t.Errorf("another revision: %v", err)
	}
	seen := map[string]int{}
	for range 1000 {
		out, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: name, Qualifier: aws.String("live"), Payload: []byte(greetEvent)})
		if err != nil {
			t.Fatal(err)
		}
		seen[*out.ExecutedVersion]++
	}
	// Fewer than 47, or more than 163, come of chance in less than one run of 10^9.
	if seen["2"] < 47 || seen["2"] > 163 || seen["1"]+seen["2"] != 1000 {
		t.Errorf("a tenth of 1000 is %v", seen)
	}

	added, err := c.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: name, Qualifier: aws.String("live"), StatementId: aws.String("bucket"),
		Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("s3.amazonaws.com"), SourceArn: aws.String("arn:aws:s3:::bucket"), SourceAccount: aws.String("000000000000")})
	want := `{"Sid":"bucket","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + *alias.AliasArn +
		`","Condition":{"StringEquals":{"AWS:SourceAccount":"000000000000"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::bucket"}}}`
	if err != nil || *added.Statement != want {
		t.Errorf("permission: %+v, %v", aws.ToString(added.Statement), err)
	}
	policy, err := c.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: name, Qualifier: aws.String("live")})
	if err != nil || *policy.Policy != `{"Version":"2012-10-17","Id":"default","Statement":[`+want+`]}` {
		t.Errorf("policy: %v, %v", aws.ToString(policy.Policy), err)
	}
	if _, err := c.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: name, Qualifier: aws.String("live"), StatementId: aws.String("bucket"), RevisionId: policy.RevisionId}); err != nil {
		t.Error(err)
	}
	var absent *types.ResourceNotFoundException
	if _, err := c.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: name, Qualifier: aws.String("live")}); !errors.As(err, &absent) {
		t.Errorf("the policy that is gone: %v", err)
	}

	arn := *created.FunctionArn
	invokes(t, c, "shifting", "", wordEvent, "6", "$LATEST")
	invokes(t, c, arn, "", wordEvent, "6", "$LATEST")
	invokes(t, c, arn+":2", "", wordEvent, "6", "2")
	invokes(t, c, "000000000000:function:shifting", "1", greetEvent, "Ada", "1")
	invokes(t, c, "function:shifting", "2", wordEvent, "6", "2")
	invokes(t, c, "shifting:1", "1", greetEvent, "Ada", "1")

	var names []string
	for pages := lambda.NewListVersionsByFunctionPaginator(c, &lambda.ListVersionsByFunctionInput{FunctionName: name, MaxItems: aws.Int32(1)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			names = append(names, *v.Version)
		}
	}
	if got := strings.Join(names, " "); got != "$LATEST 1 2" {
		t.Errorf("versions: %s", got)
	}
	var conflict *types.ResourceConflictException
	if _, err := c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name, Qualifier: aws.String("2")}); !errors.As(err, &conflict) {
		t.Errorf("a version that an alias leads to: %v", err)
	}
	if _, err := c.DeleteAlias(ctx, &lambda.DeleteAliasInput{FunctionName: name, Name: aws.String("live")}); err != nil {
		t.Error(err)
	}
	if _, err := c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name, Qualifier: aws.String("2")}); err != nil {
		t.Error(err)
	}
	if _, err := c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name}); err != nil {
		t.Error(err)
	}
}

// invokes invokes a function, which must answer something with want in it, as that
// version.
func invokes(t *testing.T, c *lambda.Client, name, qualifier, event, want, version string) {
	t.Helper()
	in := &lambda.InvokeInput{FunctionName: &name, Payload: []byte(event)}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	out, err := c.Invoke(context.Background(), in)
	if err != nil || out.FunctionError != nil || !bytes.Contains(out.Payload, []byte(want)) || *out.ExecutedVersion != version {
		t.Errorf("%s %s: %+v, %v; want %s of version %s", name, qualifier, out, err, want, version)
	}
}

// TestCLIVersions is the same life as the AWS CLI sees it.
func TestCLIVersions(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	aws := newCLI(t, h)
	dir := t.TempDir()
	out := filepath.Join(dir, "out.json")
	zip := func(example string) string {
		return "fileb://" + write(t, filepath.Join(dir, example+".zip"), zipOf(t, example))
	}
	created := aws.run("create-function", "--function-name", "shifting", "--runtime", "provided.al2023", "--handler", "bootstrap",
		"--role", role, "--zip-file", zip("hello"), "--timeout", "60")
	aws.run("wait", "function-active-v2", "--function-name", "shifting")
	if v := aws.run("publish-version", "--function-name", "shifting"); v["Version"] != "1" {
		t.Errorf("published: %v", v)
	}
	aws.run("wait", "published-version-active", "--function-name", "shifting", "--qualifier", "1")
	if v := aws.run("update-function-code", "--function-name", "shifting", "--zip-file", zip("word-count"), "--publish"); v["Version"] != "2" || v["State"] != "Pending" {
		t.Errorf("updated and published: %v", v)
	}
	aws.run("wait", "function-updated-v2", "--function-name", "shifting") // which asks every second, and what follows every five
	aws.run("wait", "published-version-active", "--function-name", "shifting", "--qualifier", "2")
	alias := aws.run("create-alias", "--function-name", "shifting", "--name", "live", "--function-version", "1")
	shifted := aws.run("update-alias", "--function-name", "shifting", "--name", "live", "--routing-config", "AdditionalVersionWeights={2=0.1}")
	if weights, ok := shifted["RoutingConfig"].(map[string]any); !ok || weights["AdditionalVersionWeights"].(map[string]any)["2"] != 0.1 {
		t.Errorf("shifted: %v", shifted)
	}
	aws.run("add-permission", "--function-name", "shifting", "--qualifier", "live", "--statement-id", "account", "--action", "lambda:InvokeFunction", "--principal", "123456789012")
	if policy := aws.run("get-policy", "--function-name", "shifting:live")["Policy"].(string); !strings.Contains(policy, `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`) || !strings.Contains(policy, alias["AliasArn"].(string)) {
		t.Errorf("policy: %s", policy)
	}
	aws.run("remove-permission", "--function-name", "shifting", "--qualifier", "live", "--statement-id", "account")
	_, stderr, err := aws.try("get-policy", "--function-name", "shifting", "--qualifier", "live")
	if err == nil || !strings.Contains(string(stderr), "(ResourceNotFoundException)") {
		t.Errorf("the policy that is gone: %v, %s", err, stderr)
	}
	arn := created["FunctionArn"].(string)
	for _, c := range []struct{ name, event, want, version string }{
		{"shifting", wordEvent, "6", "$LATEST"}, {arn, wordEvent, "6", "$LATEST"}, {arn + ":1", greetEvent, "Ada", "1"}, {"shifting:2", wordEvent, "6", "2"},
		{"000000000000:function:shifting:1", greetEvent, "Ada", "1"},
	} {
		payload := "fileb://" + write(t, filepath.Join(dir, "event.json"), []byte(c.event))
		invoked := aws.run("invoke", "--function-name", c.name, "--payload", payload, out)
		if answer, err := os.ReadFile(out); err != nil || invoked["ExecutedVersion"] != c.version || !bytes.Contains(answer, []byte(c.want)) {
			t.Errorf("%s: %v answered %s, %v", c.name, invoked, answer, err)
		}
	}
	if v := aws.run("invoke", "--function-name", alias["AliasArn"].(string), out)["ExecutedVersion"]; v != "1" && v != "2" {
		t.Errorf("the alias led to version %v", v)
	}
	_, stderr, err = aws.try("delete-function", "--function-name", "shifting", "--qualifier", "1")
	if err == nil || !strings.Contains(string(stderr), "(ResourceConflictException) when calling the DeleteFunction operation: Unable to delete version because the following aliases reference it: [live]") {
		t.Errorf("a version that an alias leads to: %v, %s", err, stderr)
	}
	aws.run("delete-alias", "--function-name", "shifting", "--name", "live")
	aws.run("delete-function", "--function-name", "shifting", "--qualifier", "1")
	if versions := aws.run("list-versions-by-function", "--function-name", "shifting")["Versions"].([]any); len(versions) != 2 {
		t.Errorf("versions: %v", versions)
	}
	aws.run("delete-function", "--function-name", "shifting")
}

// TestBoto3Versions is the same life as boto3 sees it; testdata/versions.py has it.
func TestBoto3Versions(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import boto3").CombinedOutput(); err != nil {
		t.Skipf("boto3 is not installed (%v, %s); install it with: pip install boto3", err, out)
	}
	h := hosttest.New(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "hello.zip"), zipOf(t, "hello"))
	write(t, filepath.Join(dir, "word-count.zip"), zipOf(t, "word-count"))
	c := exec.CommandContext(t.Context(), "python3", "testdata/versions.py", dir)
	c.Env = append(os.Environ(), h.Environ()...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
