package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

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
		time.Sleep(5 * time.Millisecond)
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
		time.Sleep(5 * time.Millisecond)
	}
	wants(t, "the first, after the second is over", err, workflow.ExecutionDoesNotExist)
}
