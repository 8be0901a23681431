package host

import "github.com/lambent-dev/lambent/host/internal/fault"

// Error is what every method of a Host returns, but for the cause of a context
// that ended: AWS's code, a message for the caller, and the cause, which is for
// logs.
type Error = fault.Error

// Code is AWS's name for a kind of error.
type Code = fault.Code

// The codes that a Host answers. Messages name what was seen and what is allowed.
const (
	CodeInvalidParameterValue = fault.InvalidParameterValue // a value that the service does not allow; a deployment that failed
	CodeInvalidRequestContent = fault.InvalidRequestContent // the event is not JSON
	CodeValidation            = fault.Validation            // a value that the model of the service does not allow
	CodeResourceNotFound      = fault.ResourceNotFound
	CodeResourceConflict      = fault.ResourceConflict // the function is not ready, or failed
	CodeRequestTooLarge       = fault.RequestTooLarge  // the event
	CodeRequestEntityTooLarge = fault.RequestEntityTooLarge
	CodeTooManyRequests       = fault.TooManyRequests
	CodeInvalidRuntime        = fault.InvalidRuntime     // the function names an engine that this Host has not
	CodeService               = fault.Service            // something is wrong with the host
	CodeServiceUnavailable    = fault.ServiceUnavailable // the disk does not answer, or the Host is closed; try again later
)
