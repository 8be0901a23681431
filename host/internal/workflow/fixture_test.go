package workflow_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

const role = "arn:aws:iam::000000000000:role/test"

// functions answers by a function's name: "echo" with the event, "fail" with an
// error, "hang" when its context ends; others are not there.
type functions struct{}

func (functions) ARN(ref function.Ref) string {
	return "arn:aws:lambda:us-east-1:000000000000:function:" + ref.Name
}

func (functions) Invoke(ctx context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	switch in.Ref.Name {
	case "context":
		return function.InvokeOutput{Payload: in.ClientContext, LogTail: []byte("a log"), Version: "$LATEST"}, nil
	case "echo":
		return function.InvokeOutput{Payload: in.Event, Version: "$LATEST"}, nil
	case "text":
		return function.InvokeOutput{Payload: []byte("no JSON"), Version: "$LATEST"}, nil
	case "odd":
		return function.InvokeOutput{Payload: []byte(`{"message":"no type"}`), Failed: true}, nil
	case "fail":
		return function.InvokeOutput{Payload: []byte(`{"errorType":"Odd","errorMessage":"an odd number"}`), Failed: true}, nil
	case "hang":
		<-ctx.Done()
		return function.InvokeOutput{}, ctx.Err()
	}
	return function.InvokeOutput{}, fault.New(fault.ResourceNotFound, "Function not found: %s", in.Ref.Name)
}

func open(t *testing.T, dir string, ephemeral bool) *workflow.Service {
	t.Helper()
	kept, err := store.Open(dir, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := workflow.New(workflow.Config{Store: kept, Functions: functions{}, Ephemeral: ephemeral})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func create(t *testing.T, s *workflow.Service, name, definition string, express bool) workflow.Machine {
	t.Helper()
	m, err := s.Create(t.Context(), workflow.CreateInput{Name: name, Definition: definition, RoleARN: role, Express: express})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func pass(result string) string {
	return `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":` + result + `,"End":true}}}`
}

func task(resource, fields string) string {
	return `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"` + resource + `",` + fields + `"End":true}}}`
}

// code returns the code of a fault, "" if err is none.
func code(err error) fault.Code {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Code
	}
	return ""
}

func wants(t *testing.T, what string, err error, want fault.Code) {
	t.Helper()
	if code(err) != want || want == "" && err != nil {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// finish runs an execution to its end.
func finish(t *testing.T, s *workflow.Service, m workflow.Machine, input string) workflow.Execution {
	t.Helper()
	started, err := s.Start(t.Context(), workflow.StartInput{Machine: m.ARN, Input: input})
	if err != nil {
		t.Fatal(err)
	}
	return await(t, s, started.ARN)
}

func await(t *testing.T, s *workflow.Service, arn string) workflow.Execution {
	t.Helper()
	for range 6000 {
		e, err := s.Execution(arn)
		if err != nil {
			t.Fatal(err)
		}
		if e.Status != asl.Running {
			return e
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s does not end", arn)
	return workflow.Execution{}
}
