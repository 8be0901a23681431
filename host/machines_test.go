package host_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// recordedFunctions builds the functions that recorded executions call.
func recordedFunctions(t *testing.T) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "functions.wasm")
	c := exec.CommandContext(t.Context(), "go", "build", "-buildmode=c-shared", "-o", out, "./internal/workflow/testdata/functions")
	c.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	module, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// TestMachinesCallFunctions has state machines call deployed functions, and
// compares with what was recorded of AWS.
func TestMachinesCallFunctions(t *testing.T) {
	h := openHost(t, host.Config{})
	module := recordedFunctions(t)
	for _, name := range []string{"id_function", "echo_function", "raise_exception", "raise_custom_exception", "return_decorated_input", "large_output_string"} {
		deploy(t, h, host.Deployment{Name: name, Module: module, Handler: name})
	}
	deploy(t, h, host.Deployment{Name: "wait_60_seconds", Module: module, Handler: "wait_60_seconds", Timeout: time.Second})
	const arn, large = "arn:aws:lambda:us-east-1:000000000000:function:", "The state/task '"
	for i, c := range []struct{ resource, fields, input, want string }{
		{arn + "id_function", ``, `{"a":[1,null]}`, `SUCCEEDED {"a":[1,null]}`},
		{arn + "echo_function", ``, `0`, `SUCCEEDED {"Return":"HelloWorld"}`},
		{arn + "return_decorated_input", ``, `"HelloWorld"`, `SUCCEEDED "input-event-HelloWorld"`},
		{arn + "raise_exception", ``, `{}`, `FAILED Exception {"errorMessage":"Some exception was raised.","errorType":"Exception"`},
		{arn + "raise_custom_exception", ``, `{}`, `FAILED CustomException {"errorMessage":"","errorType":"CustomException"`},
		{arn + "large_output_string", ``, `{}`, `FAILED States.DataLimitExceeded ` + large + arn + `large_output_string' returned a result with a size exceeding the maximum number of bytes service limit.`},
		{"arn:aws:states:::lambda:invoke", `"Parameters":{"FunctionName":"large_output_string"},`, `{}`, `FAILED States.DataLimitExceeded ` + large + `lambda' returned`},
		{"arn:aws:states:::lambda:invoke", `"Parameters":{"FunctionName":"id_function","Payload.$":"$.p"},"ResultSelector":{"version.$":"$.ExecutedVersion","payload.$":"$.Payload","status.$":"$.StatusCode"},`, `{"p":[true]}`,
			`SUCCEEDED {"version":"$LATEST","payload":[true],"status":200}`},
		{arn + "wait_60_seconds", ``, `{}`, `FAILED Sandbox.Timedout`},
		{arn + "wait_60_seconds", `"Catch":[{"ErrorEquals":["Sandbox.Timedout"],"Next":"S"}],`, `{}`, `SUCCEEDED {"Error":"Sandbox.Timedout"`},
	} {
		definition := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"` + c.resource + `",` + c.fields + `"End":true},"S":{"Type":"Succeed"}}}`
		if !strings.Contains(c.fields, "Next") {
			definition = strings.Replace(definition, `,"S":{"Type":"Succeed"}`, "", 1)
		}
		m, err := h.Workflows().Create(t.Context(), workflow.CreateInput{Name: "m" + string(rune('a'+i)), Definition: definition, RoleARN: "arn:aws:iam::000000000000:role/r", Express: true})
		if err != nil {
			t.Fatal(err)
		}
		e, err := h.Workflows().StartSync(t.Context(), workflow.StartInput{Machine: m.ARN, Input: c.input})
		if err != nil {
			t.Fatal(err)
		}
		got := string(e.Status) + " " + e.Output
		if e.Status != asl.Succeeded && e.Error != nil && e.Cause != nil {
			got += *e.Error + " " + *e.Cause
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s of %s\n got %s\nwant %s", c.resource, c.input, got, c.want)
		}
	}
}

// TestMachinesAreKept has a state machine outlive its Host; its executions, which
// would not, are refused.
func TestMachinesAreKept(t *testing.T) {
	dir := t.TempDir()
	h, err := host.Open(host.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	definition := `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	m, err := h.Workflows().Create(t.Context(), workflow.CreateInput{Name: "kept", Definition: definition, RoleARN: "arn:aws:iam::000000000000:role/r"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h = openHost(t, host.Config{Dir: dir})
	if again, err := h.Workflows().Machine(t.Context(), m.ARN); err != nil || again.Definition != definition {
		t.Errorf("after opening again: %+v, %v", again, err)
	}
	_, err = h.Workflows().Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	wantError(t, "starting an execution", err, "NotImplementedException", "StartExecution: "+m.ARN+" is a STANDARD state machine")
}

func TestRehearse(t *testing.T) {
	name := "Busy"
	var seen []string
	got, err := host.Rehearse(t.Context(), host.Rehearsal{
		Definition: `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"Retry":[{"ErrorEquals":["Busy"]}],"End":true}}}`,
		Mocks:      map[string][]host.Mock{"T": {{Error: &name}, {Result: []byte(`{"Payload":1}`)}}},
		Jump:       true,
		Event:      func(e host.HistoryEvent) { seen = append(seen, e.Type) },
	})
	if err != nil || got.Status != "SUCCEEDED" || got.Output != `{"Payload":1}` {
		t.Errorf("got %+v, %v", got, err)
	}
	want := "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskFailed TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded"
	if text := strings.Join(seen, " "); text != want {
		t.Errorf("the events are %s, want %s", text, want)
	}
	_, err = host.Rehearse(t.Context(), host.Rehearsal{Definition: "{}"})
	wantError(t, "no definition", err, "InvalidDefinition", "These fields are required")
}
