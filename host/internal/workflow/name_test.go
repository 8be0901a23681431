package workflow_test

import (
	"strings"
	"testing"
)

// TestLongNamesOfNestedExecutions: the name that a task gives an execution could
// have any length.
func TestLongNamesOfNestedExecutions(t *testing.T) {
	s := open(t, t.TempDir(), true)
	inner := create(t, s, "inner", pass("1"), false)
	m := create(t, s, "m", task("arn:aws:states:::states:startExecution", `"Parameters":{"StateMachineArn":"`+inner.ARN+`","Name.$":"$"},`), false)
	if e := finish(t, s, m, `"`+strings.Repeat("x", 100_000)+`"`); e.Error == nil || *e.Error != "StepFunctions.InvalidNameException" {
		t.Errorf("got %s", e.Status)
	}
}
