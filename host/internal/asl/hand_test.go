package asl_test

import (
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
