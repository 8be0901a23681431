package workflow_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// keeper is a function that passes its events on.
type keeper struct {
	functions
	events chan string
}

func (k keeper) Invoke(_ context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	k.events <- string(in.Event)
	return function.InvokeOutput{Payload: []byte("null"), Version: "$LATEST"}, nil
}

// newKeeper makes a Service whose functions keep their events.
func newKeeper(t *testing.T) (*workflow.Service, keeper) {
	t.Helper()
	kept, err := store.Open(t.TempDir(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	k := keeper{events: make(chan string, 1)}
	s, err := workflow.New(workflow.Config{Store: kept, Functions: k, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, k
}

// TestCallback has a function be given the token of its task, which is answered
// later.
func TestCallback(t *testing.T) {
	s, k := newKeeper(t)
	m := create(t, s, "m", task("arn:aws:states:::lambda:invoke.waitForTaskToken", `"Parameters":{"FunctionName":"keep","Payload":{"token.$":"$$.Task.Token"}},"HeartbeatSeconds":3600,`), false)
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ Token string }
	if err := json.Unmarshal([]byte(<-k.events), &event); err != nil {
		t.Fatal(err)
	}
	wants(t, "heartbeat", s.Heartbeat(event.Token), "")
	for range 6000 { // until the call of the function has been answered
		if events, _, err := s.History(started.ARN, true, 0, 1); err != nil || events[0].Type == "TaskSubmitted" {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	wants(t, "succeed", s.Succeed(event.Token, `{"ok":true}`), "")
	if e := await(t, s, started.ARN); e.Status != asl.Succeeded || e.Output != `{"ok":true}` {
		t.Errorf("got %+v", e)
	}
}

// TestHeartbeatInMapRun: tasks of the executions of a distributed map had no
// heartbeats.
func TestHeartbeatInMapRun(t *testing.T) {
	s, k := newKeeper(t)
	m := create(t, s, "m", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"keep","Payload":{"token.$":"$$.Task.Token"}},"HeartbeatSeconds":3600,"End":true}}},"End":true}}}`, false)
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: "[1]"})
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ Token string }
	if err := json.Unmarshal([]byte(<-k.events), &event); err != nil {
		t.Fatal(err)
	}
	wants(t, "heartbeat", s.Heartbeat(event.Token), "")
	wants(t, "succeed", s.Succeed(event.Token, `"done"`), "")
	wants(t, "a late heartbeat", s.Heartbeat(event.Token), workflow.TaskTimedOut)
	wants(t, "a second answer", s.Fail(event.Token, nil, nil), workflow.TaskTimedOut)
	if e := await(t, s, started.ARN); e.Status != asl.Succeeded || e.Output != `["done"]` {
		t.Errorf("got %+v", e)
	}
}

// TestWorkerMachine has a state machine do the tasks of an activity.
func TestWorkerMachine(t *testing.T) {
	s := open(t, t.TempDir(), true)
	a, err := s.CreateActivity("work", nil)
	if err != nil {
		t.Fatal(err)
	}
	worker := create(t, s, "worker", strings.ReplaceAll(`{"StartAt":"Get","States":{
		"Get":{"Type":"Task","Resource":"SFN:getActivityTask","Parameters":{"ActivityArn":"`+a.ARN+`"},"Next":"Beat"},
		"Beat":{"Type":"Task","Resource":"SFN:sendTaskHeartbeat","Parameters":{"TaskToken.$":"$.TaskToken"},"ResultPath":null,"Next":"Send"},
		"Send":{"Type":"Task","Resource":"SFN:sendTaskSuccess","Parameters":{"TaskToken.$":"$.TaskToken","Output.$":"$.Input"},"End":true}}}`, "SFN", "arn:aws:states:::aws-sdk:sfn"), false)
	client := create(t, s, "client", task(a.ARN, ""), false)
	working, err := s.Start(t.Context(), workflow.StartInput{Machine: worker.ARN})
	if err != nil {
		t.Fatal(err)
	}
	if e := finish(t, s, client, `{"a":1}`); e.Status != asl.Succeeded || e.Output != `{"a":1}` {
		t.Errorf("the client got %+v", e)
	}
	if e := await(t, s, working.ARN); e.Status != asl.Succeeded || e.Output != `{}` {
		t.Errorf("the worker got %+v", e)
	}
	lost := create(t, s, "lost", task("arn:aws:states:::aws-sdk:sfn:sendTaskFailure", `"Parameters":{"TaskToken":"x"},`), false)
	if e := finish(t, s, lost, ""); e.Error == nil || *e.Error != "Sfn.InvalidTokenException" {
		t.Errorf("a token of nobody's: %+v", e)
	}
}
