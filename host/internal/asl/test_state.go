package asl

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/asl/shape"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// TestRequest asks for one state to be tested, as AWS's TestState does.
type TestRequest struct {
	// Definition is a state, or a machine of which StateName is tested.
	Definition string
	StateName  string
	// Input, Context and Variables are JSON text; "" means {}, the context of an
	// execution just begun, and none.
	Input, Context, Variables string
	Mock                      *Mock
	RoleArn                   string
	RevealSecrets             bool
	// RetrierRetryCount is how often the retrier that an error meets has retried.
	RetrierRetryCount int
	// MapIterationFailureCount is how many iterations of a Map state have failed.
	MapIterationFailureCount *int
	// ErrorCausedByState is the state inside a Map or Parallel state that has
	// failed; it must be there.
	ErrorCausedByState string
	// MapItemReaderData is what an ItemReader reads, as it is where it is kept.
	MapItemReaderData string

	// Start and Now are what the context object is made of.
	Start Start
	Now   time.Time
	// Call does a task that is not mocked and gives its final signal.
	Call func(Effect) Signal
}

// Mock is what a task, or the iterations or branches of a state, come to.
type Mock struct {
	// Result is JSON text; nil if the mock is an error.
	Result *string
	Error  *string
	Cause  *string
	// Validation says how a result is compared with what the service answers:
	// STRICT (which "" means), PRESENT or NONE.
	Validation string
}

// TestResult is what a test came to.
type TestResult struct {
	// Status is SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR.
	Status       string
	Output       *string // JSON text
	Error, Cause *string
	NextState    string
	// Data is what the stages of the data flow have made, by the names of AWS's
	// inspectionData: JSON texts, numbers, and errorDetails.
	Data map[string]any
}

// TestError is a request that cannot be tested.
type TestError struct {
	Message string
	// Input says that the state's input is no JSON; Message then says why.
	Input bool
}

func (e *TestError) Error() string { return e.Message }

// invalidTest makes a *TestError.
func invalidTest(format string, args ...any) error {
	return &TestError{Message: fmt.Sprintf(format, args...)}
}

// TestState runs a single state. The error is *InvalidDefinition or *TestError.
func TestState(request TestRequest) (TestResult, error) {
	state, definition, err := request.find()
	if err != nil {
		return TestResult{}, err
	}
	mocked, err := request.checkMock(state)
	if err != nil {
		return TestResult{}, err
	}
	p := &probe{data: map[string]any{}, catchIndex: -1, retryIndex: -1, mocked: request.Mock != nil}
	if p.context, err = request.context(state); err != nil {
		return TestResult{}, err
	}
	if request.Input == "" {
		request.Input = "{}"
	}
	if n := len(request.Input); n > payload.MaxSize {
		return TestResult{}, &TestError{Message: fmt.Sprintf("the input is %d bytes long, at most %d are allowed", n, payload.MaxSize), Input: true}
	}
	input, err := payload.Parse(request.Input)
	if err != nil {
		return TestResult{}, &TestError{Message: ExplainJSON(request.Input, err), Input: true}
	}
	start := request.Start
	start.Input, start.RoleArn, start.Express = request.Input, request.RoleArn, true
	r := &Run{definition: definition, start: &start, input: input, startedAt: request.Now, now: request.Now, status: Running,
		maxEvents: defaultMaxEvents, waiting: map[int64]*wait{}, test: p}
	r.meter.reset()
	f := &frame{branch: &definition.Branch, scope: &scope{}, state: state, input: input, enteredAt: request.Now,
		attempts: make([]int, len(state.retry)), retries: request.RetrierRetryCount}
	for i := range f.attempts {
		f.attempts[i] = request.RetrierRetryCount
	}
	if err := request.variables(r, f); err != nil {
		return TestResult{}, err
	}
	p.answer = func(r *Run, f *frame) *failure { return request.answerChildren(r, f, mocked) }
	p.readerData = request.MapItemReaderData
	r.execute(f)
	if len(r.waiting) > 0 && r.status == Running {
		request.answerTask(r, mocked)
	}
	return p.result(r, f), nil
}

// find parses the definition and finds the state in it.
func (request *TestRequest) find() (*State, *Definition, error) {
	name := request.StateName
	definition, b := buildState(request.Definition, name)
	if b.failed {
		return nil, nil, &InvalidDefinition{Diagnostics: b.findings}
	}
	if name == "" {
		name = definition.StartAt
		if len(definition.States) > 1 {
			return nil, nil, invalidTest("StateName must be specified when testing a state of a state machine")
		}
	}
	var state *State
	definition.Walk(func(branch *Branch) {
		if s := branch.States[name]; s != nil && state == nil {
			state = s
		}
	})
	if state == nil {
		return nil, nil, invalidTest("State not found in definition")
	}
	return state, definition, nil
}

// checkMock checks what is mocked and returns the mocked result.
func (request *TestRequest) checkMock(s *State) (any, error) {
	m := request.Mock
	fansOut := s.Type == TypeMap || s.Type == TypeParallel
	switch {
	case m == nil && request.MapIterationFailureCount != nil:
		return nil, invalidTest("TestState does not support MapIterationFailureCount when a mock is not specified.")
	case m == nil && fansOut:
		return nil, invalidTest("State type '%s' is not supported when a mock is not specified", s.Type)
	case m == nil && request.Context != "":
		return nil, invalidTest("A Context object can only be specified when a mock is specified")
	case m == nil && s.Type == TypeTask && (s.task.resource.submits() || s.task.resource.kind == activity):
		return nil, invalidTest("A Task state that waits for an activity, a job or a task token is not supported when a mock is not specified: %s", s.Resource)
	case m == nil && s.Type == TypeTask && request.RoleArn == "":
		return nil, invalidTest("RoleArn must be specified when testing a Task state")
	case m == nil:
		return nil, nil
	case request.RevealSecrets:
		return nil, invalidTest("TestState does not support RevealSecrets when a mock is specified.")
	case s.Type != TypeTask && !fansOut:
		return nil, invalidTest("State type '%s' is not supported when a mock is specified", s.Type)
	case m.Result != nil && (m.Error != nil || m.Cause != nil):
		return nil, invalidTest("A mock must have either a result or an errorOutput, not both")
	case m.Result == nil && m.Error == nil:
		return nil, invalidTest("A mock must have a result, or an errorOutput with an error")
	case !slices.Contains([]string{"", "STRICT", "PRESENT", "NONE"}, m.Validation):
		return nil, invalidTest("The fieldValidationMode must be STRICT, PRESENT or NONE, not '%s'", m.Validation)
	case m.Result == nil:
		return nil, request.checkCause(s)
	}
	result, err := payload.Parse(*m.Result)
	if err != nil {
		return nil, invalidTest("Mocked result must be valid JSON")
	}
	return result.Value(), request.checkResult(s, result.Value())
}

// checkCause checks that the state that is to have caused an error is in s.
func (request *TestRequest) checkCause(s *State) error {
	branches := s.Branches
	if s.Processor != nil {
		branches = append(branches[:len(branches):len(branches)], s.Processor)
	}
	found := request.ErrorCausedByState == ""
	for _, branch := range branches {
		branch.Walk(func(inner *Branch) { found = found || inner.States[request.ErrorCausedByState] != nil })
	}
	if !found {
		return invalidTest("State '%s', which is to have caused the error, not found in state '%s'", request.ErrorCausedByState, s.Name)
	}
	return nil
}

func (request *TestRequest) checkResult(s *State, result any) error {
	items, isArray := result.([]any)
	switch s.Type {
	case TypeParallel:
		if !isArray {
			return invalidTest("Mocked result must be an array.")
		}
		if len(items) != len(s.Branches) {
			return invalidTest("Mocked result must contain the same number of items as number of Parallel branches.")
		}
	case TypeMap:
		if !isArray && s.mapping.writer == nil {
			return invalidTest("Mocked result must be an array.")
		}
	case TypeTask:
		target := s.task.resource
		// The result of a task that is waited for is not the service's answer.
		if request.Mock.Validation == "NONE" || target.kind != integration || target.submits() {
			return nil
		}
		if err := shape.Check(target.service, target.action, result, request.Mock.Validation != "PRESENT"); err != nil {
			return invalidTest("Mock result schema validation error: %s", err)
		}
	}
	return nil
}

// answerTask answers the task that the state waits for.
func (request *TestRequest) answerTask(r *Run, mocked any) {
	effect := r.Effects()[0]
	signal := Signal{Kind: TaskSucceeded}
	switch m := request.Mock; {
	case m == nil && request.Call == nil:
		name, cause := errRuntime, "There is nobody to do the task."
		signal = Signal{Kind: TaskFailed, Error: &name, Cause: &cause}
	case m == nil:
		signal = request.Call(effect)
	case m.Result != nil:
		signal.Output = *m.Result
	default:
		signal = Signal{Kind: TaskFailed, Error: m.Error, Cause: m.Cause}
	}
	signal.Effect, signal.At = effect.ID, request.Now
	if _, err := r.Apply(signal); err != nil {
		r.test.failed(&failure{name: errRuntime, cause: err.Error()})
	}
}

// answerChildren gives what the branches or iterations of the state come to.
func (request *TestRequest) answerChildren(r *Run, f *frame, mocked any) *failure {
	m := request.Mock
	if f.state.Type == TypeParallel {
		r.forget("afterInputPath")
		r.forget("afterArguments")
	}
	if m.Result == nil {
		return reported(m.Error, m.Cause)
	}
	if n := request.MapIterationFailureCount; n != nil && f.state.Type == TypeMap {
		count, hasCount := r.test.data["toleratedFailureCount"].(float64)
		percentage, hasPercentage := r.test.data["toleratedFailurePercentage"].(float64)
		total := r.test.items
		if hasCount && float64(*n) > count || hasPercentage && float64(*n)*100 > percentage*float64(total) {
			return &failure{name: errThreshold, cause: thresholdCause}
		}
	}
	return r.leave(f, mocked)
}

// variables gives the frame the variables of the request.
func (request *TestRequest) variables(r *Run, f *frame) error {
	if request.Variables == "" {
		return nil
	}
	v, err := payload.Decode([]byte(request.Variables))
	variables, ok := v.(*jsonata.Object)
	if err != nil || !ok {
		return invalidTest("The variables must be a JSON object")
	}
	for name, value := range variables.All() {
		p, err := payload.New(value, maxAssigned)
		if errors.Is(err, payload.ErrTooLarge) {
			return invalidTest("The variable '%s' is larger than %d bytes", name, maxAssigned)
		}
		r.setVariable(f, name, p)
	}
	return nil
}

// result reads the probe after the state has run.
func (p *probe) result(r *Run, f *frame) TestResult {
	t := TestResult{Status: p.status, NextState: p.next, Data: map[string]any{"input": f.input.Text()}}
	if p.output != nil {
		t.Output = text(*p.output)
	}
	if p.failure != nil {
		t.Error, t.Cause = p.failure.nameText(), p.failure.causeText()
	}
	for stage, v := range p.data {
		switch stage {
		case "maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage":
			t.Data[stage] = v
		default:
			if encoded, err := payload.Encode(v, payload.MaxSize); err == nil {
				t.Data[stage] = string(encoded)
			}
		}
	}
	switch {
	case p.catchIndex >= 0:
		t.Data["errorDetails"] = map[string]any{"catchIndex": p.catchIndex}
	case p.retryIndex >= 0:
		t.Data["errorDetails"] = map[string]any{"retryIndex": p.retryIndex, "retryBackoffIntervalSeconds": wholeSeconds(p.retryAfter)}
	}
	if bindings := f.scope.bindings(); len(bindings) > 0 {
		variables := jsonata.NewObject()
		for _, name := range slices.Sorted(maps.Keys(bindings)) {
			variables.Set(name, bindings[name])
		}
		if encoded, err := payload.Encode(variables, maxVariables); err == nil {
			t.Data["variables"] = string(encoded)
		}
	}
	return t
}
