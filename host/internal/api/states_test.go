package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// noFunctions answers no call.
type noFunctions struct{ Functions }

func (noFunctions) ARN(ref function.Ref) string {
	return "arn:aws:lambda:us-east-1:000000000000:function:" + ref.Name
}

func (noFunctions) Invoke(context.Context, function.InvokeInput) (function.InvokeOutput, error) {
	panic("nobody is to be called")
}

func newStates(t testing.TB) *API {
	t.Helper()
	kept, err := store.Open(t.TempDir(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	machines, err := workflow.New(workflow.Config{Store: kept, Functions: noFunctions{}, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		machines.Close()
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(noFunctions{}, machines)
}

// ask sends a request for an operation of AWS Step Functions.
func ask(t testing.TB, a *API, operation, body string) (int, map[string]any) {
	t.Helper()
	m, failed := a.FindTarget("AWSStepFunctions." + operation)
	if failed != nil {
		t.Fatal(failed)
	}
	r := a.Serve(t.Context(), m, &Request{ID: "id", Header: http.Header{}, Body: []byte(body)})
	if got := r.Get("Content-Type"); got != asJSON10 {
		t.Errorf("%s: the answer is %s", operation, got)
	}
	d := json.NewDecoder(bytes.NewReader(r.Body))
	answer := map[string]any{}
	if err := d.Decode(&answer); err != nil {
		t.Fatalf("%s: %v in %s", operation, err, r.Body)
	}
	return r.Status, answer
}

const passes = `{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}`

func TestStatesErrors(t *testing.T) {
	a := newStates(t)
	for _, c := range []struct {
		operation, body string
		status          int
		code, message   string
	}{
		{"CreateStateMachineAlias", `{`, 501, "NotImplementedException", "Lambent does not have the operation CreateStateMachineAlias yet."},
		{"CreateStateMachine", `{"name":"m"`, 400, "SerializationException", "Could not parse request body into json: unexpected end, expected ',' or '}' at byte 11"},
		{"CreateStateMachine", `{"name":1}`, 400, "SerializationException", "NUMBER_VALUE cannot be converted to String (member name)"},
		{"CreateStateMachine", `{"name":"m","roleArn":null}`, 400, "ValidationException", "2 validation errors detected: Value null at 'definition' failed to satisfy constraint: Member must not be null; Value null at 'roleArn' failed to satisfy constraint: Member must not be null"},
		{"CreateStateMachine", `{"name":"a b","definition":"` + passes + `","roleArn":"arn:aws:iam::000000000000:role/r"}`, 400, "InvalidName", "Invalid Name: 'a b'"},
		{"CreateStateMachine", `{"name":"m","definition":"` + passes + `","roleArn":"arn:aws:iam::000000000000:role/r","publish":true}`, 501, "NotImplementedException", "Lambent does not have versions of state machines (publish) yet."},
		{"ValidateStateMachineDefinition", `{"definition":"{}","maxResults":101}`, 400, "ValidationException", "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100"},
		{"ListStateMachines", `{"maxResults":1001}`, 400, "ValidationException", "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"},
		{"ListStateMachines", `{"nextToken":"!"}`, 400, "InvalidToken", "Invalid Token: 'Invalid token'"},
		{"TagResource", `{"resourceArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m","tags":[{"key":"k"}]}`, 400, "ValidationException", "1 validation error detected: Value null at 'tags.member.value' failed to satisfy constraint: Member must not be null"},
		{"DescribeStateMachine", `{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m"}`, 400, "StateMachineDoesNotExist", "State Machine Does Not Exist: 'arn:aws:states:us-east-1:000000000000:stateMachine:m'"},
		{"ListExecutions", `{"statusFilter":"succeeded"}`, 400, "ValidationException", "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"},
		{"TestState", `{"definition":"{\"Type\":\"Pass\",\"End\":true}","stateConfiguration":{"retrierRetryCount":-1}}`, 400, "ValidationException", "1 validation error detected: Value '-1' at 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: Member must have value greater than or equal to 0"},
		{"TestState", `{"definition":"{}","stateConfiguration":{"mapIterationFailureCount":-1,"errorCausedByState":""},"mock":{"fieldValidationMode":"LAX"}}`, 400, "ValidationException", "3 validation errors detected: Value 'LAX' at 'mock.fieldValidationMode' failed to satisfy constraint: Member must satisfy enum value set: [STRICT, PRESENT, NONE]; Value '-1' at 'stateConfiguration.mapIterationFailureCount' failed to satisfy constraint: Member must have value greater than or equal to 0; Value '' at 'stateConfiguration.errorCausedByState' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"TestState", `{"definition":"{}","mock":{"errorOutput":{"error":"` + strings.Repeat("e", 257) + `"}}}`, 400, "ValidationException", "1 validation error detected: Value '" + strings.Repeat("e", 257) + "' at 'mock.errorOutput.error' failed to satisfy constraint: Member must have length less than or equal to 256"},
		{"TestState", `{"definition":"{\"Type\":\"Pass\",\"End\":true}","input":"nope"}`, 400, "InvalidExecutionInput", "Invalid State Machine Execution Input: 'Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"nope\"; line: 1, column: 5]'"},
		{"CreateStateMachine", `{"name":"m","definition":"` + passes + `","roleArn":"r","type":"NEITHER OF THE TWO"}`, 400, "ValidationException", "1 validation error detected: Value 'NEITHER OF THE TWO' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]"},
	} {
		status, answer := ask(t, a, c.operation, c.body)
		if status != c.status || answer["__type"] != c.code || answer["message"] != c.message {
			t.Errorf("%s %s:\n got %d %v\nwant %d %s %s", c.operation, c.body, status, answer, c.status, c.code, c.message)
		}
	}
}

func TestStatesTargets(t *testing.T) {
	for _, target := range []string{"", "AWSStepFunctions.", "AWSStepFunctions.createStateMachine", "AWSLambda.CreateStateMachine", "CreateStateMachine"} {
		if _, err := newStates(t).FindTarget(target); err == nil || err.Code != "UnknownOperationException" {
			t.Errorf("%q: %v", target, err)
		}
	}
	if _, err := New(noFunctions{}, nil).FindTarget("AWSStepFunctions.ListStateMachines"); err == nil {
		t.Error("there are no state machines, but their operations are")
	}
}

// TestStatesLife has a state machine created, run and described.
func TestStatesLife(t *testing.T) {
	a := newStates(t)
	must := func(operation, body string) map[string]any {
		t.Helper()
		status, answer := ask(t, a, operation, body)
		if status != 200 {
			t.Fatalf("%s: %d %v", operation, status, answer)
		}
		return answer
	}
	created := must("CreateStateMachine", `{"name":"m","type":"EXPRESS","definition":"`+passes+`","roleArn":"arn:aws:iam::000000000000:role/r","tags":[{"key":"k","value":"v"}],"later":[1]}`)
	arn := `"` + created["stateMachineArn"].(string) + `"`
	described := must("DescribeStateMachine", `{"stateMachineArn":`+arn+`}`)
	if described["type"] != "EXPRESS" || described["status"] != "ACTIVE" || described["creationDate"] != created["creationDate"] || described["revisionId"] != nil {
		t.Errorf("described: %v", described)
	}
	if tags, _ := json.Marshal(must("ListTagsForResource", `{"resourceArn":`+arn+`}`)); string(tags) != `{"tags":[{"key":"k","value":"v"}]}` {
		t.Errorf("tags: %s", tags)
	}
	ran := must("StartSyncExecution", `{"stateMachineArn":`+arn+`,"input":"{\"a\":\"<\"}"}`)
	if ran["status"] != "SUCCEEDED" || ran["output"] != `{"a":"<"}` || ran["billingDetails"] == nil {
		t.Errorf("ran: %v", ran)
	}
	if bare := must("StartSyncExecution", `{"stateMachineArn":`+arn+`,"includedData":"METADATA_ONLY"}`); bare["output"] != nil || bare["input"] != nil || bare["outputDetails"] != nil {
		t.Errorf("without data: %v", bare)
	}
	if bare := must("DescribeStateMachine", `{"stateMachineArn":`+arn+`,"includedData":"METADATA_ONLY"}`); bare["definition"] != "{}" || bare["name"] != described["name"] {
		t.Errorf("described without data: %v", bare)
	}
	tested := must("TestState", `{"definition":"{\"Type\":\"Pass\",\"Result\":1,\"Next\":\"N\"}","inspectionLevel":"DEBUG"}`)
	if tested["output"] != "1" || tested["nextState"] != "N" || tested["inspectionData"] == nil {
		t.Errorf("tested: %v", tested)
	}
	validated := must("ValidateStateMachineDefinition", `{"definition":"{}"}`)
	if validated["result"] != "FAIL" || len(validated["diagnostics"].([]any)) != 1 {
		t.Errorf("validated: %v", validated)
	}
	must("DeleteStateMachine", `{"stateMachineArn":`+arn+`}`)
	if list := must("ListStateMachines", `{}`); len(list["stateMachines"].([]any)) != 0 {
		t.Errorf("listed: %v", list)
	}
}

func FuzzReadStates(f *testing.F) {
	f.Add(`{"name":"m","definition":"{}","roleArn":"r","tags":[{"key":"k","value":"v"}],"loggingConfiguration":{"level":"ALL","destinations":[{}]}}`)
	f.Add(`{"mock":{"result":"1","errorOutput":{"error":"e","cause":null}},"stateConfiguration":{"retrierRetryCount":1},"tracingConfiguration":{"enabled":true}}`)
	f.Fuzz(func(t *testing.T, body string) {
		in, err := readStates([]byte(body), []string{"name"})
		if (in == nil) == (err == nil) {
			t.Fatalf("%v and %v", in, err)
		}
		if err == nil && !json.Valid([]byte(body)) {
			t.Fatalf("%q is read", body)
		}
	})
}
