package asl

import (
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// timestamp writes a time as the context object does.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// object makes an object of names and values.
func object(members ...any) *jsonata.Object {
	o := jsonata.NewObject()
	for i := 0; i+1 < len(members); i += 2 {
		o.Set(members[i].(string), members[i+1])
	}
	return o
}

// context makes the context object of a frame's state. item is what a Map state
// makes an input of; nil means that which the frame itself works on.
func (r *Run) context(f *frame, item *mapItem) *jsonata.Object {
	if r.test != nil && r.test.context != nil {
		return r.test.context
	}
	execution := object("Id", r.start.ExecutionArn, "Input", r.input.Value(), "StartTime", timestamp(r.startedAt),
		"Name", r.start.Name, "RoleArn", r.start.RoleArn)
	if !r.start.Express {
		execution.Set("RedriveCount", 0.0)
	}
	state := object("Name", f.state.Name, "EnteredTime", timestamp(f.enteredAt))
	switch f.state.Type {
	case TypeTask, TypeParallel, TypeMap:
		state.Set("RetryCount", float64(f.retries))
	}
	c := object("Execution", execution,
		"StateMachine", object("Id", r.start.StateMachineArn, "Name", r.start.StateMachineName), "State", state)
	if f.token != "" {
		c.Set("Task", object("Token", f.token))
	}
	for at := f; item == nil && at != nil; at = at.parent {
		item = at.item
	}
	if item != nil {
		c.Set("Map", object("Item", item.context()))
	}
	return c
}

// quoted is a value as it stands in a cause: JSON, shortened if it is long.
func quoted(v any) string {
	text, err := payload.Encode(v, maxCause/2)
	if err != nil {
		return "…"
	}
	return string(text)
}
