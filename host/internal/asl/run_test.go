package asl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

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
