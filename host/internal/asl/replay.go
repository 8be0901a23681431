package asl

import (
	"errors"
	"fmt"
	"slices"
)

// ErrDiverged says that a history was not made by the definition it is replayed
// with.
var ErrDiverged = errors.New("asl: the history does not belong to the definition")

// Resume makes a Run of its history by applying the signals in it again. It
// checks that they lead to the same events, and fails with ErrDiverged if not.
// If the history ends in the middle of what a signal led to, missing are the
// events that come after.
func Resume(definition *Definition, history []Event) (run *Run, missing []Event, err error) {
	run = NewRun(definition)
	for len(history) > 0 {
		if len(history[0].Signals) == 0 {
			return nil, nil, fmt.Errorf("%w: event %d was made by no signal", ErrDiverged, history[0].ID)
		}
		var step Step
		for i, signal := range history[0].Signals {
			if len(step.Events) > 0 {
				return nil, nil, fmt.Errorf("%w: signal %d of event %d leads to events of its own", ErrDiverged, i, history[0].ID)
			}
			if step, err = run.Apply(signal); err != nil {
				return nil, nil, fmt.Errorf("%w: event %d: %w", ErrDiverged, history[0].ID, err)
			}
		}
		n := min(len(step.Events), len(history))
		if n == 0 {
			return nil, nil, fmt.Errorf("%w: the signal of event %d leads to nothing", ErrDiverged, history[0].ID)
		}
		for i := range n {
			if !history[i].same(&step.Events[i]) {
				return nil, nil, fmt.Errorf("%w: event %d is %s, but would be %s", ErrDiverged, history[i].ID, history[i].Type, step.Events[i].Type)
			}
		}
		missing = step.Events[n:]
		history = history[n:]
	}
	return run, missing, nil
}

// Replay makes a Run of the signals it has had, in order, and returns its whole
// history. It is for drivers that keep signals rather than events; nothing
// shows whether the definition is still the same.
func Replay(definition *Definition, signals []Signal) (*Run, []Event, error) {
	run := NewRun(definition)
	var history []Event
	for i, signal := range signals {
		step, err := run.Apply(signal)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: signal %d: %w", ErrDiverged, i+1, err)
		}
		history = append(history, step.Events...)
	}
	return run, history, nil
}

// Next is what one signal leads to after a history: a pure function. events are
// those to add to the history, effects all that are outstanding then. Whoever
// applies many signals in a row keeps the Run of [Resume] instead.
//
// A signal that leads to no event (another attempt at a state that fails before
// its task is scheduled does not) is not in the history before the next event
// is; until then replaying goes back to before it.
func Next(definition *Definition, history []Event, signal Signal) (events []Event, effects []Effect, err error) {
	run, missing, err := Resume(definition, history)
	if err != nil {
		return nil, nil, err
	}
	step, err := run.Apply(signal)
	if err != nil {
		return nil, nil, err
	}
	return append(slices.Clone(missing), step.Events...), run.Effects(), nil
}

// same reports whether two events are equal, the signals that made them aside.
func (e *Event) same(other *Event) bool {
	return e.ID == other.ID && e.PreviousID == other.PreviousID && e.Type == other.Type && e.Time.Equal(other.Time) &&
		e.Name == other.Name && equalText(e.Input, other.Input) && equalText(e.Output, other.Output) && e.RoleArn == other.RoleArn &&
		slices.Equal(e.Assigned, other.Assigned) && equalText(e.Error, other.Error) && equalText(e.Cause, other.Cause) &&
		e.Resource == other.Resource && e.ResourceType == other.ResourceType && e.Region == other.Region &&
		equalText(e.Parameters, other.Parameters) && e.TimeoutSeconds == other.TimeoutSeconds && e.Heartbeat == other.Heartbeat &&
		e.TaskRole == other.TaskRole && e.Worker == other.Worker && e.Index == other.Index && e.Length == other.Length &&
		e.MapRunArn == other.MapRunArn && e.State == other.State && e.Location == other.Location
}

func equalText(a, b *string) bool {
	return a == b || a != nil && b != nil && *a == *b
}
