package asl_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestTimeouts(t *testing.T) {
	for _, test := range []struct {
		catch     string
		heartbeat bool
		caught    bool
	}{
		{"States.Timeout", false, true},
		{"States.Timeout", true, true},
		{"States.HeartbeatTimeout", true, true},
		{"States.HeartbeatTimeout", false, false},
		{"States.TaskFailed", false, false},
	} {
		h := begin(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","TimeoutSeconds":9,"HeartbeatSeconds":3,
			"Catch":[{"ErrorEquals":["`+test.catch+`"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}`, `{}`)
		effect := h.only(asl.Task)
		if effect.Timeout != 9*time.Second || effect.Heartbeat != 3*time.Second {
			t.Errorf("timeout %v, heartbeat %v", effect.Timeout, effect.Heartbeat)
		}
		h.apply(asl.Signal{Kind: asl.TaskTimedOut, Effect: effect.ID, Heartbeat: test.heartbeat})
		if test.caught {
			h.ends(asl.Succeeded, `{"Error":"States.Timeout","Cause":""}`)
		} else {
			h.ends(asl.Failed, "States.Timeout")
		}
	}
}

func TestTokens(t *testing.T) {
	definition := `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"token.$":"$$.Task.Token"},"End":true}}}`
	h := begin(t, definition, `{}`)
	effect := h.only(asl.Task)
	if effect.Token == "" || effect.Input != `{"token":"`+effect.Token+`"}` {
		t.Errorf("the token is %q, the input %s", effect.Token, effect.Input)
	}
	arn, id, err := asl.ParseToken(effect.Token)
	if err != nil || arn != "arn:aws:states:eu-west-1:1:execution:m:e" || id != effect.ID {
		t.Errorf("the token is of %s, %d, %v", arn, id, err)
	}
	for _, bad := range []string{"", "!", "YQ==", strings.Repeat("A", 4000)} {
		if _, _, err := asl.ParseToken(bad); err == nil {
			t.Errorf("%.20q is taken for a token", bad)
		}
	}
	h.answer(asl.TaskStarted, effect.ID, "")
	h.answer(asl.TaskSubmitted, effect.ID, `{"MessageId":"1"}`)
	h.answer(asl.TaskSucceeded, effect.ID, `"ok"`)
	h.ends(asl.Succeeded, `"ok"`)
	if want := "4<3:TaskStarted 5<4:TaskSubmitted 6<5:TaskSucceeded"; !strings.Contains(h.types(), want) {
		t.Errorf("%s lacks %s", h.types(), want)
	}
}

func TestExecutionTimeout(t *testing.T) {
	h := begin(t, `{"StartAt":"T","TimeoutSeconds":60,"States":{"T":{"Type":"Wait","Seconds":1000,"End":true}}}`, `{}`)
	timers := h.run.Effects()
	if len(timers) != 2 || timers[0].At.Sub(h.now) != time.Minute {
		t.Fatalf("timers: %+v", timers)
	}
	h.apply(asl.Signal{Kind: asl.TimerFired, Effect: timers[0].ID})
	h.ends(asl.TimedOut, "-")
}

const activityTask = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:eu-west-1:1:activity:a","HeartbeatSeconds":5,"TimeoutSeconds":60,"End":true}}}`

func TestActivities(t *testing.T) {
	h := begin(t, activityTask, `{}`)
	effect := h.only(asl.Task)
	if effect.Token == "" {
		t.Error("the task has no token")
	}
	h.answer(asl.TaskAccepted, effect.ID, "")
	h.apply(asl.Signal{Kind: asl.TaskStarted, Effect: effect.ID, Worker: "w"})
	h.answer(asl.TaskSucceeded, effect.ID, `1`)
	h.ends(asl.Succeeded, `1`)
	if want := "3<2:ActivityScheduled 4<3:ActivityStarted 5<4:ActivitySucceeded"; !strings.Contains(h.types(), want) {
		t.Errorf("%s lacks %s", h.types(), want)
	}
	if e := h.events[2]; e.Heartbeat != 5 || e.TimeoutSeconds != 60 || h.events[3].Worker != "w" {
		t.Errorf("scheduled: %+v, started by %q", e, h.events[3].Worker)
	}

	h = begin(t, activityTask, `{}`)
	h.apply(asl.Signal{Kind: asl.TaskRefused, Effect: h.only(asl.Task).ID})
	h.ends(asl.Failed, "States.Runtime: An error occurred while executing the state 'T' (entered at the event id #2). The activity arn:aws:states:eu-west-1:1:activity:a does not exist.")
	if want := "1<0:ExecutionStarted 2<0:TaskStateEntered 3<2:ExecutionFailed"; h.types() != want {
		t.Errorf("got %s, want %s", h.types(), want)
	}

	// One that no worker has asked for times out without having started.
	h = begin(t, activityTask, `{}`)
	h.apply(asl.Signal{Kind: asl.TaskTimedOut, Effect: h.only(asl.Task).ID})
	if want := "3<2:ActivityScheduled 4<3:ActivityTimedOut 5<4:ExecutionFailed"; !strings.Contains(h.types(), want) {
		t.Errorf("%s lacks %s", h.types(), want)
	}
}
