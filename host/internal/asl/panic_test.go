package asl_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestPanicsStayInTheirExecution uses a definition that no parser makes: its
// first state is not there.
func TestPanicsStayInTheirExecution(t *testing.T) {
	run := asl.NewRun(&asl.Definition{Branch: asl.Branch{StartAt: "A"}})
	step, err := run.Apply(asl.Signal{Kind: asl.Begin, Start: &asl.Start{Input: "{}"}})
	if err != nil {
		t.Fatal(err)
	}
	name, cause := run.Failure()
	if run.Status() != asl.Failed || name == nil || *name != "States.Runtime" || cause == nil || !strings.HasPrefix(*cause, "The interpreter failed: ") {
		t.Errorf("got %s", run.Status())
	}
	if last := step.Events[len(step.Events)-1]; last.Type != "ExecutionFailed" {
		t.Errorf("the last event is %s", last.Type)
	}
	if len(step.Effects) > 0 || len(run.Effects()) > 0 {
		t.Error("effects are outstanding")
	}
}
