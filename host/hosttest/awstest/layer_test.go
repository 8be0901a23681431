package awstest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
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

// packed makes a zip file of pairs of name and content.
func packed(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reader is the package of a function that reads the files of /opt that its event
// names.
func reader(t *testing.T) []byte {
	t.Helper()
	module, err := os.ReadFile(filepath.Join(root, "sandbox/testdata/guests/c/opt.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, "bootstrap", string(module))
}

// wantRead checks what the function answered.
func wantRead(t *testing.T, what string, payload []byte, want map[string]any) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatalf("%s: %s", what, payload)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %s is %v, want %v", what, name, got[name], value)
		}
	}
}

// TestLayerCLI is the life of a layer as the AWS CLI sees it.
func TestLayerCLI(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	aws := newCLI(t, h)
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		return "fileb://" + write(t, filepath.Join(dir, name), content)
	}
	first, second := packed(t, "words.txt", "one", "lib/same.txt", "one"), packed(t, "words.txt", "two")
	read := func(what string, want map[string]any) {
		t.Helper()
		out := filepath.Join(dir, "out.json")
		aws.run("invoke", "--function-name", "reader", "--payload", file("event.json", []byte(`"words.txt lib/same.txt"`)), out)
		payload, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		wantRead(t, what, payload, want)
	}

	one := aws.run("publish-layer-version", "--layer-name", "words", "--zip-file", file("one.zip", first), "--description", "some words",
		"--compatible-runtimes", "provided.al2023", "--compatible-architectures", "x86_64", "arm64", "--license-info", "MIT")
	two := aws.run("publish-layer-version", "--layer-name", "words", "--zip-file", file("two.zip", second))
	if one["Version"] != 1.0 || one["LayerArn"] != "arn:aws:lambda:us-east-1:000000000000:layer:words" || one["LayerVersionArn"] != "arn:aws:lambda:us-east-1:000000000000:layer:words:1" ||
		one["Description"] != "some words" || one["LicenseInfo"] != "MIT" || fmt.Sprint(one["CompatibleRuntimes"], one["CompatibleArchitectures"]) != "[provided.al2023] [x86_64 arm64]" ||
		one["Content"].(map[string]any)["CodeSize"] != float64(len(first)) || two["Version"] != 2.0 || two["CompatibleRuntimes"] != nil {
		t.Errorf("published %v and %v", one, two)
	}
	for _, got := range []map[string]any{
		aws.run("get-layer-version", "--layer-name", "words", "--version-number", "1"),
		aws.run("get-layer-version", "--layer-name", one["LayerArn"].(string), "--version-number", "1"),
		aws.run("get-layer-version-by-arn", "--arn", one["LayerVersionArn"].(string)),
	} {
		if code := download(t, got["Content"].(map[string]any)["Location"].(string)); !bytes.Equal(code, first) {
			t.Errorf("the layer's Location has %d bytes, the layer %d", len(code), len(first))
		}
		if fmt.Sprint(got) != fmt.Sprint(one) {
			t.Errorf("got %v, want %v", got, one)
		}
	}
	if layers := aws.run("list-layers")["Layers"].([]any); len(layers) != 1 || layers[0].(map[string]any)["LatestMatchingVersion"].(map[string]any)["Version"] != 2.0 {
		t.Errorf("listed %v", layers)
	}
	if layers := aws.run("list-layers", "--compatible-runtime", "provided.al2023")["Layers"].([]any); len(layers) != 1 || layers[0].(map[string]any)["LatestMatchingVersion"].(map[string]any)["Version"] != 1.0 {
		t.Errorf("listed for a runtime %v", layers)
	}
	if versions := aws.run("list-layer-versions", "--layer-name", "words", "--page-size", "1")["LayerVersions"].([]any); len(versions) != 2 || versions[0].(map[string]any)["Version"] != 2.0 {
		t.Errorf("listed versions %v", versions)
	}

	created := aws.run("create-function", "--function-name", "reader", "--runtime", "provided.al2023", "--handler", "bootstrap", "--role", role,
		"--zip-file", file("reader.zip", reader(t)), "--layers", one["LayerVersionArn"].(string))
	if layers := fmt.Sprint(created["Layers"]); layers != fmt.Sprintf("[map[Arn:%s CodeSize:%d]]", one["LayerVersionArn"], len(first)) {
		t.Errorf("created with layers %s", layers)
	}
	aws.run("wait", "function-active-v2", "--function-name", "reader")
	read("created", map[string]any{"words.txt": "one", "lib/same.txt": "one", "write": -69.0, "mkdir": -69.0})
	for _, version := range []string{"1", "2"} {
		aws.run("delete-layer-version", "--layer-name", "words", "--version-number", version)
	}
	if _, stderr, err := aws.try("get-layer-version", "--layer-name", "words", "--version-number", "1"); err == nil || !strings.Contains(string(stderr), "An error occurred (ResourceNotFoundException) when calling the GetLayerVersion operation: The resource you requested does not exist.") {
		t.Errorf("a deleted layer: %s", stderr)
	}
	read("deleted", map[string]any{"words.txt": "one"})
	if layers := aws.run("list-layers")["Layers"].([]any); len(layers) != 0 {
		t.Errorf("after all versions were deleted: %v", layers)
	}
	if three := aws.run("publish-layer-version", "--layer-name", "words", "--zip-file", file("two.zip", second)); three["Version"] != 3.0 {
		t.Errorf("after two versions were deleted: %v", three["Version"])
	}
	aws.run("update-function-configuration", "--function-name", "reader", "--layers", "arn:aws:lambda:us-east-1:000000000000:layer:words:3")
	aws.run("wait", "function-updated-v2", "--function-name", "reader")
	read("updated", map[string]any{"words.txt": "two", "lib/same.txt": -44.0})
	aws.run("update-function-configuration", "--function-name", "reader", "--layers", "[]")
	aws.run("wait", "function-updated-v2", "--function-name", "reader")
	read("without layers", map[string]any{"words.txt": -44.0, "list": ""})
	if _, stderr, err := aws.try("publish-layer-version", "--layer-name", "bad", "--zip-file", file("bad.zip", packed(t, "../outside", ""))); err == nil || !strings.Contains(string(stderr), "InvalidParameterValueException") {
		t.Errorf("a path that leads outside: %s", stderr)
	}
}

// TestLayerS3 publishes layers from a bucket, as AWS's SDK for Go does.
func TestLayerS3(t *testing.T) {
	t.Parallel()
	content := packed(t, "words.txt", "from a bucket")
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/layers/words.zip" || r.URL.Query().Get("versionId") == "none" {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")
			return
		}
		_, _ = w.Write(content)
	}))
	defer s3.Close()
	h := hosttest.New(t, func(c *host.Config) { c.Objects.Endpoint = s3.URL })
	c, ctx := client(h), t.Context()
	publish := func(object, version *string) (*lambda.PublishLayerVersionOutput, error) {
		return c.PublishLayerVersion(ctx, &lambda.PublishLayerVersionInput{LayerName: aws.String("words"),
			Content: &types.LayerVersionContentInput{S3Bucket: aws.String("layers"), S3Key: object, S3ObjectVersion: version}})
	}
	for object, version := range map[string]*string{"none.zip": nil, "words.zip": aws.String("none")} {
		if v, err := publish(&object, version); err == nil || !strings.Contains(err.Error(), "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.") {
			t.Errorf("%s: %+v, %v", object, v, err)
		}
	}
	v, err := publish(aws.String("words.zip"), aws.String("v1"))
	if err != nil || v.Version != 1 || v.Content.CodeSize != int64(len(content)) {
		t.Fatalf("%+v, %v", v, err)
	}
	if code := download(t, *v.Content.Location); !bytes.Equal(code, content) {
		t.Errorf("Location has %d bytes", len(code))
	}
}

// TestLayerPermissions is a layer that another account, everybody or an organisation
// may use, as AWS's SDK for Go sees it: on a Host that asks who somebody is.
func TestLayerPermissions(t *testing.T) {
	t.Parallel()
	h := hosttest.NewWithKeys(t)
	ctx := t.Context()
	as := func(account, role string) *lambda.Client {
		t.Helper()
		key, err := h.Access().Create(ctx, account, role)
		if err != nil {
			t.Fatal(err)
		}
		return lambda.New(lambda.Options{BaseEndpoint: aws.String(h.Endpoint), Region: h.Region,
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}, nil
			})})
	}
	own, foreign, third := client(h), as(foreignAccount, ""), as("333333333333", "")
	code := func(err error) string {
		if said, ok := errors.AsType[smithy.APIError](err); ok {
			return said.ErrorCode()
		}
		return fmt.Sprint(err)
	}
	words := aws.String("words")
	v, err := own.PublishLayerVersion(ctx, &lambda.PublishLayerVersionInput{LayerName: words, Content: &types.LayerVersionContentInput{ZipFile: packed(t, "words.txt", "shared")}})
	if err != nil {
		t.Fatal(err)
	}
	arn := v.LayerVersionArn
	create := func(c *lambda.Client, account, name string) error {
		_, err := c.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: &name, Role: aws.String("arn:aws:iam::" + account + ":role/lambent"),
			Runtime: "provided.al2023", Handler: aws.String("bootstrap"), Code: &types.FunctionCode{ZipFile: reader(t)}, Timeout: aws.Int32(60), Layers: []string{*arn}})
		return err
	}
	get := func(c *lambda.Client) error {
		_, err := c.GetLayerVersionByArn(ctx, &lambda.GetLayerVersionByArnInput{Arn: arn})
		return err
	}
	refused := func(what string, err error) {
		t.Helper()
		if code(err) != "AccessDeniedException" || !strings.Contains(err.Error(), "lambda:GetLayerVersion on resource: "+*arn) {
			t.Errorf("%s: %v", what, err)
		}
	}
	grant := func(id, principal string, organisation *string) {
		t.Helper()
		if _, err := own.AddLayerVersionPermission(ctx, &lambda.AddLayerVersionPermissionInput{LayerName: words, VersionNumber: aws.Int64(1), StatementId: &id,
			Action: aws.String("lambda:GetLayerVersion"), Principal: &principal, OrganizationId: organisation}); err != nil {
			t.Fatal(err)
		}
	}
	revoke := func(id string) {
		t.Helper()
		if _, err := own.RemoveLayerVersionPermission(ctx, &lambda.RemoveLayerVersionPermissionInput{LayerName: words, VersionNumber: aws.Int64(1), StatementId: &id}); err != nil {
			t.Fatal(err)
		}
	}

	refused("another account reads it", get(foreign))
	refused("another account uses it", create(foreign, foreignAccount, "reader"))
	grant("organisation", "*", aws.String("o-0123456789"))
	refused("who is in no organisation", get(foreign))
	grant("account", foreignAccount, nil)
	if err := get(foreign); err != nil {
		t.Errorf("permitted to read it: %v", err)
	}
	refused("a third account", create(third, "333333333333", "reader"))
	if err := create(foreign, foreignAccount, "reader"); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"deletes it": func() error {
			_, err := foreign.DeleteLayerVersion(ctx, &lambda.DeleteLayerVersionInput{LayerName: v.LayerArn, VersionNumber: aws.Int64(1)})
			return err
		}(),
		"reads its policy": func() error {
			_, err := foreign.GetLayerVersionPolicy(ctx, &lambda.GetLayerVersionPolicyInput{LayerName: v.LayerArn, VersionNumber: aws.Int64(1)})
			return err
		}(),
		"publishes it": func() error {
			_, err := foreign.PublishLayerVersion(ctx, &lambda.PublishLayerVersionInput{LayerName: v.LayerArn, Content: &types.LayerVersionContentInput{ZipFile: packed(t, "a", "")}})
			return err
		}(),
	} {
		if code(err) != "AccessDeniedException" {
			t.Errorf("another account %s: %v", what, err)
		}
	}
	grant("everybody", "*", nil)
	if err := create(third, "333333333333", "reader"); err != nil {
		t.Errorf("everybody: %v", err)
	}
	revoke("everybody")
	revoke("account")
	refused("when it was revoked", create(foreign, foreignAccount, "again"))

	// Who uses it goes on, when it was revoked and when it was deleted.
	if _, err := own.DeleteLayerVersion(ctx, &lambda.DeleteLayerVersionInput{LayerName: words, VersionNumber: aws.Int64(1)}); err != nil {
		t.Fatal(err)
	}
	if err := lambda.NewFunctionActiveV2Waiter(foreign, fastActive).Wait(ctx, &lambda.GetFunctionInput{FunctionName: aws.String("reader")}, patience); err != nil {
		t.Fatal(err)
	}
	out, err := foreign.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("reader"), Payload: []byte(`"words.txt"`)})
	if err != nil || out.FunctionError != nil {
		t.Fatalf("%+v, %v", out, err)
	}
	wantRead(t, "when it was revoked and deleted", out.Payload, map[string]any{"words.txt": "shared"})
	refused("when it is gone", get(foreign))
}
