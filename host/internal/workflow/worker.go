package workflow

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// answerer takes the signals that answer a task.
type answerer func(asl.Signal)

func (a answerer) started()                { a(asl.Signal{Kind: asl.TaskStarted}) }
func (a answerer) submitted(output string) { a(asl.Signal{Kind: asl.TaskSubmitted, Output: output}) }
func (a answerer) succeeded(output string) { a(asl.Signal{Kind: asl.TaskSucceeded, Output: output}) }
func (a answerer) failed(name, cause string) {
	a(asl.Signal{Kind: asl.TaskFailed, Error: &name, Cause: &cause})
}

// Do does a task; see driver.Worker.
func (s *Service) Do(ctx context.Context, task asl.Effect, answer func(asl.Signal)) {
	a := answerer(answer)
	if task.Token != "" {
		s.activities.expect(ctx, task.Token, answer)
	}
	if name, ok := s.activityName(task.Resource); ok {
		s.activities.offer(ctx, name, task, a)
		return
	}
	do := s.integration(task)
	if do == nil {
		a.started()
		a.failed("States.Runtime", "Lambent does not have the integration "+task.Resource+" yet.")
		return
	}
	if err := s.enter(); err != nil {
		return // the execution is being aborted
	}
	go func() {
		defer s.work.Done()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(s.life, cancel)()
		a.started()
		do(ctx, task, a)
	}()
}

// integration returns what does the tasks of a resource, nil if nothing does.
func (s *Service) integration(task asl.Effect) func(context.Context, asl.Effect, answerer) {
	if strings.HasPrefix(task.Resource, "arn:aws:lambda:") {
		return s.callFunction
	}
	switch strings.TrimPrefix(task.Resource, "arn:aws:states:::") {
	case "lambda:invoke", "lambda:invoke.waitForTaskToken":
		return s.invokeFunction
	case "states:startExecution", "states:startExecution.sync", "states:startExecution.sync:2", "states:startExecution.waitForTaskToken":
		return s.startNested
	case "aws-sdk:sfn:getActivityTask", "aws-sdk:sfn:sendTaskSuccess", "aws-sdk:sfn:sendTaskFailure", "aws-sdk:sfn:sendTaskHeartbeat":
		return s.callOwn
	}
	return nil
}

// encode makes JSON text of a value that has a JSON form.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// jsonText returns b if it is JSON, else b as a JSON string.
func jsonText(b []byte) json.RawMessage {
	if json.Valid(b) && utf8.Valid(b) {
		return b
	}
	return json.RawMessage(encode(strings.ToValidUTF8(string(b), "\uFFFD")))
}
