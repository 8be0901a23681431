package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// maxHistory is how many bytes the texts in one execution's history may take.
const maxHistory = 64 << 20

// expressSeconds is how long an execution of an EXPRESS machine may take.
const expressSeconds = 5 * 60

// StartInput asks for an execution. Lengths were checked.
type StartInput struct {
	Machine string // ARN
	Name    string // "" means a random one
	Input   string // JSON; "" means {}
}

// Started is an execution that has begun.
type Started struct {
	ARN  string
	Date time.Time
}

// Start begins an execution and does not wait for it. One of a STANDARD machine
// that runs already with the same name and input is answered.
//
// Errors: StateMachineDoesNotExist, InvalidArn, InvalidName,
// InvalidExecutionInput, ExecutionAlreadyExists, ExecutionLimitExceeded,
// NotImplemented (a STANDARD machine, without Config.Ephemeral).
func (s *Service) Start(ctx context.Context, in StartInput) (Started, error) {
	m, err := s.Machine(ctx, in.Machine)
	if err != nil {
		return Started{}, err
	}
	if !m.Express && !s.config.Ephemeral {
		return Started{}, fault.New(fault.NotImplemented, "StartExecution: %s is a STANDARD state machine, whose executions have to survive a crash; "+
			"Lambent cannot do that yet. Use type EXPRESS or, for tests, let executions end with the host (lambent serve --ephemeral-executions).", m.ARN)
	}
	e, err := s.begin(m, in)
	if err != nil {
		return Started{}, err
	}
	return Started{e.arn, e.started}, nil
}

// Outcome is what an execution came to.
type Outcome struct {
	Execution
	Billed time.Duration // in steps of 100 ms
}

// StartSync runs an execution of an EXPRESS machine and waits for it. If ctx ends
// first, so does the execution.
//
// Errors: those of Start, StateMachineTypeNotSupported, TooManyRequests.
func (s *Service) StartSync(ctx context.Context, in StartInput) (Outcome, error) {
	m, err := s.Machine(ctx, in.Machine)
	if err != nil {
		return Outcome{}, err
	}
	if !m.Express {
		return Outcome{}, fault.New(StateMachineTypeNotSupported, "This operation is not supported by this type of state machine")
	}
	done, err := s.wait()
	if err != nil {
		return Outcome{}, err
	}
	defer done()
	e, err := s.begin(m, in)
	if err != nil {
		return Outcome{}, err
	}
	select {
	case <-e.run.Done():
	case <-ctx.Done():
		e.run.Abort(nil, nil)
		return Outcome{}, errClosing
	case <-s.life.Done():
		return Outcome{}, errClosing
	}
	out := Outcome{Execution: e.describe()}
	const step = 100 * time.Millisecond
	out.Billed = max(step, (out.Stopped.Sub(out.Started)+step-1)/step*step)
	return out, nil
}

// begin starts an execution in memory.
func (s *Service) begin(m Machine, in StartInput) (_ *execution, err error) {
	if in.Input == "" {
		in.Input = "{}"
	}
	if _, err := payload.Parse(in.Input); err != nil {
		return nil, fault.New(InvalidExecutionInput, "Invalid State Machine Execution Input: '%s'", asl.ExplainJSON(in.Input, err))
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	name, id := in.Name, ""
	if name == "" {
		if name, err = s.uuid(); err != nil {
			return nil, err
		}
	}
	start := &asl.Start{Input: in.Input, Name: name, RoleArn: m.RoleARN, StateMachineArn: m.ARN, StateMachineName: m.Name,
		ExecutionArn: s.arn("execution:" + m.Name + ":" + name), Express: m.Express}
	if m.Express { // names may be used again
		if id, err = s.uuid(); err != nil {
			return nil, err
		}
		start.ExecutionArn = s.arn("express:" + m.Name + ":" + name + ":" + id)
	}
	if err := s.random(start.Seed[:]); err != nil {
		return nil, err
	}
	if err := s.enter(); err != nil {
		return nil, err
	}
	e := &execution{arn: start.ExecutionArn, name: name, machine: m, input: in.Input, started: s.config.Now().UTC(), begun: make(chan struct{})}
	for {
		there, err := s.executions.admit(e)
		if err != nil {
			s.work.Done()
			return nil, err
		}
		if there == nil {
			break
		}
		if <-there.begun; there.run != nil {
			s.work.Done()
			return again(there, in.Input)
		} // else it did not begin, and is there no more
	}
	if err = s.run(e, start); err != nil {
		defer s.work.Done()
		s.executions.release(e, false)
		close(e.begun)
		return nil, err
	}
	close(e.begun)
	e.watch(s)
	return e, nil
}

// run has an execution run.
func (s *Service) run(e *execution, start *asl.Start) error {
	used, err := s.definitions.use(e.machine.Definition, e.machine.Express)
	if err != nil {
		return err
	}
	e.machine.Definition = used.key.text // one text serves all executions
	definition := used.Definition
	if e.machine.Express && (definition.TimeoutSeconds == 0 || definition.TimeoutSeconds > expressSeconds) {
		bounded := *definition
		bounded.TimeoutSeconds = expressSeconds
		definition = &bounded
	}
	run, err := driver.Start(driver.Config{Worker: acting{s, e.machine.RoleARN}, MaxHistory: maxHistory, Budget: s.budget}, definition, start)
	if err == nil {
		e.run, e.definition = run, used
		return nil
	}
	s.definitions.release(used)
	if errors.As(err, new(*driver.BudgetError)) {
		return fault.New(ExecutionLimitExceeded, "%v", err)
	}
	return fault.New(InvalidExecutionInput, "Invalid State Machine Execution Input: '%v'", err)
}

// watch waits for the end of an execution.
func (e *execution) watch(s *Service) {
	go func() {
		defer s.work.Done()
		select {
		case <-e.run.Done():
		case <-s.life.Done():
			e.run.Abort(nil, nil)
			<-e.run.Done()
		}
		s.definitions.release(e.definition)
		s.executions.release(e, !e.machine.Express)
	}()
}

// again decides whether an execution that has begun is the one asked for.
func again(there *execution, input string) (*execution, error) {
	if there.run.Status() == asl.Running && same(there.input, input) {
		return there, nil
	}
	return nil, fault.New(ExecutionAlreadyExists, "Execution Already Exists: '%s'", there.arn)
}

// same reports whether two inputs are the same text, white space aside.
func same(a, b string) bool {
	if a == b {
		return true
	}
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	p, errP := json.Marshal(x)
	q, errQ := json.Marshal(y)
	return errP == nil && errQ == nil && string(p) == string(q)
}
