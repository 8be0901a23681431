package workflow_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

func TestRehearse(t *testing.T) {
	one, busy := `1`, "Busy"
	retried := task("arn:aws:lambda:us-east-1:000000000000:function:echo", `"Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":3600}],`)
	called := workflow.FunctionsFunc(func(_ context.Context, name string, event []byte) ([]byte, bool, error) {
		return append([]byte(nil), event...), name != "echo", nil
	})
	for name, c := range map[string]struct {
		rehearsal workflow.Rehearsal
		want      string
	}{
		"mock":     {workflow.Rehearsal{Definition: retried, Mocks: map[string][]asl.Mock{"T": {{Error: &busy}, {Result: &one}}}, Jump: true}, "SUCCEEDED 1"},
		"the last": {workflow.Rehearsal{Definition: retried, Mocks: map[string][]asl.Mock{"T": {{Error: &busy}}}, Jump: true}, "FAILED Busy"},
		"function": {workflow.Rehearsal{Definition: retried, Functions: called}, `SUCCEEDED {"a":1}`},
		"jump":     {workflow.Rehearsal{Definition: retried, Functions: called, Jump: true}, `SUCCEEDED {"a":1}`},
		"nobody":   {workflow.Rehearsal{Definition: retried}, "FAILED States.Runtime"},
		"queue":    {workflow.Rehearsal{Definition: task("arn:aws:states:::sqs:sendMessage", `"Parameters":{"QueueUrl":"u","MessageBody":"b"},`), Functions: called}, "FAILED States.Runtime"},
		"callback": {workflow.Rehearsal{Definition: task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", `"Parameters":{"QueueUrl":"u","MessageBody.$":"$$.Task.Token"},`), Mocks: map[string][]asl.Mock{"T": {{Result: &one}}}}, "SUCCEEDED 1"},
		"activity": {workflow.Rehearsal{Definition: task("arn:aws:states:us-east-1:000000000000:activity:a", ""), Mocks: map[string][]asl.Mock{"T": {{Result: &one}}}}, "SUCCEEDED 1"},
		"nobody's mock": {workflow.Rehearsal{Definition: retried, Mocks: map[string][]asl.Mock{"U": {{Result: &one}}}},
			`ValidationException: There is a mock of "U", which is no Task state of the machine; its Task states are ["T"].`},
		"definition": {workflow.Rehearsal{Definition: `{}`}, "InvalidDefinition"},
	} {
		var told []asl.Event
		c.rehearsal.Input, c.rehearsal.At = `{"a":1}`, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		c.rehearsal.Event = func(e asl.Event) { told = append(told, e) }
		e, err := workflow.Rehearse(t.Context(), c.rehearsal)
		got := string(e.Status) + " " + e.Output
		if e.Error != nil {
			got += *e.Error
		}
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		for i, event := range told {
			if event.ID != int64(i+1) {
				t.Errorf("%s: event %d is told as number %d", name, event.ID, i+1)
			}
		}
		if err == nil && (len(told) == 0 || !strings.HasPrefix(string(told[len(told)-1].Type), "Execution")) {
			t.Errorf("%s: the end is not told", name)
		}
	}
}

// TestRehearsalsEnd with their context.
func TestRehearsalsEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e, err := workflow.Rehearse(ctx, workflow.Rehearsal{Definition: `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`, Input: "{}",
		Event: func(asl.Event) { cancel() }})
	if err != nil || e.Status != asl.Aborted {
		t.Errorf("got %+v, %v", e, err)
	}
}
