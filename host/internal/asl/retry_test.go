package asl_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestRetryDelays(t *testing.T) {
	h := begin(t, fmt.Sprintf(task, `"Retry":[{"ErrorEquals":["A"],"IntervalSeconds":3,"BackoffRate":2,"MaxAttempts":4,"MaxDelaySeconds":10},{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],`), `{}`)
	for i, want := range []int{3, 6, 10, 10} {
		h.answer(asl.TaskFailed, h.only(asl.Task).ID, "A: once more")
		timer := h.only(asl.Timer)
		if got := timer.At.Sub(h.now); got != time.Duration(want)*time.Second {
			t.Errorf("attempt %d follows after %v, want %d s", i+2, got, want)
		}
		h.now = timer.At
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: timer.ID})
	}
	// Each retrier counts on its own.
	h.answer(asl.TaskFailed, h.only(asl.Task).ID, "B: another")
	h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	h.answer(asl.TaskFailed, h.only(asl.Task).ID, "A: the last")
	h.ends(asl.Failed, "A: the last")
}

func TestJitterIsBetweenNothingAndTheDelay(t *testing.T) {
	h := begin(t, fmt.Sprintf(task, `"Retry":[{"ErrorEquals":["A"],"IntervalSeconds":100,"JitterStrategy":"FULL"}],`), `{}`)
	h.answer(asl.TaskFailed, h.only(asl.Task).ID, "A: once more")
	if got := h.only(asl.Timer).At.Sub(h.now); got < 0 || got >= 100*time.Second || got == 0 {
		t.Errorf("the delay is %v", got)
	}
}

func TestRuntimeErrorsAreNotCaught(t *testing.T) {
	h := begin(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",
		"Catch":[{"ErrorEquals":["States.Runtime"],"Next":"C"},{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}`, `{}`)
	h.answer(asl.TaskFailed, h.only(asl.Task).ID, "States.Runtime: no")
	h.ends(asl.Failed, "States.Runtime: no")
}

func TestAttemptsThatLeadToNoEvent(t *testing.T) {
	// The state fails before its task is scheduled: nothing is to be seen of it
	// in the history before it gives up.
	definition := fmt.Sprintf(task, `"Parameters":{"x.$":"States.StringToJson($)"},"Retry":[{"ErrorEquals":["States.IntrinsicFailure"],"MaxAttempts":2}],`)
	h := begin(t, definition, `"{"`)
	n := len(h.events)
	for range 2 {
		if len(h.events) != n {
			t.Fatalf("events: %s", h.types())
		}
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	}
	if name, _ := h.run.Failure(); name == nil || *name != "States.IntrinsicFailure" {
		t.Fatalf("the execution is %s", h.run.Status())
	}
	if err := checkReplay(parse(t, definition), h.events, 1); err != nil {
		t.Error(err)
	}
}

func TestAttemptsThatLeadToNoEventAreBounded(t *testing.T) {
	h := &hand{T: t, run: asl.NewRun(parse(t, fmt.Sprintf(task, `"Parameters":{"x.$":"States.StringToJson($)"},"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":99999999}],`))), now: midnight}
	h.apply(asl.Signal{Kind: asl.Begin, Start: &asl.Start{Input: `"{"`, MaxEvents: 20}})
	for n := 0; h.run.Status() == asl.Running; n++ {
		if n > 20 {
			t.Fatal("the attempts do not end")
		}
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	}
	h.ends(asl.Failed, "States.Runtime: The execution reached the maximum number of history events (20).")
}
