package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// poll is how long a worker waits for a task.
const poll = 60 * time.Second

// ActivityTask gives a worker, who may have a name, a task: its token and input.
// After a minute without one it returns two empty strings.
//
// Errors: InvalidArn, ActivityDoesNotExist, ActivityWorkerLimitExceeded,
// TooManyRequests, the cause of ctx.
func (s *Service) ActivityTask(ctx context.Context, arn, worker string) (token, input string, err error) {
	done, err := s.wait()
	if err != nil {
		return "", "", err
	}
	defer done()
	return s.activityTask(ctx, arn, worker)
}

// activityTask is ActivityTask for tasks, which nobody else waits for.
func (s *Service) activityTask(ctx context.Context, arn, worker string) (token, input string, err error) {
	name, err := s.activityNamed(arn)
	if err != nil {
		return "", "", err
	}
	x := s.activities
	x.mu.Lock()
	a := x.byName[name]
	if a == nil {
		x.mu.Unlock()
		return "", "", noActivity(arn)
	}
	if a.pollers >= maxPollers {
		x.mu.Unlock()
		return "", "", fault.New(ActivityWorkerLimitExceeded, "%d workers poll '%s', which is the most that may at once.", a.pollers, arn)
	}
	a.pollers++
	x.mu.Unlock()
	defer func() {
		x.mu.Lock()
		a.pollers--
		x.mu.Unlock()
	}()
	over := time.NewTimer(poll)
	defer over.Stop()
	for {
		if ctx.Err() != nil { // a task would be nobody's
			return "", "", context.Cause(ctx)
		}
		taken, more := x.take(a)
		if taken != nil {
			taken.answer(asl.Signal{Kind: asl.TaskStarted, Worker: worker})
			return taken.task.Token, taken.task.Input, nil
		}
		select {
		case <-more:
		case <-over.C:
			return "", "", nil
		case <-ctx.Done():
			return "", "", context.Cause(ctx)
		case <-s.life.Done():
			return "", "", errClosing
		}
	}
}

// take takes the task that has waited longest; if there is none, more is closed
// when one comes.
func (x *activities) take(a *activity) (taken *waitingTask, more <-chan struct{}) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for len(a.waiting) > 0 {
		next := a.waiting[0]
		a.waiting = a.waiting[1:]
		if next.ctx.Err() == nil {
			return next, nil
		}
	}
	return nil, a.more
}

// expect has a task wait for an answer by its token, until ctx, the task's, is
// done.
func (x *activities) expect(ctx context.Context, token string, answer func(asl.Signal)) {
	x.mu.Lock()
	x.expected[token] = answer
	x.mu.Unlock()
	context.AfterFunc(ctx, func() {
		x.mu.Lock()
		delete(x.expected, token)
		x.mu.Unlock()
	})
}

// Succeed answers a task with its output, JSON text. Errors: InvalidToken,
// TaskTimedOut, InvalidOutput.
func (s *Service) Succeed(token, output string) error {
	if _, _, err := asl.ParseToken(token); err != nil {
		return ErrToken
	}
	if _, err := payload.Parse(output); err != nil {
		return fault.New(InvalidOutput, "Invalid Output: '%s'", asl.ExplainJSON(output, err))
	}
	return s.activities.answer(token, asl.Signal{Kind: asl.TaskSucceeded, Output: output})
}

// Fail answers a task with an error. Errors: InvalidToken, TaskTimedOut.
func (s *Service) Fail(token string, name, cause *string) error {
	return s.activities.answer(token, asl.Signal{Kind: asl.TaskFailed, Error: name, Cause: cause})
}

func (x *activities) answer(token string, signal asl.Signal) error {
	if _, _, err := asl.ParseToken(token); err != nil {
		return ErrToken
	}
	x.mu.Lock()
	answer := x.expected[token]
	delete(x.expected, token)
	x.mu.Unlock()
	if answer == nil {
		return errTaskOver
	}
	answer(signal)
	return nil
}

var errTaskOver = fault.New(TaskTimedOut, "Task Timed Out: 'Provided task does not exist anymore'")

// Heartbeat says that somebody works on a task. Errors: InvalidToken,
// TaskTimedOut.
func (s *Service) Heartbeat(token string) error {
	if _, _, err := asl.ParseToken(token); err != nil {
		return ErrToken
	}
	s.activities.mu.Lock()
	answer := s.activities.expected[token]
	s.activities.mu.Unlock()
	if answer == nil {
		return errTaskOver
	}
	answer(asl.Signal{Kind: asl.TaskHeartbeat})
	return nil
}

// callOwn does a task that calls one of these operations.
func (s *Service) callOwn(ctx context.Context, task asl.Effect, a answerer) {
	var request struct {
		ActivityArn, WorkerName, TaskToken string
		Output                             json.RawMessage
		Error, Cause                       *string
	}
	err := json.Unmarshal([]byte(task.Input), &request)
	if err != nil {
		a.failed("Sfn.SdkClientException", "The parameters are not those of the operation: "+err.Error())
		return
	}
	result := map[string]any{}
	switch action := task.Resource[strings.LastIndex(task.Resource, ":")+1:]; action {
	case "getActivityTask":
		var token, input string
		if token, input, err = s.activityTask(ctx, request.ActivityArn, request.WorkerName); token != "" {
			result["TaskToken"], result["Input"] = token, input
		}
	case "sendTaskSuccess":
		output := string(request.Output)
		if text := ""; json.Unmarshal(request.Output, &text) == nil {
			output = text
		}
		err = s.Succeed(request.TaskToken, output)
	case "sendTaskFailure":
		err = s.Fail(request.TaskToken, request.Error, request.Cause)
	case "sendTaskHeartbeat":
		err = s.Heartbeat(request.TaskToken)
	}
	if failed, ok := errors.AsType[*fault.Error](err); ok {
		name := strings.TrimSuffix(string(failed.Code), "Exception") + "Exception"
		a.failed("Sfn."+name, fmt.Sprintf("%s (Service: Sfn, Status Code: 400, Request ID: %s) (SDK Attempt Count: 1)", failed.Message, sandbox.NewRequestID()))
		return
	}
	if err == nil {
		a.succeeded(encode(result))
	}
}
