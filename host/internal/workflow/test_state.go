package workflow

import (
	"context"
	"errors"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Validate says what is wrong with a definition.
func (s *Service) Validate(definition string, options asl.Options) (report asl.Report) {
	s.definitions.parse(func() { report = asl.Validate(definition, options) })
	return report
}

const (
	// maxTests is how many states may be tested at once; more wait.
	maxTests = 8
	// testTime is how long a test may take.
	testTime = 5 * time.Minute
)

// TestState runs a single state, with tasks that are not mocked done as in an
// execution, for at most five minutes; what it starts with and how it calls are
// filled in.
//
// Errors: InvalidArn, InvalidDefinition, InvalidExecutionInput, Validation,
// TooManyRequests.
func (s *Service) TestState(ctx context.Context, in asl.TestRequest) (asl.TestResult, error) {
	if in.RoleArn != "" {
		if err := checkRole(in.RoleArn); err != nil {
			return asl.TestResult{}, err
		}
	}
	done, err := s.wait()
	if err != nil {
		return asl.TestResult{}, err
	}
	defer done()
	select {
	case s.tests <- struct{}{}:
		defer func() { <-s.tests }()
	case <-ctx.Done():
		return asl.TestResult{}, context.Cause(ctx)
	case <-s.life.Done():
		return asl.TestResult{}, errClosing
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	machine, err := s.uuid()
	if err != nil {
		return asl.TestResult{}, err
	}
	name, err := s.uuid()
	if err != nil {
		return asl.TestResult{}, err
	}
	in.Now = s.config.Now().UTC()
	in.Start = asl.Start{ExecutionArn: s.arn("express:" + machine + ":" + name), Name: name,
		StateMachineArn: s.arn("stateMachine:" + machine), StateMachineName: machine}
	if err := s.random(in.Start.Seed[:]); err != nil {
		return asl.TestResult{}, err
	}
	in.Call = func(task asl.Effect) asl.Signal {
		return s.callOnce(context.WithValue(ctx, roleKey{}, in.RoleArn), task)
	}
	result, err := asl.TestState(in)
	switch {
	case err == nil:
		return result, nil
	case errors.As(err, new(*asl.InvalidDefinition)):
		return asl.TestResult{}, fault.New(InvalidDefinition, "%v", err)
	}
	if invalid := (*asl.TestError)(nil); errors.As(err, &invalid) && invalid.Input {
		return asl.TestResult{}, fault.New(InvalidExecutionInput, "Invalid State Machine Execution Input: '%v'", err)
	}
	return asl.TestResult{}, fault.New(fault.Validation, "%v", err)
}

// callOnce does a task and waits for its last signal.
func (s *Service) callOnce(ctx context.Context, task asl.Effect) asl.Signal {
	failed := func(name, cause string) asl.Signal {
		return asl.Signal{Kind: asl.TaskFailed, Error: &name, Cause: &cause}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if task.Timeout > 0 {
		var end context.CancelFunc
		ctx, end = context.WithTimeout(ctx, task.Timeout)
		defer end()
	}
	last := make(chan asl.Signal, 1)
	s.Do(ctx, task, func(signal asl.Signal) {
		if signal.Kind == asl.TaskSucceeded || signal.Kind == asl.TaskFailed {
			select {
			case last <- signal:
			default:
			}
		}
	})
	select {
	case signal := <-last:
		return signal
	case <-ctx.Done():
		return failed("States.Timeout", "The task did not answer in time.")
	case <-s.life.Done():
		return failed("States.Runtime", "The host is shutting down.")
	}
}
