package workflow_test

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// TestFewCallsWait: calls that wait for minutes could take all that there are.
func TestFewCallsWait(t *testing.T) {
	kept, err := store.Open(t.TempDir(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	s, err := workflow.New(workflow.Config{Store: kept, Functions: functions{}, Ephemeral: true, Waiting: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a, err := s.CreateActivity("a", nil)
	if err != nil {
		t.Fatal(err)
	}
	m := create(t, s, "m", pass("1"), true)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got := make(chan error)
	poll := func() {
		_, _, err := s.ActivityTask(ctx, a.ARN, "w")
		got <- err
	}
	go poll()
	go poll()
	wants(t, "one of two that poll", <-got, fault.TooManyRequests)
	_, err = s.StartSync(t.Context(), workflow.StartInput{Machine: m.ARN})
	wants(t, "StartSync", err, fault.TooManyRequests)
	_, err = s.TestState(t.Context(), asl.TestRequest{Definition: `{"Type":"Pass","End":true}`})
	wants(t, "TestState", err, fault.TooManyRequests)
	cancel()
	<-got
	out, err := s.StartSync(t.Context(), workflow.StartInput{Machine: m.ARN})
	if err != nil || out.Output != "1" {
		t.Errorf("when nobody waits: got %s, %v", out.Output, err)
	}
}
