package workflow_test

import (
	"context"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

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

// TestPollThatEnded: a worker that is gone takes no task from the others.
func TestPollThatEnded(t *testing.T) {
	s := open(t, t.TempDir(), true)
	a, err := s.CreateActivity("work", nil)
	if err != nil {
		t.Fatal(err)
	}
	m := create(t, s, "m", task(a.ARN, ""), false)
	if _, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: "1"}); err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if token, _, err := s.ActivityTask(gone, a.ARN, "gone"); token != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("who is gone got the task %q, %v", token, err)
	}
	if token, input, err := s.ActivityTask(t.Context(), a.ARN, "worker"); token == "" || input != "1" || err != nil {
		t.Errorf("the next got the task %q, %s, %v", token, input, err)
	}
}
