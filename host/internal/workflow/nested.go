package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// startNested does a task that starts an execution, and waits for it if the
// resource says so.
func (s *Service) startNested(ctx context.Context, task asl.Effect, a answerer) {
	var request struct {
		StateMachineArn, Name string
		Input                 json.RawMessage
	}
	if err := json.Unmarshal([]byte(task.Input), &request); err != nil {
		a.failed("StepFunctions.SdkClientException", "The parameters are not those of the operation StartExecution: "+err.Error())
		return
	}
	id := sandbox.NewRequestID()
	var started Started
	err := s.may(ctx, "states:StartExecution", request.StateMachineArn, nil)
	if err == nil {
		started, err = s.Start(ctx, StartInput{Machine: request.StateMachineArn, Name: request.Name, Input: string(event(request.Input))})
	}
	if failed, ok := errors.AsType[*fault.Error](err); ok {
		name := strings.TrimSuffix(string(failed.Code), "Exception") + "Exception"
		a.failed("StepFunctions."+name, fmt.Sprintf("%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: %s; Proxy: null)", failed.Message, failed.Code, id))
		return
	}
	if err != nil {
		return // ctx has ended
	}
	result := encode(map[string]any{
		"ExecutionArn":        started.ARN,
		"SdkHttpMetadata":     sdkHTTPMetadata(id),
		"SdkResponseMetadata": map[string]string{"RequestId": id},
		"StartDate":           float64(started.Date.UnixMilli()) / 1000,
	})
	_, pattern, _ := strings.Cut(task.Resource, ":startExecution")
	if pattern == "" {
		a.succeeded(result)
		return
	}
	a.submitted(result)
	if pattern == ".waitForTaskToken" {
		return
	}
	e := s.executions.get(started.ARN)
	if e == nil {
		a.failed("StepFunctions."+string(ExecutionDoesNotExist)+"Exception", "Execution Does Not Exist: '"+started.ARN+"'")
		return
	}
	select {
	case <-e.run.Done():
	case <-ctx.Done():
		// As on AWS, whoever waits for an execution takes it along.
		e.run.Abort(nil, nil)
		return
	}
	output, succeeded := nestedOutput(e.describe(), pattern == ".sync:2")
	if !succeeded {
		a.failed("States.TaskFailed", output)
		return
	}
	a.succeeded(output)
}

func sdkHTTPMetadata(id string) map[string]any {
	return map[string]any{
		"AllHttpHeaders": map[string][]string{"x-amzn-RequestId": {id}, "Content-Type": {"application/x-amz-json-1.0"}},
		"HttpHeaders":    map[string]string{"x-amzn-RequestId": id, "Content-Type": "application/x-amz-json-1.0"},
		"HttpStatusCode": 200,
	}
}

// nestedOutput is what a nested execution is to the one that waits for it. Input
// and output are strings, or the JSON itself.
func nestedOutput(d Execution, parsed bool) (output string, succeeded bool) {
	text := func(s string) any {
		if parsed {
			return json.RawMessage(s)
		}
		return s
	}
	included := map[string]bool{"Included": true}
	members := map[string]any{
		"ExecutionArn": d.ARN, "Input": text(d.Input), "InputDetails": included, "Name": d.Name, "StartDate": d.Started.UnixMilli(),
		"StateMachineArn": d.Machine, "Status": d.Status, "StopDate": d.Stopped.UnixMilli(),
	}
	if d.Status == asl.Succeeded {
		members["Output"], members["OutputDetails"] = text(d.Output), included
	}
	if d.Error != nil {
		members["Error"] = *d.Error
	}
	if d.Cause != nil {
		members["Cause"] = *d.Cause
	}
	return encode(members), d.Status == asl.Succeeded
}
