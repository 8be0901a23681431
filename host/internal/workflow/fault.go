package workflow

import (
	"context"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// The codes of errors, as the service model of AWS Step Functions names them,
// beside those that it shares with AWS Lambda.
const (
	ActivityDoesNotExist         fault.Code = "ActivityDoesNotExist"
	ActivityLimitExceeded        fault.Code = "ActivityLimitExceeded"
	ActivityWorkerLimitExceeded  fault.Code = "ActivityWorkerLimitExceeded"
	ExecutionAlreadyExists       fault.Code = "ExecutionAlreadyExists"
	ExecutionDoesNotExist        fault.Code = "ExecutionDoesNotExist"
	ExecutionLimitExceeded       fault.Code = "ExecutionLimitExceeded"
	InvalidArn                   fault.Code = "InvalidArn"
	InvalidDefinition            fault.Code = "InvalidDefinition"
	InvalidExecutionInput        fault.Code = "InvalidExecutionInput"
	InvalidLoggingConfiguration  fault.Code = "InvalidLoggingConfiguration"
	InvalidName                  fault.Code = "InvalidName"
	InvalidOutput                fault.Code = "InvalidOutput"
	InvalidToken                 fault.Code = "InvalidToken"
	MissingRequiredParameter     fault.Code = "MissingRequiredParameter"
	ResourceNotFound             fault.Code = "ResourceNotFound"
	StateMachineAlreadyExists    fault.Code = "StateMachineAlreadyExists"
	StateMachineDoesNotExist     fault.Code = "StateMachineDoesNotExist"
	StateMachineTypeNotSupported fault.Code = "StateMachineTypeNotSupported"
	TaskTimedOut                 fault.Code = "TaskTimedOut"
	TooManyTags                  fault.Code = "TooManyTags"
)

// ErrToken refuses a token, of a page or a task, that Lambent has not given.
var ErrToken = fault.New(InvalidToken, "Invalid Token: 'Invalid token'")

// failure turns an error of the store into one for a caller who asked for a
// state machine.
func failure(ctx context.Context, arn string, err error) error {
	if said, ok := errors.AsType[*fault.Error](err); ok {
		return said
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return context.Cause(ctx)
	case errors.Is(err, store.ErrNoMachine):
		return noMachine(arn)
	case errors.Is(err, store.ErrMachineExists):
		return fault.New(StateMachineAlreadyExists, "State Machine Already Exists: '%s'", arn)
	case errors.Is(err, store.ErrUnavailable):
		return &fault.Error{Code: fault.ServiceUnavailable, Message: "The store of state machines does not answer; try again later.", Err: err}
	case errors.Is(err, store.ErrClosed):
		return errClosing
	}
	return &fault.Error{Code: fault.Service, Message: "An internal error occurred.", Err: err}
}

func noMachine(arn string) *fault.Error {
	return fault.New(StateMachineDoesNotExist, "State Machine Does Not Exist: '%s'", arn)
}

// lacking refuses what Lambent cannot do yet.
func lacking(what string) *fault.Error {
	return fault.New(fault.NotImplemented, "Lambent does not have %s yet.", what)
}
