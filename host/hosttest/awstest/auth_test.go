package awstest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

// foreignAccount is not the Host's.
const foreignAccount = "222222222222"

// TestDeniedBoto3 is who is let in and who is not as boto3 sees it;
// testdata/denied.py has it.
func TestDeniedBoto3(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import boto3").CombinedOutput(); err != nil {
		t.Skipf("boto3 is not installed (%v, %s); install it with: pip install boto3", err, out)
	}
	h := hosttest.NewWithKeys(t)
	foreign, err := h.Access().Create(t.Context(), foreignAccount, "")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := json.Marshal(map[string][]string{"own": {h.AccessKeyID, h.SecretAccessKey}, "foreign": {foreign.ID, foreign.Secret}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "keys.json"), keys)
	write(t, filepath.Join(dir, "hello.zip"), zipOf(t, "hello"))
	c := exec.CommandContext(t.Context(), "python3", "testdata/denied.py", dir)
	c.Env = append(os.Environ(), h.Environ()...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestDeniedCLI is the same, shorter, as the AWS CLI sees it.
func TestDeniedCLI(t *testing.T) {
	t.Parallel()
	h := hosttest.NewWithKeys(t)
	aws := newCLI(t, h)
	if listed := aws.run("list-functions")["Functions"].([]any); len(listed) != 0 {
		t.Errorf("listed: %v", listed)
	}
	refused := func(what, want string, env []string, args ...string) {
		t.Helper()
		with := *aws
		with.env = append(append([]string{}, aws.env...), env...)
		_, stderr, err := with.try(args...)
		if err == nil || !strings.Contains(string(stderr), want) {
			t.Errorf("%s: %v, %s", what, err, stderr)
		}
	}
	refused("a wrong key", "An error occurred (InvalidSignatureException) when calling the ListFunctions operation: The request signature we calculated does not match",
		[]string{"AWS_SECRET_ACCESS_KEY=wrong"}, "list-functions")
	refused("an unknown key", "An error occurred (UnrecognizedClientException) when calling the ListFunctions operation: The security token included in the request is invalid.",
		[]string{"AWS_ACCESS_KEY_ID=AKIANOBODY"}, "list-functions")
	refused("no signature", "An error occurred (MissingAuthenticationTokenException) when calling the ListFunctions operation: Missing Authentication Token",
		nil, "list-functions", "--no-sign-request")
	refused("another region", "An error occurred (InvalidSignatureException) when calling the ListFunctions operation: Credential should be scoped to a valid region",
		nil, "list-functions", "--region", "eu-west-1")

	aws.service = "iam"
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`
	aws.run("create-role", "--role-name", "app", "--assume-role-policy-document", trust)
	aws.run("attach-role-policy", "--role-name", "app", "--policy-arn", "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess")
	aws.service = "sts"
	credentials := aws.run("assume-role", "--role-arn", "arn:aws:iam::000000000000:role/app", "--role-session-name", "cli")["Credentials"].(map[string]any)
	app := []string{"AWS_ACCESS_KEY_ID=" + credentials["AccessKeyId"].(string), "AWS_SECRET_ACCESS_KEY=" + credentials["SecretAccessKey"].(string), "AWS_SESSION_TOKEN=" + credentials["SessionToken"].(string)}
	aws.service = "lambda"
	refused("what the role may not", "An error occurred (AccessDeniedException) when calling the DeleteFunction operation: User: arn:aws:sts::000000000000:assumed-role/app/cli is not authorized to perform: lambda:DeleteFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:hello because no identity-based policy allows",
		app, "delete-function", "--function-name", "hello")
	refused("what it may, and is not there", "An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found",
		app, "get-function", "--function-name", "hello")
	aws.service = "iam"
	aws.run("put-role-policy", "--role-name", "app", "--policy-name", "no", "--policy-document", `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:Get*","Resource":"*"}}`)
	aws.service = "lambda"
	refused("what it is denied", "An error occurred (AccessDeniedException) when calling the GetFunction operation: User: arn:aws:sts::000000000000:assumed-role/app/cli is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:hello with an explicit deny in an identity-based policy",
		app, "get-function", "--function-name", "hello")

	foreign, err := h.Access().Create(t.Context(), foreignAccount, "")
	if err != nil {
		t.Fatal(err)
	}
	refused("another account", "An error occurred (AccessDeniedException) when calling the GetFunction operation: User: arn:aws:iam::222222222222:root is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:hello because no resource-based policy allows the lambda:GetFunction action",
		[]string{"AWS_ACCESS_KEY_ID=" + foreign.ID, "AWS_SECRET_ACCESS_KEY=" + foreign.Secret}, "get-function", "--function-name", "arn:aws:lambda:us-east-1:000000000000:function:hello")
}

// TestSignedSDK is a function that another account may invoke, as AWS's SDK for Go
// sees it: by its ARN, and by no name.
func TestSignedSDK(t *testing.T) {
	t.Parallel()
	h := hosttest.NewWithKeys(t)
	key, err := h.Access().Create(t.Context(), foreignAccount, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	own := client(h)
	foreign := lambda.New(lambda.Options{BaseEndpoint: aws.String(h.Endpoint), Region: h.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}, nil
		})})
	made, err := own.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: aws.String("hello"), Role: aws.String("arn:aws:iam::000000000000:role/lambent"),
		Runtime: "provided.al2023", Handler: aws.String("bootstrap"), Code: &types.FunctionCode{ZipFile: zipOf(t, "hello")}, Timeout: aws.Int32(60)})
	if err != nil {
		t.Fatal(err)
	}
	if err := lambda.NewFunctionActiveV2Waiter(own, fastActive).Wait(ctx, &lambda.GetFunctionInput{FunctionName: aws.String("hello")}, patience); err != nil {
		t.Fatal(err)
	}
	event := []byte(`{"name":"Ada"}`)
	code := func(err error) string {
		var said smithy.APIError
		errors.As(err, &said)
		if said == nil {
			return ""
		}
		return said.ErrorCode()
	}
	if _, err := foreign.Invoke(ctx, &lambda.InvokeInput{FunctionName: made.FunctionArn, Payload: event}); code(err) != "AccessDeniedException" {
		t.Errorf("before it was permitted: %v", err)
	}
	if _, err := own.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: aws.String("hello"), StatementId: aws.String("s"),
		Action: aws.String("lambda:InvokeFunction"), Principal: aws.String(foreignAccount)}); err != nil {
		t.Fatal(err)
	}
	out, err := foreign.Invoke(ctx, &lambda.InvokeInput{FunctionName: made.FunctionArn, Payload: event})
	if err != nil || !strings.Contains(string(out.Payload), "Ada") {
		t.Errorf("by ARN: %v", err)
	}
	if _, err := foreign.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("hello"), Payload: event}); code(err) != "ResourceNotFoundException" {
		t.Errorf("by name: %v", err)
	}
	got, err := own.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: aws.String("hello")})
	if err != nil {
		t.Fatal(err)
	}
	if zip := download(t, *got.Code.Location); string(zip) != string(zipOf(t, "hello")) {
		t.Errorf("Code.Location has %d bytes", len(zip))
	}
}

// TestRoleOfMachine is a state machine that may do what its role may.
func TestRoleOfMachine(t *testing.T) {
	t.Parallel()
	h := hosttest.NewWithKeys(t, func(c *host.Config) { c.EphemeralExecutions = true })
	if _, err := h.Deploy(t.Context(), host.Deployment{Name: "hello", Zip: zipOf(t, "hello"), Timeout: patience}); err != nil {
		t.Fatal(err)
	}
	aws := newCLI(t, h)
	as := func(service string, args ...string) map[string]any {
		t.Helper()
		with := *aws
		with.service = service
		return with.run(args...)
	}
	const arn = "arn:aws:iam::000000000000:role/machine"
	trust := func(service string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`
	}
	as("iam", "create-role", "--role-name", "machine", "--assume-role-policy-document", trust("lambda.amazonaws.com"))
	create := []string{"create-state-machine", "--name", "greet", "--definition", greet, "--role-arn", arn}
	machines := *aws
	machines.service = "stepfunctions"
	if _, stderr, err := machines.try(create...); err == nil || !strings.Contains(string(stderr), "AccessDeniedException") || !strings.Contains(string(stderr), "Neither the global service principal states.amazonaws.com") {
		t.Errorf("a role for functions: %v, %s", err, stderr)
	}
	as("iam", "update-assume-role-policy", "--role-name", "machine", "--policy-document", trust("states.amazonaws.com"))
	machine := machines.run(create...)["stateMachineArn"].(string)
	run := func() map[string]any {
		t.Helper()
		execution := machines.run("start-execution", "--state-machine-arn", machine, "--input", `{"name":"Ada"}`)["executionArn"].(string)
		for range 1000 {
			if ended := machines.run("describe-execution", "--execution-arn", execution); ended["status"] != "RUNNING" {
				return ended
			}
		}
		t.Fatal("the execution does not end")
		return nil
	}
	if ended := run(); ended["status"] != "FAILED" || ended["error"] != "Lambda.AWSLambdaException" || !strings.Contains(ended["cause"].(string), "assumed-role/machine/states is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:hello") {
		t.Errorf("without permission: %v", ended)
	}
	as("iam", "attach-role-policy", "--role-name", "machine", "--policy-arn", "arn:aws:iam::aws:policy/service-role/AWSLambdaRole")
	if ended := run(); ended["status"] != "SUCCEEDED" || ended["output"] != `{"message":"Hello, Ada!"}` {
		t.Errorf("with permission: %v", ended)
	}
}
