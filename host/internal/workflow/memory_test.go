package workflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// TestMemoryOfExecutions: executions had a bound each, and of their number, but
// none together: ten thousand might take 640 GB.
func TestMemoryOfExecutions(t *testing.T) {
	kept, err := store.Open(t.TempDir(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	s, err := workflow.New(workflow.Config{Store: kept, Functions: functions{}, Ephemeral: true, Memory: 8 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := create(t, s, "m", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`, false)
	input := `"` + strings.Repeat("x", 50_000) + `"`
	var running []string
	for len(running) < 100 {
		var started workflow.Started
		if started, err = s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: input}); err != nil {
			break
		}
		running = append(running, started.ARN)
	}
	wants(t, "too many executions", err, workflow.ExecutionLimitExceeded)
	if len(running) < 2 || len(running) > 9 {
		t.Errorf("%d executions fit", len(running))
	}
	for _, arn := range running {
		if _, err := s.Stop(arn, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	for range 6000 { // until they are no longer counted
		if _, err = s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: input}); err == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err != nil {
		t.Errorf("after all have ended: %v", err)
	}
}
