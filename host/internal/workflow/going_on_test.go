package workflow_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// busy is a function that passes its event and context on, and ends with the context.
type busy struct {
	functions
	events   chan []byte
	contexts chan context.Context
}

func (b busy) Invoke(ctx context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	b.events <- in.Event
	b.contexts <- ctx
	<-ctx.Done()
	return function.InvokeOutput{}, ctx.Err()
}

// TestFunctionGoesOn answers a task while the function that was given its token still
// runs: it used to be cut off, whatever it had left to do.
func TestFunctionGoesOn(t *testing.T) {
	kept, err := store.Open(t.TempDir(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	b := busy{events: make(chan []byte, 1), contexts: make(chan context.Context, 1)}
	s, err := workflow.New(workflow.Config{Store: kept, Functions: b, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	m := create(t, s, "m", task("arn:aws:states:::lambda:invoke.waitForTaskToken", `"Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}},`), false)
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN})
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ Token string }
	if err := json.Unmarshal(<-b.events, &event); err != nil {
		t.Fatal(err)
	}
	running := <-b.contexts
	wants(t, "succeed", s.Succeed(event.Token, `1`), "")
	if e := await(t, s, started.ARN); e.Status != asl.Succeeded || e.Output != `1` {
		t.Errorf("got %+v", e)
	}
	if running.Err() != nil {
		t.Error("the function was cut off with its task")
	}
	s.Close()
	if running.Err() == nil {
		t.Error("the function goes on after its host")
	}
}
