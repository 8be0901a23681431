package workflow_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

const role = "arn:aws:iam::000000000000:role/test"

// functions answers by a function's name: "echo" with the event, "fail" with an
// error, "hang" when its context ends; others are not there.
type functions struct{}

func (functions) ARN(ref function.Ref) string {
	return "arn:aws:lambda:us-east-1:000000000000:function:" + ref.Name
}

func (functions) Invoke(ctx context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	switch in.Ref.Name {
	case "context":
		return function.InvokeOutput{Payload: in.ClientContext, LogTail: []byte("a log"), Version: "$LATEST"}, nil
	case "echo":
		return function.InvokeOutput{Payload: in.Event, Version: "$LATEST"}, nil
	case "text":
		return function.InvokeOutput{Payload: []byte("no JSON"), Version: "$LATEST"}, nil
	case "odd":
		return function.InvokeOutput{Payload: []byte(`{"message":"no type"}`), Failed: true}, nil
	case "fail":
		return function.InvokeOutput{Payload: []byte(`{"errorType":"Odd","errorMessage":"an odd number"}`), Failed: true}, nil
	case "hang":
		<-ctx.Done()
		return function.InvokeOutput{}, ctx.Err()
	}
	return function.InvokeOutput{}, fault.New(fault.ResourceNotFound, "Function not found: %s", in.Ref.Name)
}

func open(t *testing.T, dir string, ephemeral bool) *workflow.Service {
	t.Helper()
	kept, err := store.Open(dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := workflow.New(workflow.Config{Store: kept, Functions: functions{}, Ephemeral: ephemeral})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func create(t *testing.T, s *workflow.Service, name, definition string, express bool) workflow.Machine {
	t.Helper()
	m, err := s.Create(t.Context(), workflow.CreateInput{Name: name, Definition: definition, RoleARN: role, Express: express})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func pass(result string) string {
	return `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":` + result + `,"End":true}}}`
}

func task(resource, fields string) string {
	return `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"` + resource + `",` + fields + `"End":true}}}`
}

// code returns the code of a fault, "" if err is none.
func code(err error) fault.Code {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Code
	}
	return ""
}

func wants(t *testing.T, what string, err error, want fault.Code) {
	t.Helper()
	if code(err) != want || want == "" && err != nil {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// finish runs an execution to its end.
func finish(t *testing.T, s *workflow.Service, m workflow.Machine, input string) workflow.Execution {
	t.Helper()
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: input})
	if err != nil {
		t.Fatal(err)
	}
	return await(t, s, started.ARN)
}

func await(t *testing.T, s *workflow.Service, arn string) workflow.Execution {
	t.Helper()
	for range 6000 {
		e, err := s.Execution(arn)
		if err != nil {
			t.Fatal(err)
		}
		if e.Status != asl.Running {
			return e
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s does not end", arn)
	return workflow.Execution{}
}

func TestMachines(t *testing.T) {
	s := open(t, t.TempDir(), false)
	m := create(t, s, "orders", pass("1"), false)
	if again := create(t, s, "orders", pass("1"), false); again.ARN != m.ARN || again.Created.UnixMicro() != m.Created.UnixMicro() {
		t.Errorf("created again: %+v, want %+v", again, m)
	}
	in := workflow.CreateInput{Name: "orders", Definition: pass("2"), RoleARN: role}
	_, err := s.Create(t.Context(), in)
	wants(t, "another definition", err, workflow.StateMachineAlreadyExists)

	two := pass("2")
	updated, err := s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN, Definition: &two})
	if err != nil || updated.Definition != two || updated.Revision == m.Revision {
		t.Errorf("updated: %+v, %v", updated, err)
	}
	unchanged, err := s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN, Definition: &two})
	if err != nil || unchanged.Revision != updated.Revision {
		t.Errorf("updated to the same: %+v, %v", unchanged, err)
	}
	_, err = s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN})
	wants(t, "no change", err, workflow.MissingRequiredParameter)
	broken := `{"StartAt":"X","States":{}}`
	_, err = s.Update(t.Context(), workflow.UpdateInput{ARN: m.ARN, Definition: &broken})
	wants(t, "broken definition", err, workflow.InvalidDefinition)

	wants(t, "tag", s.Tag(t.Context(), m.ARN, map[string]string{"a": "1", "b": "2"}), "")
	wants(t, "untag", s.Untag(t.Context(), m.ARN, []string{"a"}), "")
	if tags, err := s.Tags(t.Context(), m.ARN); err != nil || fmt.Sprint(tags) != "map[b:2]" {
		t.Errorf("tags are %v, %v", tags, err)
	}
	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprint(i)] = ""
	}
	wants(t, "too many tags", s.Tag(t.Context(), m.ARN, many), workflow.TooManyTags)

	create(t, s, "aaa", pass("1"), true)
	page, next, err := s.Machines(t.Context(), "", 1)
	if err != nil || len(page) != 1 || page[0].Name != "aaa" || next != "aaa" {
		t.Errorf("the first page: %+v, %q, %v", page, next, err)
	}
	if page, next, err = s.Machines(t.Context(), next, 1); err != nil || len(page) != 1 || page[0].Name != "orders" || next != "" {
		t.Errorf("the second page: %+v, %q, %v", page, next, err)
	}
	wants(t, "delete", s.Delete(t.Context(), m.ARN), "")
	wants(t, "delete again", s.Delete(t.Context(), m.ARN), "")
	_, err = s.Machine(t.Context(), m.ARN)
	wants(t, "deleted", err, workflow.StateMachineDoesNotExist)
	wants(t, "tag what is deleted", s.Tag(t.Context(), m.ARN, nil), workflow.ResourceNotFound)
}

func TestCreateRefuses(t *testing.T) {
	s := open(t, t.TempDir(), false)
	for name, c := range map[string]struct {
		change func(*workflow.CreateInput)
		want   fault.Code
	}{
		"name":                {func(in *workflow.CreateInput) { in.Name = "a b" }, workflow.InvalidName},
		"role":                {func(in *workflow.CreateInput) { in.RoleARN = "role" }, workflow.InvalidArn},
		"definition":          {func(in *workflow.CreateInput) { in.Definition = "{" }, workflow.InvalidDefinition},
		"logging":             {func(in *workflow.CreateInput) { in.Logging.Level = "ALL" }, workflow.InvalidLoggingConfiguration},
		"log group":           {func(in *workflow.CreateInput) { in.Logging = workflow.Logging{Level: "ALL", Destinations: 1} }, workflow.InvalidLoggingConfiguration},
		"tags":                {func(in *workflow.CreateInput) { in.Tags = map[string]string{"": ""} }, fault.Validation},
		"publish":             {func(in *workflow.CreateInput) { in.Publish = true }, fault.NotImplemented},
		"version description": {func(in *workflow.CreateInput) { in.VersionDescription = true }, fault.Validation},
	} {
		in := workflow.CreateInput{Name: "m", Definition: pass("1"), RoleARN: role}
		c.change(&in)
		_, err := s.Create(t.Context(), in)
		wants(t, name, err, c.want)
	}
	for arn, want := range map[string]fault.Code{
		"m":   workflow.InvalidArn,
		"arn": workflow.InvalidArn,
		"arn:aws:states:us-east-1:000000000000:execution:m:e":    workflow.InvalidArn,
		"arn:aws:states:us-east-1:000000000000:stateMachine:m":   workflow.StateMachineDoesNotExist,
		"arn:aws:states:us-east-1:000000000000:stateMachine:m:1": workflow.StateMachineDoesNotExist,
		"arn:aws:states:eu-west-1:000000000000:stateMachine:m":   workflow.StateMachineDoesNotExist,
	} {
		_, err := s.Machine(t.Context(), arn)
		wants(t, arn, err, want)
	}
}

// TestStandardIsRefused: no execution is accepted and then lost.
func TestStandardIsRefused(t *testing.T) {
	s := open(t, t.TempDir(), false)
	m := create(t, s, "m", pass("1"), false)
	_, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	wants(t, "start", err, fault.NotImplemented)
	if err == nil || !strings.Contains(err.Error(), "--ephemeral-executions") {
		t.Errorf("the error does not say what to do: %v", err)
	}
	_, err = s.CreateActivity("a", nil)
	wants(t, "activity", err, fault.NotImplemented)
	_, err = s.StartSync(t.Context(), workflow.StartInput{Machine: m.ARN})
	wants(t, "synchronously", err, workflow.StateMachineTypeNotSupported)
}

func TestExpress(t *testing.T) {
	s := open(t, t.TempDir(), false)
	m := create(t, s, "m", task("arn:aws:lambda:us-east-1:000000000000:function:echo", ""), true)
	out, err := s.StartSync(t.Context(), workflow.StartInput{Machine: m.ARN, Name: "e", Input: `{"a":1}`})
	if err != nil || out.Status != asl.Succeeded || out.Output != `{"a":1}` || out.Billed < 100*time.Millisecond || out.Billed%(100*time.Millisecond) != 0 {
		t.Errorf("got %+v, %v", out, err)
	}
	if !strings.HasPrefix(out.ARN, "arn:aws:states:us-east-1:000000000000:express:m:e:") {
		t.Errorf("the ARN is %s", out.ARN)
	}
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Execution(started.ARN)
	wants(t, "describe", err, workflow.InvalidArn)
	_, err = s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: "{"})
	wants(t, "input", err, workflow.InvalidExecutionInput)
}

func TestExecutions(t *testing.T) {
	s := open(t, t.TempDir(), true)
	wait := create(t, s, "wait", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`, false)
	in := workflow.StartInput{Machine: wait.ARN, Name: "e", Input: `{"a":1}`}
	started, err := s.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	in.Input = `{ "a" : 1 }`
	if again, err := s.Start(t.Context(), in); err != nil || again != started {
		t.Errorf("started again: %+v, %v, want %+v", again, err, started)
	}
	in.Input = `{}`
	_, err = s.Start(t.Context(), in)
	wants(t, "another input", err, workflow.ExecutionAlreadyExists)
	events, _, err := s.History(started.ARN, false, 0, 100)
	if err != nil || len(events) != 2 || events[1].Type != "WaitStateEntered" {
		t.Errorf("the history is %v, %v", events, err)
	}
	name, cause := "Stopped", "by hand"
	if _, err := s.Stop(started.ARN, &name, &cause); err != nil {
		t.Fatal(err)
	}
	e := await(t, s, started.ARN)
	if e.Status != asl.Aborted || *e.Error != name || *e.Cause != cause || e.Stopped.IsZero() {
		t.Errorf("stopped: %+v", e)
	}
	in.Input = `{"a":1}`
	_, err = s.Start(t.Context(), in)
	wants(t, "the name of one that is over", err, workflow.ExecutionAlreadyExists)

	events, next, err := s.History(started.ARN, true, 0, 2)
	if err != nil || len(events) != 2 || events[0].Type != "ExecutionAborted" || next != 2 {
		t.Errorf("backwards: %v, %d, %v", events, next, err)
	}
	if events, next, err = s.History(started.ARN, true, next, 2); err != nil || len(events) != 1 || events[0].Type != "ExecutionStarted" || next != 0 {
		t.Errorf("the second page: %v, %d, %v", events, next, err)
	}
	_, _, err = s.History(started.ARN, false, 9, 2)
	wants(t, "too far", err, workflow.InvalidToken)

	quick := create(t, s, "quick", pass("1"), false)
	for i := range 3 {
		finish(t, s, quick, fmt.Sprint(i))
	}
	page, token, err := s.Executions(quick, asl.Succeeded, "", 2)
	if err != nil || len(page) != 2 || token == "" {
		t.Fatalf("the first page: %v, %q, %v", page, token, err)
	}
	if page, token, err = s.Executions(quick, "", token, 2); err != nil || len(page) != 1 || token != "" {
		t.Errorf("the second page: %v, %q, %v", page, token, err)
	}
	if page, _, err = s.Executions(quick, asl.Failed, "", 2); err != nil || len(page) != 0 {
		t.Errorf("those that failed: %v, %v", page, err)
	}
	_, _, err = s.Executions(quick, "", "x", 2)
	wants(t, "token", err, workflow.InvalidToken)
	if m, err := s.MachineFor(started.ARN); err != nil || m.Definition != wait.Definition {
		t.Errorf("its machine is %+v, %v", m, err)
	}
}

func TestFunctions(t *testing.T) {
	s := open(t, t.TempDir(), true)
	const arn, invoke = "arn:aws:lambda:us-east-1:000000000000:function:", "arn:aws:states:::lambda:invoke"
	for i, c := range []struct{ definition, want string }{
		{task(arn+"echo", ""), `SUCCEEDED {"a":1}`},
		{task(arn+"echo:$LATEST", ""), `SUCCEEDED {"a":1}`},
		{task(arn+"text", ""), `SUCCEEDED "no JSON"`},
		{task(arn+"fail", ""), `FAILED Odd {"errorType":"Odd","errorMessage":"an odd number"}`},
		{task(arn+"odd", ""), `FAILED Lambda.Unknown The cause could not be determined because Lambda did not return an error type. Returned payload: {"message":"no type"}`},
		{task(arn+"absent", ""), `FAILED Lambda.ResourceNotFoundException Function not found: absent`},
		{task("arn:aws:lambda:eu-west-1:000000000000:function:echo", ""), `FAILED Lambda.ResourceNotFoundException Function not found: arn:aws:lambda:eu-west-1`},
		{task(arn+"hang", `"TimeoutSeconds":1,`), `FAILED States.Timeout`},
		{task(invoke, `"Parameters":{"FunctionName":"echo","Payload":{"b":2}},"OutputPath":"$.Payload",`), `SUCCEEDED {"b":2}`},
		{task(invoke, `"Parameters":{"FunctionName":"echo"},"OutputPath":"$.Payload",`), `SUCCEEDED {}`},
		{task(invoke, `"Parameters":{"FunctionName":"context","ClientContext":"eyJhIjoxfQ==","LogType":"Tail"},"ResultSelector":{"p.$":"$.Payload","l.$":"$.LogResult"},`), `SUCCEEDED {"p":{"a":1},"l":"YSBsb2c="}`},
		{task(invoke, `"Parameters":{"FunctionName":"context","ClientContext":"e30"},`), `FAILED Lambda.InvalidRequestContentException Client context must be`},
		{task(invoke, `"Parameters":{"FunctionName":"echo","InvocationType":"Event"},`), `FAILED Lambda.NotImplementedException Lambent does not have`},
		{task("arn:aws:states:::sqs:sendMessage", `"Parameters":{"QueueUrl":"u","MessageBody":"b"},`), `FAILED States.Runtime Lambent does not have the integration arn:aws:states:::sqs:sendMessage yet.`},
	} {
		e := finish(t, s, create(t, s, fmt.Sprintf("m%d", i), c.definition, false), `{"a":1}`)
		got := string(e.Status) + " " + e.Output
		for _, text := range []*string{e.Error, e.Cause} {
			if text != nil {
				got = strings.TrimSpace(got) + " " + *text
			}
		}
		if !strings.HasPrefix(strings.TrimSpace(got), c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.definition, got, c.want)
		}
	}
}

func TestNested(t *testing.T) {
	s := open(t, t.TempDir(), true)
	inner := create(t, s, "inner", pass(`{"x":1}`), false)
	outer := create(t, s, "outer", task("arn:aws:states:::states:startExecution.sync:2", `"Parameters":{"StateMachineArn":"`+inner.ARN+`","Input":{"y":2}},`), false)
	e := finish(t, s, outer, "")
	var answer struct{ Input, Output map[string]int }
	if err := json.Unmarshal([]byte(e.Output), &answer); err != nil || e.Status != asl.Succeeded || answer.Output["x"] != 1 || answer.Input["y"] != 2 {
		t.Errorf("got %+v, %v", e, err)
	}
	absent := create(t, s, "absent", task("arn:aws:states:::states:startExecution", `"Parameters":{"StateMachineArn":"`+inner.ARN+`x"},`), false)
	if e = finish(t, s, absent, ""); e.Error == nil || *e.Error != "StepFunctions.StateMachineDoesNotExistException" {
		t.Errorf("got %+v", e)
	}
}

func TestActivities(t *testing.T) {
	s := open(t, t.TempDir(), true)
	a, err := s.CreateActivity("work", map[string]string{"k": "v"})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.CreateActivity("work", nil); err != nil || again != a {
		t.Errorf("created again: %+v, %v", again, err)
	}
	if tags, err := s.Tags(t.Context(), a.ARN); err != nil || tags["k"] != "v" {
		t.Errorf("tags are %v, %v", tags, err)
	}
	m := create(t, s, "m", task(a.ARN, `"HeartbeatSeconds":3600,`), false)
	for _, fail := range []bool{false, true} {
		started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: `{"a":1}`})
		if err != nil {
			t.Fatal(err)
		}
		token, input, err := s.ActivityTask(t.Context(), a.ARN, "worker")
		if err != nil || token == "" || input != `{"a":1}` {
			t.Fatalf("the task is %q, %s, %v", token, input, err)
		}
		wants(t, "heartbeat", s.Heartbeat(token), "")
		wants(t, "no JSON", s.Succeed(token, "x"), workflow.InvalidOutput)
		want := `SUCCEEDED "done"`
		if name := "Tired"; fail {
			wants(t, "fail", s.Fail(token, &name, nil), "")
			want = "FAILED "
		} else {
			wants(t, "succeed", s.Succeed(token, `"done"`), "")
		}
		if e := await(t, s, started.ARN); string(e.Status)+" "+e.Output != want {
			t.Errorf("got %+v, want %s", e, want)
		}
		wants(t, "a second answer", s.Succeed(token, "1"), workflow.TaskTimedOut)
		wants(t, "a late heartbeat", s.Heartbeat(token), workflow.TaskTimedOut)
	}
	wants(t, "a token of nobody's", s.Succeed("x", "1"), workflow.InvalidToken)
	wants(t, "delete", s.DeleteActivity(a.ARN), "")
	_, _, err = s.ActivityTask(t.Context(), a.ARN, "")
	wants(t, "poll what is deleted", err, workflow.ActivityDoesNotExist)
	if e := finish(t, s, m, ""); e.Status != asl.Failed || *e.Error != "States.Runtime" {
		t.Errorf("without the activity: %+v", e)
	}
}

func TestClose(t *testing.T) {
	dir := t.TempDir()
	kept, err := store.Open(dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	s, err := workflow.New(workflow.Config{Store: kept, Functions: functions{}, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	m := create(t, s, "m", task("arn:aws:lambda:us-east-1:000000000000:function:hang", ""), false)
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	if err != nil {
		t.Fatal(err)
	}
	s.Close() // ends the call of the function, or this does not return
	if e, err := s.Execution(started.ARN); err != nil || e.Status != asl.Aborted {
		t.Errorf("after Close: %+v, %v", e, err)
	}
	_, err = s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	wants(t, "start after Close", err, fault.ServiceUnavailable)
}

// TestLimits has a Service forget what is over, and refuse what is too much.
func TestLimits(t *testing.T) {
	kept, err := store.Open(t.TempDir(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	s, err := workflow.New(workflow.Config{Store: kept, Functions: functions{}, Ephemeral: true, Running: 1, Kept: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := create(t, s, "m", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`, false)
	first, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	wants(t, "a second one", err, workflow.ExecutionLimitExceeded)
	if _, err := s.Stop(first.ARN, nil, nil); err != nil {
		t.Fatal(err)
	}
	var second workflow.Started
	for range 6000 { // until the first is no longer counted
		if second, err = s.Start(t.Context(), workflow.StartInput{Machine: m.ARN}); code(err) != workflow.ExecutionLimitExceeded {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stop(second.ARN, nil, nil); err != nil {
		t.Fatal(err)
	}
	for range 6000 {
		if _, err = s.Execution(first.ARN); err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	wants(t, "the first, after the second is over", err, workflow.ExecutionDoesNotExist)
}
