package asl_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

// TestSignalsInHistoriesAreBounded: the history kept results that were too large
// to be used, and causes that were cut, in full: megabytes for each attempt at a
// task.
func TestSignalsInHistoriesAreBounded(t *testing.T) {
	long, worker := strings.Repeat("x", 6<<20), strings.Repeat("w", 1000)
	for name, answer := range map[string]asl.Signal{
		"result": {Kind: asl.TaskSucceeded, Output: `"` + long + `"`},
		"error":  {Kind: asl.TaskFailed, Error: &long, Cause: &long, Output: long},
		"worker": {Kind: asl.TaskStarted, Worker: worker, Output: long},
	} {
		t.Run(name, func(t *testing.T) {
			definition, err := asl.Parse(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}}`, asl.Options{})
			if err != nil {
				t.Fatal(err)
			}
			run := asl.NewRun(definition)
			step, err := run.Apply(asl.Signal{Kind: asl.Begin, Start: &asl.Start{Input: "{}"}})
			if err != nil {
				t.Fatal(err)
			}
			history := step.Events
			answer.Effect = step.Effects[0].ID
			if step, err = run.Apply(answer); err != nil {
				t.Fatal(err)
			}
			history = append(history, step.Events...)
			for _, event := range history {
				for _, s := range event.Signals {
					size := len(s.Output) + len(s.Worker)
					for _, text := range []*string{s.Error, s.Cause} {
						if text != nil {
							size += len(*text)
						}
					}
					if size > payload.MaxSize {
						t.Errorf("the signal %s takes %d bytes", s.Kind, size)
					}
				}
			}
			again, missing, err := asl.Resume(definition, history)
			if err != nil || len(missing) > 0 || again.Status() != run.Status() {
				t.Errorf("replaying gives %v with %d events missing, error %v", again.Status(), len(missing), err)
			}
			if name, _ := run.Failure(); answer.Kind == asl.TaskSucceeded && (name == nil || *name != "States.DataLimitExceeded") {
				t.Errorf("the execution is %s", run.Status())
			}
		})
	}
}
