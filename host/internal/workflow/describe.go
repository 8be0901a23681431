package workflow

import (
	"strconv"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Execution is how far an execution has got.
type Execution struct {
	ARN, Name, Machine string
	Express            bool
	Status             asl.Status
	Started            time.Time
	Stopped            time.Time // zero while it runs
	Input, Output      string    // JSON; Output if it succeeded
	Error, Cause       *string   // if there are any
}

func (e *execution) describe() Execution {
	d := Execution{ARN: e.arn, Name: e.name, Machine: e.machine.ARN, Express: e.machine.Express, Status: asl.Running, Started: e.started, Input: e.input}
	if stopped, over := e.ended(); over {
		d.Status, d.Stopped = e.run.Status(), stopped
		output, name, cause := e.run.Result()
		if d.Error, d.Cause = name, cause; d.Status == asl.Succeeded {
			d.Output = output
		}
	}
	return d
}

// find returns the execution of an ARN.
func (s *Service) find(arn string) (*execution, error) {
	name, ours, err := s.resource(arn, "execution")
	if err != nil {
		return nil, err
	}
	if e := s.executions.get(arn); e != nil && ours && name != "" {
		return e, nil
	}
	return nil, fault.New(ExecutionDoesNotExist, "Execution Does Not Exist: '%s'", arn)
}

// Execution describes an execution of a STANDARD machine. Errors: InvalidArn,
// ExecutionDoesNotExist.
func (s *Service) Execution(arn string) (Execution, error) {
	e, err := s.find(arn)
	if err != nil {
		return Execution{}, err
	}
	return e.describe(), nil
}

// MachineFor returns the state machine as it was when an execution of it began.
// Errors: InvalidArn, ExecutionDoesNotExist.
func (s *Service) MachineFor(arn string) (Machine, error) {
	e, err := s.find(arn)
	if err != nil {
		return Machine{}, err
	}
	return e.machine, nil
}

// Stop ends an execution and returns when it was over. Errors: InvalidArn,
// ExecutionDoesNotExist.
func (s *Service) Stop(arn string, name, cause *string) (time.Time, error) {
	e, err := s.find(arn)
	if err != nil {
		return time.Time{}, err
	}
	e.run.Abort(name, cause)
	<-e.run.Done()
	stopped, _ := e.ended()
	return stopped, nil
}

// Executions returns executions of a STANDARD machine, newest first; status ""
// stands for all. next is a token for what follows, "" at the end.
//
// Errors: StateMachineDoesNotExist, StateMachineTypeNotSupported, InvalidArn,
// InvalidToken.
func (s *Service) Executions(m Machine, status asl.Status, token string, max int) (page []Execution, next string, err error) {
	if m.Express {
		return nil, "", fault.New(StateMachineTypeNotSupported, "This operation is not supported by this type of state machine")
	}
	before := int64(0)
	if token != "" {
		if before, err = strconv.ParseInt(strings.TrimPrefix(token, "before-"), 10, 64); err != nil || before <= 0 {
			return nil, "", ErrToken
		}
	}
	last := int64(0)
	for _, e := range s.executions.list(m.ARN, before) {
		select {
		case <-e.begun:
		default:
			continue // nobody knows of it yet
		}
		if e.run == nil {
			continue
		}
		d := e.describe()
		if status != "" && d.Status != status {
			continue
		}
		if len(page) == max {
			return page, "before-" + strconv.FormatInt(last, 10), nil
		}
		d.Input, d.Output = "", ""
		page, last = append(page, d), e.number
	}
	return page, "", nil
}
