package awstest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

// newMachines is a Host with a function "hello", where executions of STANDARD
// machines run too.
func newMachines(t *testing.T) *hosttest.Host {
	h := hosttest.New(t, func(c *host.Config) { c.EphemeralExecutions = true })
	if _, err := h.Deploy(t.Context(), host.Deployment{Name: "hello", Zip: zipOf(t, "hello"), Timeout: patience}); err != nil {
		t.Fatal(err)
	}
	return h
}

const greet = `{"StartAt":"Greet","States":{"Greet":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
	"Parameters":{"FunctionName":"hello","Payload.$":"$"},"OutputPath":"$.Payload","End":true}}}`

// TestMachineCLI is the life of a state machine as the AWS CLI sees it.
func TestMachineCLI(t *testing.T) {
	t.Parallel()
	aws := newCLI(t, newMachines(t))
	aws.service = "stepfunctions"
	definition := "file://" + write(t, filepath.Join(t.TempDir(), "greet.asl.json"), []byte(greet))

	if validated := aws.run("validate-state-machine-definition", "--definition", definition); validated["result"] != "OK" {
		t.Errorf("validated: %v", validated)
	}
	arn := aws.run("create-state-machine", "--name", "greet", "--definition", definition, "--role-arn", role)["stateMachineArn"].(string)
	if described := aws.run("describe-state-machine", "--state-machine-arn", arn); described["definition"] != greet || described["status"] != "ACTIVE" {
		t.Errorf("described: %v", described)
	}
	execution := aws.run("start-execution", "--state-machine-arn", arn, "--input", `{"name":"Ada"}`)["executionArn"].(string)
	ended := map[string]any{}
	for range 1000 {
		if ended = aws.run("describe-execution", "--execution-arn", execution); ended["status"] != "RUNNING" {
			break
		}
	}
	if ended["status"] != "SUCCEEDED" || ended["output"] != `{"message":"Hello, Ada!"}` {
		t.Errorf("the execution ended: %v", ended)
	}
	events := aws.run("get-execution-history", "--execution-arn", execution, "--reverse-order", "--max-items", "1")["events"].([]any)
	if len(events) != 1 || events[0].(map[string]any)["type"] != "ExecutionSucceeded" {
		t.Errorf("the last event: %v", events)
	}
	if listed := aws.run("list-executions", "--state-machine-arn", arn)["executions"].([]any); len(listed) != 1 {
		t.Errorf("listed: %v", listed)
	}
	aws.run("delete-state-machine", "--state-machine-arn", arn)
	_, stderr, err := aws.try("describe-state-machine", "--state-machine-arn", arn)
	want := "An error occurred (StateMachineDoesNotExist) when calling the DescribeStateMachine operation: State Machine Does Not Exist: '" + arn + "'"
	if err == nil || !strings.Contains(string(stderr), want) {
		t.Errorf("after deletion: %v, %s", err, stderr)
	}
	_, stderr, err = aws.try("list-map-runs", "--execution-arn", execution)
	want = "An error occurred (NotImplementedException) when calling the ListMapRuns operation: Lambent does not have the operation ListMapRuns yet."
	if err == nil || !strings.Contains(string(stderr), want) {
		t.Errorf("what is lacking: %v, %s", err, stderr)
	}
}

// TestMachineBoto3 is the life of state machines as boto3 sees it;
// testdata/machines.py has it.
func TestMachineBoto3(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import boto3").CombinedOutput(); err != nil {
		t.Skipf("boto3 is not installed (%v, %s); install it with: pip install boto3", err, out)
	}
	h := newMachines(t)
	c := exec.CommandContext(t.Context(), "python3", "testdata/machines.py")
	c.Env = append(os.Environ(), h.Environ()...)
	c.Stdin = strings.NewReader(greet)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
