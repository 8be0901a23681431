package host

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// Rehearsal is an execution of a state machine that is deployed nowhere.
// Definition is required.
type Rehearsal struct {
	Definition string // Amazon States Language
	Input      string // JSON. Default: {}
	Express    bool   // of type EXPRESS

	// Mocks are what tasks come to, by the names of their states: one for each
	// time that the state does its task, the last for all that follow.
	Mocks map[string][]Mock
	// Call does the tasks of functions that have no mock: it gives an event to a
	// function and returns what that answered, and whether that is its error.
	// Default: such tasks fail.
	Call func(ctx context.Context, function string, event []byte) (payload []byte, failed bool, err error)

	// Jump has time jump from timer to timer instead of passing.
	Jump bool
	// Event gets the events of the history as they come, one at a time.
	Event func(HistoryEvent)
}

// Mock is what a task comes to: its Result, JSON, or an error.
type Mock struct {
	Result       json.RawMessage
	Error, Cause *string
}

// HistoryEvent is one event of an execution's history.
type HistoryEvent struct {
	ID, Previous int64
	Type         string // AWS's: TaskStateEntered, …
	State        string // whose name it has, or ""
	Iteration    int    // of a Map state, if it begins one
	Time         time.Time
	Error, Cause *string
	Output       *string
	JSON         json.RawMessage // as GetExecutionHistory has it
}

// Rehearsed is what an execution came to.
type Rehearsed struct {
	Status       string // SUCCEEDED, FAILED, TIMED_OUT, ABORTED
	Output       string // JSON, if it succeeded
	Error, Cause *string
}

// Rehearse runs an execution to its end; if ctx ends first, it is aborted.
// Errors: the codes InvalidDefinition and InvalidExecutionInput, and
// ValidationException for a mock of what is no Task state.
func Rehearse(ctx context.Context, r Rehearsal) (Rehearsed, error) {
	in := workflow.Rehearsal{Definition: r.Definition, Input: r.Input, Express: r.Express, Jump: r.Jump, At: time.Now().UTC(), Mocks: map[string][]asl.Mock{}}
	if in.Input == "" {
		in.Input = "{}"
	}
	for state, mocks := range r.Mocks {
		for _, m := range mocks {
			mock := asl.Mock{Error: m.Error, Cause: m.Cause}
			if m.Result != nil {
				text := string(m.Result)
				mock.Result = &text
			}
			in.Mocks[state] = append(in.Mocks[state], mock)
		}
	}
	if r.Call != nil {
		in.Functions = workflow.FunctionsFunc(r.Call)
	}
	if r.Event != nil {
		in.Event = func(e asl.Event) {
			text, err := json.Marshal(e)
			if err != nil { // texts and numbers encode
				text = nil
			}
			r.Event(HistoryEvent{ID: e.ID, Previous: e.PreviousID, Type: string(e.Type), State: e.Name, Iteration: e.Index, Time: e.Time, Error: e.Error, Cause: e.Cause, Output: e.Output, JSON: text})
		}
	}
	e, err := workflow.Rehearse(ctx, in)
	if err != nil {
		return Rehearsed{}, err
	}
	return Rehearsed{Status: string(e.Status), Output: e.Output, Error: e.Error, Cause: e.Cause}, nil
}
