package awstest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// cli is the AWS CLI, aimed at a Host.
type cli struct {
	t       *testing.T
	path    string
	env     []string
	service string // lambda, stepfunctions
}

func newCLI(t *testing.T, h *hosttest.Host) *cli {
	path, err := exec.LookPath("aws")
	if err != nil {
		t.Skipf("the AWS CLI is not installed (%v); install it with: pip install awscli", err)
	}
	env := append(os.Environ(), h.Environ()...)
	return &cli{t, path, append(env, "AWS_PAGER=", "AWS_DEFAULT_OUTPUT=json"), "lambda"}
}

// run runs aws, for the service, with args and returns what it printed, as JSON.
func (c *cli) run(args ...string) map[string]any {
	c.t.Helper()
	out, stderr, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("aws %s %s: %v\n%s", c.service, strings.Join(args, " "), err, stderr)
	}
	answer := map[string]any{}
	if len(bytes.TrimSpace(out)) > 0 {
		if err := json.Unmarshal(out, &answer); err != nil {
			c.t.Fatalf("aws %s %s printed %q: %v", c.service, strings.Join(args, " "), out, err)
		}
	}
	return answer
}

func (c *cli) try(args ...string) (stdout, stderr []byte, err error) {
	command := exec.CommandContext(c.t.Context(), c.path, append([]string{c.service}, args...)...)
	command.Env = c.env
	var failed bytes.Buffer
	command.Stderr = &failed
	stdout, err = command.Output()
	return stdout, failed.Bytes(), err
}

// TestCLI is the life of a function as the AWS CLI sees it.
func TestCLI(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	aws := newCLI(t, h)
	dir := t.TempDir()
	thumbnail := "fileb://" + write(t, filepath.Join(dir, "thumbnail.zip"), zipOf(t, "thumbnail"))
	hello := "fileb://" + write(t, filepath.Join(dir, "hello.zip"), zipOf(t, "hello"))
	photograph := "fileb://" + write(t, filepath.Join(dir, "event.json"), event(t))
	ada := "fileb://" + write(t, filepath.Join(dir, "ada.json"), []byte(`{"name":"Ada"}`)) // version 1 and 2 read this alike
	out := filepath.Join(dir, "out.json")

	created := aws.run("create-function", "--function-name", "thumbnail", "--runtime", "provided.al2023", "--handler", "bootstrap",
		"--role", role, "--zip-file", thumbnail, "--timeout", "60", "--memory-size", "256")
	if created["State"] != "Pending" || created["LastUpdateStatus"] != nil || created["Environment"] != nil {
		t.Errorf("created: %v", created)
	}
	aws.run("wait", "function-active-v2", "--function-name", "thumbnail")

	invoked := aws.run("invoke", "--function-name", "thumbnail", "--log-type", "Tail", "--payload", photograph, out)
	log, err := base64.StdEncoding.DecodeString(invoked["LogResult"].(string))
	if err != nil || invoked["StatusCode"] != 200.0 || invoked["ExecutedVersion"] != "$LATEST" || !strings.Contains(string(log), "REPORT RequestId: ") {
		t.Errorf("invoked: %v, log %q, %v", invoked, log, err)
	}
	payload, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	checkThumbnail(t, payload)

	got := aws.run("get-function", "--function-name", "thumbnail")
	if state := got["Configuration"].(map[string]any)["State"]; state != "Active" {
		t.Errorf("got: %v", got)
	}
	if code := download(t, got["Code"].(map[string]any)["Location"].(string)); !bytes.Equal(code, zipOf(t, "thumbnail")) {
		t.Errorf("Code.Location has %d bytes", len(code))
	}
	aws.run("update-function-code", "--function-name", "thumbnail", "--zip-file", hello)
	aws.run("wait", "function-updated-v2", "--function-name", "thumbnail")
	aws.run("invoke", "--function-name", created["FunctionArn"].(string), "--payload", ada, out)
	if payload, err := os.ReadFile(out); err != nil || !bytes.Contains(payload, []byte("Ada")) {
		t.Errorf("after the update: %s, %v", payload, err)
	}
	listed := aws.run("list-functions")["Functions"].([]any)
	if len(listed) != 1 || listed[0].(map[string]any)["FunctionName"] != "thumbnail" {
		t.Errorf("listed: %v", listed)
	}
	aws.run("delete-function", "--function-name", "thumbnail")

	_, stderr, err := aws.try("get-function", "--function-name", "thumbnail")
	want := "An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found: arn:aws:lambda:us-east-1:"
	if err == nil || !strings.Contains(string(stderr), want) {
		t.Errorf("after deletion: %v, %s", err, stderr)
	}
	_, stderr, err = aws.try("list-code-signing-configs")
	want = "An error occurred (NotImplementedException) when calling the ListCodeSigningConfigs operation: Lambent does not have the operation ListCodeSigningConfigs yet."
	if err == nil || !strings.Contains(string(stderr), want) {
		t.Errorf("what is lacking: %v, %s", err, stderr)
	}
}
