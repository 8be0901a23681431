package asl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

var midnight = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func parse(t *testing.T, text string) *asl.Definition {
	t.Helper()
	definition, err := asl.Parse(text, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return definition
}

// hand drives a Run by hand.
type hand struct {
	*testing.T
	run    *asl.Run
	now    time.Time
	events []asl.Event
}

func begin(t *testing.T, definition, input string) *hand {
	t.Helper()
	h := &hand{T: t, run: asl.NewRun(parse(t, definition)), now: midnight}
	h.apply(asl.Signal{Kind: asl.Begin, Start: &asl.Start{Input: input, ExecutionArn: "arn:aws:states:eu-west-1:1:execution:m:e", StateMachineArn: "arn:aws:states:eu-west-1:1:stateMachine:m", Name: "e"}})
	return h
}

func (h *hand) apply(s asl.Signal) asl.Step {
	h.Helper()
	s.At = h.now
	step, err := h.run.Apply(s)
	if err != nil {
		h.Fatalf("%s: %v", s.Kind, err)
	}
	h.events = append(h.events, step.Events...)
	return step
}

// only returns the one effect that is outstanding.
func (h *hand) only(kind asl.EffectKind) asl.Effect {
	h.Helper()
	effects := h.run.Effects()
	if len(effects) != 1 || effects[0].Kind != kind {
		h.Fatalf("outstanding: %+v, want one %s", effects, kind)
	}
	return effects[0]
}

func (h *hand) answer(kind asl.SignalKind, effect int64, text string) {
	h.Helper()
	s := asl.Signal{Kind: kind, Effect: effect, Output: text}
	if kind == asl.TaskFailed {
		name, cause, _ := strings.Cut(text, ": ")
		s.Error, s.Cause = &name, &cause
	}
	h.apply(s)
}

func (h *hand) types() string {
	var types []string
	for _, e := range h.events {
		types = append(types, fmt.Sprintf("%d<%d:%s", e.ID, e.PreviousID, e.Type))
	}
	return strings.Join(types, " ")
}

func (h *hand) ends(status asl.Status, want string) {
	h.Helper()
	got := h.run.Output()
	if name, cause := h.run.Failure(); status != asl.Succeeded {
		got = "-"
		if name != nil {
			got = *name
		}
		if cause != nil {
			got += ": " + *cause
		}
	}
	if h.run.Status() != status || got != want {
		h.Fatalf("the execution is %s with %s, want %s with %s", h.run.Status(), got, status, want)
	}
	if effects := h.run.Effects(); len(effects) > 0 {
		h.Errorf("after the end %d effects are outstanding", len(effects))
	}
}

const task = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",%s"End":true}}}`

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

func TestStaleSignalsChangeNothing(t *testing.T) {
	h := begin(t, fmt.Sprintf(task, ""), `{}`)
	effect := h.only(asl.Task)
	h.answer(asl.TaskStarted, effect.ID, "")
	for _, s := range []asl.Signal{
		{Kind: asl.TaskStarted, Effect: effect.ID}, {Kind: asl.TaskSubmitted, Effect: effect.ID, Output: "{}"},
		{Kind: asl.TaskSucceeded, Effect: 99, Output: "1"}, {Kind: asl.Begin, Start: &asl.Start{Input: "{}"}},
	} {
		if _, err := h.run.Apply(s); !errors.As(err, new(*asl.Stale)) {
			t.Errorf("%s of effect %d: got %v, want a *Stale", s.Kind, s.Effect, err)
		}
	}
	if _, err := h.run.Apply(asl.Signal{Kind: asl.TimerFired, Effect: effect.ID}); err == nil || errors.As(err, new(*asl.Stale)) {
		t.Errorf("a timer that is a task: got %v", err)
	}
	h.answer(asl.TaskSucceeded, effect.ID, `"done"`)
	h.ends(asl.Succeeded, `"done"`)
	if _, err := h.run.Apply(asl.Signal{Kind: asl.Abort}); !errors.As(err, new(*asl.Stale)) {
		t.Errorf("aborting what is over: got %v", err)
	}
}

func TestBeginRefusesBadInput(t *testing.T) {
	definition := parse(t, fmt.Sprintf(task, ""))
	for _, s := range []asl.Signal{
		{Kind: asl.Begin}, {Kind: asl.Abort}, {Kind: asl.Begin, Start: &asl.Start{Input: "{"}},
		{Kind: asl.Begin, Start: &asl.Start{Input: `"` + strings.Repeat("x", 256<<10) + `"`}},
	} {
		run := asl.NewRun(definition)
		if _, err := run.Apply(s); err == nil || run.Status() != "" {
			t.Errorf("%s: got %v, status %q", s.Kind, err, run.Status())
		}
	}
}

func TestHistoryIsBounded(t *testing.T) {
	h := begin(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"E"}],"Default":"A"},"E":{"Type":"Succeed"}}}`, `{}`)
	// It runs in steps, so that others get their turn.
	steps := 0
	for ; h.run.Status() == asl.Running; steps++ {
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	}
	if steps < 10 {
		t.Errorf("a machine that never waits has run in %d steps", steps+1)
	}
	h.ends(asl.Failed, "States.Runtime: The execution reached the maximum number of history events (25000).")
	if n := len(h.events); n != 25_000 {
		t.Errorf("the history has %d events", n)
	}
}

func TestAbortedBranches(t *testing.T) {
	h := begin(t, `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
		{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}},
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}},
		{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"X","States":{"X":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}},"End":true}}}
	],"End":true}}}`, `{"items":[1]}`)
	effects := h.run.Effects()
	if len(effects) != 3 {
		t.Fatalf("%d effects, want a timer and two tasks", len(effects))
	}
	step := h.apply(asl.Signal{Kind: asl.TaskFailed, Effect: effects[1].ID})
	if len(step.Cancelled) != 2 {
		t.Errorf("cancelled: %v, want the timer and the other task", step.Cancelled)
	}
	h.ends(asl.Failed, "-")
	for _, want := range []string{"WaitStateAborted", "TaskStateAborted", "MapStateAborted", "MapIterationAborted", "ParallelStateFailed"} {
		if !strings.Contains(h.types(), want) {
			t.Errorf("no %s in %s", want, h.types())
		}
	}
}

func TestConcurrencyOfIterations(t *testing.T) {
	h := begin(t, `{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":{"StartAt":"X","States":{"X":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:f","End":true}}},"End":true}}}`, `[1,2,3,4,5]`)
	for range 5 {
		effects := h.run.Effects()
		if len(effects) > 2 {
			t.Fatalf("%d tasks at once", len(effects))
		}
		last := effects[len(effects)-1]
		h.answer(asl.TaskSucceeded, last.ID, last.Input)
	}
	h.ends(asl.Succeeded, `[1,2,3,4,5]`)
}

func TestScopes(t *testing.T) {
	h := begin(t, `{"StartAt":"A","States":{
		"A":{"Type":"Pass","Assign":{"x":1,"y":1},"Next":"P"},
		"P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"x.$":"States.MathAdd($x, 1)","z":9},"Next":"C"},"C":{"Type":"Pass","Parameters":{"x.$":"$x","y.$":"$y","z.$":"$z"},"End":true}}}],"ResultPath":"$.p","Next":"D"},
		"D":{"Type":"Pass","Assign":{"x":5,"y.$":"$x"},"Next":"E"},
		"E":{"Type":"Pass","Parameters":{"p.$":"$.p","x.$":"$x","y.$":"$y"},"End":true}}}`, `{}`)
	h.ends(asl.Succeeded, `{"p":[{"x":2,"y":1,"z":9}],"x":5,"y":1}`)
}

func TestVariablesAreBounded(t *testing.T) {
	h := begin(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"a.$":"$","b.$":"$"},"End":true}}}`, `"`+strings.Repeat("x", 200_000)+`"`)
	name, cause := h.run.Failure()
	if name == nil || *name != "States.Runtime" || !strings.Contains(*cause, "exceed the limit") {
		t.Errorf("the execution is %s", h.run.Status())
	}
}

func TestPayloadsAreBounded(t *testing.T) {
	for _, definition := range []string{
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"X","States":{"X":{"Type":"Pass","End":true}}},{"StartAt":"Y","States":{"Y":{"Type":"Pass","End":true}}}],"End":true}}}`,
		`{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","Output":["{% $states.input %}","{% $states.input %}"],"End":true}}}`,
	} {
		h := begin(t, definition, `"`+strings.Repeat("x", 200_000)+`"`)
		if name, _ := h.run.Failure(); name == nil || *name != "States.DataLimitExceeded" {
			t.Errorf("%s: the execution is %s", definition, h.run.Status())
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

func TestNoChoiceMatched(t *testing.T) {
	h := begin(t, `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.x","StringMatches":"a*\\*c","Next":"S"}]},"S":{"Type":"Succeed"}}}`, `{"x":"abc"}`)
	if name, _ := h.run.Failure(); name == nil || *name != "States.NoChoiceMatched" {
		t.Errorf("the execution is %s", h.run.Status())
	}
	h = begin(t, `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.x","StringMatches":"a*\\*c","Next":"S"}]},"S":{"Type":"Succeed"}}}`, `{"x":"axx*c"}`)
	h.ends(asl.Succeeded, `{"x":"axx*c"}`)
}

func TestDivergedHistories(t *testing.T) {
	h := begin(t, fmt.Sprintf(task, ""), `{}`)
	if _, _, err := asl.Resume(parse(t, `{"StartAt":"T","States":{"T":{"Type":"Pass","End":true}}}`), h.events); !errors.Is(err, asl.ErrDiverged) {
		t.Errorf("another definition: got %v", err)
	}
	if _, _, err := asl.Resume(parse(t, fmt.Sprintf(task, "")), h.events[1:]); !errors.Is(err, asl.ErrDiverged) {
		t.Errorf("a history without its beginning: got %v", err)
	}
	effect := h.only(asl.Task)
	signal := asl.Signal{Kind: asl.TaskSucceeded, Effect: effect.ID, Output: "1", At: h.now}
	events, effects, err := asl.Next(parse(t, fmt.Sprintf(task, "")), h.events, signal)
	if err != nil || len(effects) > 0 || events[len(events)-1].Type != "ExecutionSucceeded" {
		t.Errorf("next: %d events, %d effects, %v", len(events), len(effects), err)
	}
}

func TestWarnings(t *testing.T) {
	report := asl.Validate(`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x":"$.y"},"Next":"B"},"B":{"Type":"Pass","Result":{"z":"$.a"},"End":true}}}`, asl.Options{Warnings: true})
	if !report.Valid || len(report.Diagnostics) != 2 || report.Diagnostics[0].Code != "NO_DOLLAR" || report.Diagnostics[1].Code != "PASS_RESULT_IS_STATIC" {
		t.Errorf("got %+v", report)
	}
	report = asl.Validate(`{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"$.e"}}}`, asl.Options{Warnings: true})
	if !report.Valid || len(report.Diagnostics) != 1 || report.Diagnostics[0].Code != "NO_PATH" || report.Diagnostics[0].Location != "/States/F/Error" {
		t.Errorf("got %+v", report)
	}
	if hidden := asl.Validate(`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x":"$.y"},"End":true}}}`, asl.Options{}); len(hidden.Diagnostics) > 0 {
		t.Errorf("warnings that were not asked for: %+v", hidden)
	}
}

func TestWorkIsBounded(t *testing.T) {
	// Each expression is within its bounds, all of them are not.
	expression := `"{% $count($map([1..100000], function($i) { $i + 1 })) %}"`
	items := strings.Repeat(expression+",", 200)
	h := begin(t, `{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","Output":[`+strings.TrimSuffix(items, ",")+`],"End":true}}}`, `{}`)
	if name, cause := h.run.Failure(); name == nil || !strings.Contains(*cause, "takes too long") {
		t.Errorf("the execution is %s", h.run.Status())
	}
	// Spread over states, they are done in turns.
	h = begin(t, `{"StartAt":"A","QueryLanguage":"JSONata","States":{
		"A":{"Type":"Pass","Output":[`+expression+`,`+expression+`],"Assign":{"n":1},"Next":"B"},
		"B":{"Type":"Pass","Output":`+expression+`,"Assign":{"n":"{% $n + 1 %}"},"Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Condition":"{% $n < 30 %}","Next":"B"}],"Default":"D"},
		"D":{"Type":"Succeed"}}}`, `{}`)
	turns := 0
	for ; h.run.Status() == asl.Running; turns++ {
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	}
	if turns == 0 {
		t.Error("much work was done in one turn")
	}
	h.ends(asl.Succeeded, "100000")
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
